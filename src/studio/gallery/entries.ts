import * as vscode from 'vscode';
import { jobStatus } from '../../editor/jobUi/jobNotices.ts';
import { failureMessage, qualityName } from '../../editor/errors/messages.ts';
import { explainFailure } from '../../editor/errors/explainFailure.ts';
import { fileToUse, originalToUse } from '../../editor/files/fileToUse.ts';
import type { MissingImages } from '../../editor/files/missingImages.ts';
import { displayPath } from '../../editor/files/workspaceFiles.ts';
import { readModels } from '../../editor/settings.ts';
import type { ModelRow } from '../../evolink/models/modelRow.ts';
import { findModel } from '../../evolink/models/shippedModels.ts';
import { pixelsOf as pixelsOfSize } from '../../evolink/models/sizes.ts';
import type { Engine } from '../../jobs/engine.ts';
import type { GalleryRow } from '../../jobs/store/gallery.ts';
import { actionsOf, type JobAction, type JobSurroundings } from '../../jobs/actionsOf.ts';
import { isUnfinished, type Job, type RunningJob, type SavedJob } from '../../jobs/job.ts';
import { expectedMs } from '../../jobs/steps/pollSchedule.ts';
import { isDecodable } from '../../images/imageLimits.ts';
import type { PageImages } from './pageImages.ts';
import type { Entry, EntryAction } from '../../shared/studio/entry.ts';
import type { Thumbnails } from './thumbnails.ts';
import { isWebUrl } from '../../evolink/webUrl.ts';
import { fillIn } from '../../editor/say/fillIn.ts';

export interface EntryContext {
  webview: vscode.Webview;
  engine: Pick<Engine, 'durations' | 'listQueuedIds'>;
  pageImages: PageImages;
  thumbnails: Thumbnails;
  missingImages: Pick<MissingImages, 'isMissing'>;
}

/** Jobs as the page shows them, with missing files marked. */
export async function toEntries(
  context: EntryContext,
  rows: readonly GalleryRow[],
): Promise<Entry[]> {
  await context.thumbnails.ready;
  const queuedIds = context.engine.listQueuedIds();
  const models = readModels();
  return await Promise.all(rows.map((row) => toEntry(context, row, queuedIds, models)));
}

async function toEntry(
  context: EntryContext,
  { key, job, isFavourite }: GalleryRow,
  queuedIds: readonly string[],
  models: readonly ModelRow[],
): Promise<Entry> {
  const image = job.state === 'saved' ? await imageOf(context, job) : undefined;
  const credits = 'credits' in job ? job.credits : undefined;
  const taskId = 'taskId' in job ? job.taskId : undefined;
  return {
    key,
    jobId: job.id,
    state: job.state === 'cancelled' ? 'failed' : job.state,
    prompt: job.prompt,
    model: job.model,
    size: job.size,
    quality: job.resolutionSentAs === undefined ? qualityName(job.quality) : '',
    ...(job.resolution !== undefined && { resolution: job.resolution }),
    ...pixelsOf(job, models),
    createdAt: job.createdAt,
    status: statusOf(job, queuedIds, image?.isMissing),
    ...progressOf(context, job),
    ...(credits !== undefined && { credits }),
    ...(taskId !== undefined && { taskId }),
    references: job.references.map((each) => context.pageImages.toReference(context.webview, each)),
    isFavourite,
    ...errorOf(job),
    ...(image && { image }),
    actions: entryActionsOf(
      job,
      { nextId: queuedIds[0], isFileMissing: image?.isMissing },
      isFavourite,
    ),
  };
}

function pixelsOf(job: Job, models: readonly ModelRow[]): { width: number; height: number } {
  if (job.state === 'saved') return { width: job.width, height: job.height };
  const row = findModel(job.model, models);
  const { width = 1024, height = 1024 } =
    (row && pixelsOfSize(row, job.size, job.resolution)) ?? {};
  return { width, height };
}

function statusOf(job: Job, queuedIds: readonly string[], isMissing = false): string {
  if (isMissing) return vscode.l10n.t('The file is missing');
  const before = queuedIds.indexOf(job.id);
  if (before > 0) return fillIn(vscode.l10n.t('Waiting, {0} before it'), before);
  return jobStatus(job);
}

function progressOf(
  { engine }: EntryContext,
  job: Job,
): Pick<Entry, 'progress' | 'startedAt' | 'expectedMs'> {
  if (job.state === 'uploading')
    return job.progress === undefined ? {} : { progress: job.progress };
  if (job.state !== 'running') return {};
  return {
    ...(job.progress !== undefined && { progress: job.progress }),
    startedAt: job.acceptedAt,
    expectedMs: expectedMs(scheduleFactsOf(engine, job)),
  };
}

function scheduleFactsOf(engine: EntryContext['engine'], job: RunningJob) {
  const earlierMs = engine.durations(job.model, job.quality);
  return { earlierMs, ...(job.estimatedMs !== undefined && { estimatedMs: job.estimatedMs }) };
}

function errorOf(job: Job): Pick<Entry, 'error'> {
  if (job.state !== 'failed' && job.state !== 'unconfirmed') return {};
  const { requestId } = job.error;
  return {
    error: {
      sentence: failureMessage(job),
      details: explainFailure(job),
      ...(requestId !== undefined && { requestId }),
    },
  };
}

async function imageOf(
  { webview, pageImages, thumbnails, missingImages }: EntryContext,
  job: SavedJob,
): Promise<NonNullable<Entry['image']>> {
  const uri = vscode.Uri.parse(job.uri);
  const isMissing = await missingImages.isMissing(job);
  const isShown = !isMissing && isDecodable(job);
  const src = isShown ? pageImages.uriInPage(webview, await originalToUse(job)) : undefined;
  const small = await thumbnails.of(job.sha256);
  const thumbnail = small && pageImages.uriInPage(webview, small);
  const file = await fileToUse(job);
  const isConverted = file.toString() !== uri.toString();
  return {
    uri: file.toString(),
    path: displayPath(file),
    sizeBytes: (isConverted ? job.converted : undefined)?.sizeBytes ?? job.sizeBytes,
    isMissing,
    ...(src !== undefined && { src }),
    ...(thumbnail !== undefined && { thumbnail }),
  };
}

/** What a user can do with a job in the Studio, in no order. */
function entryActionsOf(job: Job, surroundings: JobSurroundings, isFavourite: boolean) {
  const actions: EntryAction[] = actionsOf(job, surroundings).filter(isInStudio);
  if (hasRequestId(job)) actions.push('copyRequestId');
  if (job.state === 'saved' && !surroundings.isFileMissing)
    actions.push(...fileActions(job, isFavourite));
  else if (!isUnfinished(job)) actions.push('remove');
  return actions;
}

/** The notice of the failure offers to make room, and says why. */
function isInStudio(action: JobAction): action is Exclude<JobAction, 'makeRoom'> {
  return action !== 'makeRoom';
}

function fileActions(job: SavedJob, isFavourite: boolean): EntryAction[] {
  const hasSource = job.references.some((reference) => !isWebUrl(reference));
  return [
    'insert',
    'edit',
    'open',
    ...(hasSource ? (['compare'] as const) : []),
    isFavourite ? 'unfavourite' : 'favourite',
    'copyPath',
    'reveal',
    'delete',
  ];
}

function hasRequestId(job: Job): boolean {
  return 'error' in job && job.error.requestId !== undefined;
}
