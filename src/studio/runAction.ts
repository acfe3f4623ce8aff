import * as vscode from 'vscode';
import { actionsFor, helpAction } from '../editor/errors/errorActions.ts';
import { fileToUse, originalToUse } from '../editor/files/fileToUse.ts';
import { openSideBySide } from '../editor/files/openSideBySide.ts';
import { displayNameOf } from '../generation/references/referenceFiles.ts';
import type { GalleryRow } from '../jobs/store/gallery.ts';
import { isOver, isUnfinished, type Job, type SavedJob } from '../jobs/job.ts';
import { firstHeld } from './notices.ts';
import type { Deletion } from './gallery/deletion.ts';
import type { Draft } from '../shared/studio/draft.ts';
import type { EntryAction } from '../shared/studio/entry.ts';
import type { NoticeAction } from '../shared/studio/state.ts';
import type { ToPage } from '../shared/studioProtocol.ts';
import type { StudioDeps } from './studioDeps.ts';
import { maxOpenedImages } from '../shared/limits.ts';
import { readModels } from '../editor/settings.ts';
import { findModel } from '../evolink/models/shippedModels.ts';
import { choicesOf } from '../requests/imageRequest.ts';
import { isWebUrl } from '../evolink/webUrl.ts';
import { fillIn } from '../editor/say/fillIn.ts';

/** The page that an action was chosen in. */
export interface ActionPage {
  post: (message: ToPage) => void;
  /** Appends to the tray. */
  addReferences: (uris: readonly string[]) => void;
  /** Replaces the draft. */
  setDraft: (draft: Draft) => Promise<void>;
  /** Sends the gallery again: it has more or fewer images. */
  refresh: () => void;
}

/** Runs an action on images or jobs. @throws errors for the user */
export async function runAction(
  deps: StudioDeps,
  deletion: Deletion,
  page: ActionPage,
  action: EntryAction,
  rows: readonly GalleryRow[],
): Promise<void> {
  const { engine, actions } = deps;
  const jobs = rows.map((row) => row.job);
  const [first] = jobs;
  if (!first) return;
  const saved = jobs.filter((job): job is SavedJob => job.state === 'saved');
  const files = () => Promise.all(saved.map(fileToUse));
  const { executeCommand } = vscode.commands;
  switch (action) {
    case 'open':
      for (const uri of (await files()).slice(0, maxOpenedImages))
        await executeCommand('vscode.open', uri, { preview: saved.length === 1 });
      return;
    case 'insert':
      await executeCommand('imageStudio.insertImage', ...(await files()));
      return;
    case 'copyPath': {
      const paths = (await files()).map(({ fsPath }) => fsPath);
      await copy(page, paths.join('\n'), vscode.l10n.t('Path copied'));
      return;
    }
    case 'reveal':
      await executeCommand('revealInExplorer', (await files())[0]);
      return;
    case 'edit':
      page.addReferences((await Promise.all(saved.map(originalToUse))).map(String));
      return;
    case 'reuse':
      await page.setDraft(draftOf(first));
      return;
    case 'compare':
      await compare(saved);
      return;
    case 'favourite':
    case 'unfavourite':
      await engine.whenFree(() => {
        deps.gallery.setFavourite(keysOf(rows), action === 'favourite');
      });
      page.refresh();
      return;
    case 'delete':
    case 'remove': {
      // The page may be older than a paid image that is watched again, and stays in sight.
      const over = rows.filter(({ job }) => !isUnfinished(job));
      if (action === 'delete') await remove(deletion, page, over);
      else await takeOut(deps, page, over);
      return;
    }
    case 'drawNext':
      for (const job of jobs.toReversed())
        await engine.whenFree(() => engine.reorder(job.id, firstWaiting(engine)));
      return;
    case 'cancel':
    case 'stop':
      await actions.end(...jobs);
      return;
    case 'resume':
      await actions.resume(...jobs);
      return;
    case 'locate':
      for (const job of saved.slice(0, 1)) await actions.locate(job);
      return;
    case 'retry':
    case 'makeAgain': {
      const isRetry = action === 'retry';
      const replaced = await (isRetry ? actions.tryAgain(...jobs) : actions.makeAgain(...jobs));
      await hideReplaced(deps, rows, replaced);
      page.refresh();
      return;
    }
    case 'lookUp':
      await actions.lookUp(first);
      return;
    case 'submitAgain':
      await actions.submitAgain(first);
      page.refresh();
      return;
    case 'saveAs':
      await actions.saveAs(...jobs);
      return;
    case 'copyRequestId': {
      const id = 'error' in first ? first.error.requestId : undefined;
      if (id !== undefined) await copy(page, id, vscode.l10n.t('Request ID copied'));
      return;
    }
  }
}

/**
 * A new job replaces the old one, unless that is paid and its image can still be fetched: it may have
 * been taken up since the page was drawn.
 */
async function hideReplaced(
  { engine, gallery }: StudioDeps,
  rows: readonly GalleryRow[],
  replaced: readonly Job[],
): Promise<void> {
  const ids = new Set(replaced.map(({ id }) => id));
  await engine.whenFree(() => {
    const over = rows.filter(({ job: { id } }) => ids.has(id) && isOverNow(engine, id));
    gallery.setHidden(keysOf(over), Date.now());
  });
}

function isOverNow(engine: StudioDeps['engine'], id: string): boolean {
  const job = engine.get(id);
  return job !== undefined && isOver(job);
}

function firstWaiting(engine: StudioDeps['engine']): string | undefined {
  return engine.listQueuedIds().at(0);
}

function keysOf(rows: readonly GalleryRow[]): number[] {
  return rows.map((row) => row.key);
}

async function copy(page: ActionPage, text: string, sentence: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  page.post({ kind: 'announce', sentence });
}

/** A draft like the job's request: prompt, settings and references. */
function draftOf(job: Job): Draft {
  const { prompt, model, background, seed } = job;
  const writtenAt = Date.now();
  const isKnown = findModel(model, readModels()) !== undefined;
  return {
    prompt,
    ...(isKnown && { model }),
    ...choicesOf(job),
    ...(background !== undefined && { background }),
    ...(seed !== undefined && { seed }),
    references: [...job.references],
    count: 1,
    writtenAt,
  };
}

/** Opens two images side by side: both chosen ones, or one and its first reference. */
async function compare(saved: readonly SavedJob[]): Promise<void> {
  const [one, two] = saved;
  const source = one?.references.find((reference) => !isWebUrl(reference));
  const first = one && (await originalToUse(one));
  const before = two ? first : source !== undefined && vscode.Uri.parse(source);
  const after = two ? await originalToUse(two) : first;
  if (!before || !after) return;
  await openSideBySide(before, after, (uri, { viewColumn }) =>
    vscode.commands.executeCommand('vscode.open', uri, { viewColumn }),
  );
}

async function takeOut(
  { engine, gallery }: StudioDeps,
  page: ActionPage,
  rows: readonly GalleryRow[],
): Promise<void> {
  await engine.whenFree(() => {
    gallery.setHidden(keysOf(rows), Date.now());
  });
  if (rows.length > 0)
    page.post({ kind: 'deleted', sentence: removedSentence(rows), keys: keysOf(rows) });
  page.refresh();
}

async function remove(
  deletion: Deletion,
  page: ActionPage,
  rows: readonly GalleryRow[],
): Promise<void> {
  try {
    const done = await deletion.remove(rows);
    if (done.length > 0)
      page.post({ kind: 'deleted', sentence: removedSentence(done), keys: keysOf(done) });
  } finally {
    page.refresh();
  }
}

/** What the undo bar says. */
export function removedSentence(rows: readonly Pick<GalleryRow, 'job'>[]): string {
  const [first] = rows;
  if (rows.length !== 1 || !first) {
    const hasFiles = rows.some(({ job }) => job.state === 'saved');
    return hasFiles
      ? fillIn(vscode.l10n.t('Deleted {0} images'), rows.length)
      : fillIn(vscode.l10n.t('Removed {0} from the gallery'), rows.length);
  }
  const { job } = first;
  if (job.state !== 'saved') return vscode.l10n.t('Removed from the gallery');
  return fillIn(vscode.l10n.t('Deleted {0}'), displayNameOf(vscode.Uri.parse(job.uri)));
}

/** Runs the action of a notice's button. */
export async function runNoticeAction(deps: StudioDeps, action: NoticeAction): Promise<void> {
  const { engine, actions } = deps;
  switch (action) {
    case 'setKey':
    case 'checkConnection':
    case 'proxySettings':
    case 'certificateSettings':
    case 'showLog':
    case 'openFolder':
      await helpAction(action, {}).run();
      return;
    case 'topUp':
      await actionsFor({ ...engine.pause()?.error, code: 'credits' })[0]?.run();
      return;
    case 'otherModel':
    case 'tryModel':
    case 'cancelModel': {
      const model = firstHeld(engine)?.model;
      if (model === undefined) return;
      if (action === 'otherModel') await actions.useOtherModel(model);
      else if (action === 'cancelModel') await actions.cancelModel(model);
      else await engine.whenFree(() => engine.releaseModel(model));
      return;
    }
    case 'continueQueue':
      await engine.whenFree(() => engine.continueQueue());
      return;
    case 'cancelQueue':
      await actions.cancelQueue();
      return;
  }
}
