import * as vscode from 'vscode';
import { runForUser } from '../editor/errors/errorActions.ts';
import { showProgress } from '../editor/jobUi/jobProgress.ts';
import { readOutput } from '../editor/settings.ts';
import { openSideBySide } from '../editor/files/openSideBySide.ts';
import { displayPath } from '../editor/files/workspaceFiles.ts';
import type { ErrorCode } from '../appError.ts';
import type { Job } from '../jobs/job.ts';
import { errorMessage } from '../editor/errors/messages.ts';
import type { GenerationDeps } from './generationDeps.ts';
import type { ImageRequest } from './imageRequest.ts';
import { submitRequest } from './submitRequest.ts';
import { isWebUrl } from '../evolink/webUrl.ts';

/** What a command that draws answers with. */
export interface GenerationResult {
  images: { uri: vscode.Uri; taskId: string; jobId: string }[];
  failures: { code: ErrorCode; message: string; jobId: string }[];
}

export interface RunOptions {
  /** A user is at it: ask for a missing key, show progress, and offer what can be done next. */
  isInteractive: boolean;
  open?: boolean | undefined;
}

/** Draws what was asked for, and opens it. The same way for every command. */
export async function runRequest(
  deps: GenerationDeps,
  request: ImageRequest,
  options: RunOptions,
): Promise<GenerationResult> {
  const jobs = await submitRequest(deps, request, options.isInteractive);
  return await finishJobs(deps, jobs, request.references, options);
}

/** From the order on: waits for its end, opens what was made, and offers what can be done next. */
export async function finishJobs(
  deps: GenerationDeps,
  jobs: readonly Job[],
  references: readonly string[],
  options: RunOptions,
): Promise<GenerationResult> {
  const { isInteractive } = options;
  const ended = isInteractive
    ? await showProgress(deps.engine, jobs)
    : await deps.engine.whenSettled(
        jobs.map((job) => job.id),
        new AbortController().signal,
      );
  const result = toResult(ended);
  const mayOpen = options.open ?? readOutput(result.images[0]?.uri).openAfterSave;
  if (mayOpen)
    await openImages(
      deps,
      result.images.map((image) => image.uri),
      references,
    );
  if (isInteractive) offerNext(result);
  return result;
}

function toResult(jobs: readonly Job[]): GenerationResult {
  const result: GenerationResult = { images: [], failures: [] };
  for (const job of jobs) {
    if (job.state === 'saved') {
      const uri = vscode.Uri.parse(job.uri, true);
      result.images.push({ uri, taskId: job.taskId, jobId: job.id });
    } else {
      result.failures.push({ ...failureOf(job), jobId: job.id });
    }
  }
  return result;
}

function failureOf(job: Job): { code: ErrorCode; message: string } {
  switch (job.state) {
    case 'failed':
    case 'unconfirmed':
      return { code: job.error.code, message: errorMessage(job.error) };
    case 'queued':
      return {
        code: 'credits',
        message: vscode.l10n.t('Waits for credits, and goes on when the queue is continued.'),
      };
    case 'downloading':
      // Not parked, it was left to itself while it is saved.
      if (!job.isWaitingForWorkspace)
        return { code: 'cancelled', message: vscode.l10n.t('Cancelled.') };
      return {
        code: 'noWorkspace',
        message: vscode.l10n.t('Finished, and saved as soon as its workspace is open.'),
      };
    case 'uploading':
    case 'submitting':
    case 'running':
    case 'saved':
    case 'cancelled':
    case 'stopped':
      return { code: 'cancelled', message: vscode.l10n.t('Cancelled.') };
  }
}

/** An edited image stands beside its source, so that both can be seen. */
async function openImages(
  deps: GenerationDeps,
  uris: readonly vscode.Uri[],
  references: readonly string[],
): Promise<void> {
  const [only] = uris;
  const [source] = references;
  if (only && uris.length === 1 && source !== undefined && !isWebUrl(source)) {
    await openSideBySide(vscode.Uri.parse(source), only, (uri, options) =>
      openQuietly(deps, uri, options),
    );
    return;
  }
  for (const uri of uris) await openQuietly(deps, uri, { preview: uris.length === 1 });
}

/** The image is saved, and whoever asked gets its place: that it cannot be shown changes nothing. */
export async function openQuietly(
  { log }: GenerationDeps,
  uri: vscode.Uri,
  options: vscode.TextDocumentShowOptions = {},
): Promise<void> {
  try {
    await vscode.commands.executeCommand('vscode.open', uri, options);
  } catch (thrown) {
    log.error(`An image could not be opened: ${String(thrown)}`);
  }
}

/** After an image: put it into the text, go on from it, or show its file. */
function offerNext({ images }: GenerationResult): void {
  const [first] = images;
  if (!first) return;
  const insert = vscode.l10n.t('Insert');
  const edit = vscode.l10n.t('Edit');
  const reveal = vscode.l10n.t('Reveal');
  const message =
    images.length === 1
      ? vscode.l10n.t('Saved to {0}', displayPath(first.uri))
      : vscode.l10n.t(
          'Saved {0} images to {1}',
          images.length,
          displayPath(vscode.Uri.joinPath(first.uri, '..')),
        );
  void vscode.window.showInformationMessage(message, insert, edit, reveal).then((chosen) => {
    const uris = images.map((image) => image.uri);
    const { executeCommand } = vscode.commands;
    if (chosen === insert) runForUser(() => executeCommand('imageStudio.insertImage', ...uris));
    if (chosen === edit) runForUser(() => executeCommand('imageStudio.edit', first.uri, uris));
    if (chosen === reveal) runForUser(() => executeCommand('revealInExplorer', first.uri));
  });
}
