import * as vscode from 'vscode';
import { isInside } from '../../editor/files/workspaceFiles.ts';
import type { ModelRow } from '../../evolink/models/modelRow.ts';
import { sourceSize } from '../../generation/sourceSize.ts';
import type { FileMoves } from '../../jobs/imageFiles/fileMoves.ts';
import type { Draft, Reference } from '../../shared/studio/draft.ts';
import type { ToPage } from '../../shared/studioProtocol.ts';
import type { PageUpdates } from '../pageUpdates.ts';
import { modelOf } from '../state.ts';
import type { StudioDeps } from '../studioDeps.ts';
import { draftAfterMoves } from './draftAfterMoves.ts';
import { draftOnModel } from './draftOnModel.ts';
import { createDraftSource, type DraftSource } from './draftSource.ts';
import { fitDraft } from './fitDraft.ts';
import { createSavedDraft } from './savedDraft.ts';
import type { SharedDraft } from './sharedDraft.ts';

export interface PageDraftContext {
  deps: StudioDeps;
  shared: SharedDraft;
  updates: Pick<PageUpdates, 'inSequence' | 'sendStateOrRetry' | 'stateChanged' | 'draftChanged'>;
  post: (message: ToPage) => void;
  isReady: () => boolean;
  toReference: (uri: string) => Reference;
  /** This page wrote the draft, which others show, too. */
  onWritten: (written: Draft) => void;
}

/** The draft as a page has it: what the page writes is kept, what others write is sent to it. */
export interface PageDraft {
  current: () => Draft;
  model: () => ModelRow;
  source: () => Promise<DraftSource | undefined>;
  /** @returns whether it is newer than the one that was kept before */
  keep: (written: Draft) => boolean;
  /** The page changed its draft. */
  take: (written: Draft) => void;
  /** Another page, or another window, wrote the draft. */
  takeOver: (written: Draft) => void;
  /** The host changes the draft of the page, which gets what the model takes and costs with it. */
  set: (written: Draft) => Promise<void>;
  /** The page chose another model. */
  chooseModel: (model: string, written: Draft, choice: number) => Promise<void>;
  /** Files of the draft may have another place now. */
  filesMoved: (moves: FileMoves) => void;
  /** Sends the page, which has loaded, the draft that was kept, after `shared` was read again. */
  sendKept: () => void;
}

export function createPageDraft(context: PageDraftContext): PageDraft {
  const { deps, shared, updates, post, isReady, toReference, onWritten } = context;
  const saved = createSavedDraft(deps, shared, updates.stateChanged, note);
  const sourceOf = createDraftSource((reference) => sourceSize([reference]), updates.stateChanged);
  /** The draft as this page has it. */
  let pageDraft: Draft | undefined;

  function current(): Draft {
    return pageDraft ?? saved.read();
  }

  function modelIn(written: Draft): ModelRow {
    return modelOf(written, deps.workplace);
  }

  function keep(written: Draft): boolean {
    const isNewer = saved.keep(written);
    if (isNewer) onWritten(written);
    return isNewer;
  }

  /** Whether the page's state is another with another model, folder or first reference. */
  function isOtherState(before: Draft, after: Draft): boolean {
    const isOtherSource = after.references[0] !== before.references[0];
    const isOtherFolder = after.folderUri !== before.folderUri;
    return modelIn(after).id !== modelIn(before).id || isOtherSource || isOtherFolder;
  }

  function send(written: Draft, isOthers = false): void {
    pageDraft = written;
    const references = written.references.map(toReference);
    post({ kind: 'draft', draft: written, references, isOthers });
  }

  /** Our own files are kept as long as a draft uses them that is opened now and then. */
  function note(references: readonly string[]): void {
    const own = vscode.Uri.file(deps.folder);
    deps.noteDraft(references.filter((each) => isInside(vscode.Uri.parse(each), own)));
  }

  return {
    current,
    model: () => modelIn(current()),
    source: () => sourceOf(current()),
    keep,
    take(written) {
      const isOther = isOtherState(current(), written);
      pageDraft = written;
      keep(written);
      if (isOther) updates.stateChanged();
    },
    /** What is being written in this page meanwhile is newer, and stays. */
    takeOver(written) {
      const before = current();
      pageDraft = written;
      if (isReady()) send(written, true);
      if (isOtherState(before, written)) updates.stateChanged();
      updates.draftChanged();
    },
    async set(written) {
      const next = fitDraft(modelIn(written), written);
      keep(next);
      await updates.inSequence(async () => {
        // The page may have sent another one while this waited.
        pageDraft = next;
        await updates.sendStateOrRetry();
        send(next);
      });
      updates.draftChanged();
    },
    /** What was chosen for each model is remembered, and comes back with it. */
    async chooseModel(model, written, choice) {
      await updates.inSequence(async () => {
        keep(written);
        const source = await sourceOf(written);
        const next = await draftOnModel(deps, model, written, source?.pixels);
        keep(next);
        pageDraft = next;
        await updates.sendStateOrRetry();
        const { size, quality, resolution, background } = next;
        post({
          ...{ kind: 'choices', choice, model: modelIn(next).id, size, quality },
          ...(resolution !== undefined && { resolution }),
          ...(background !== undefined && { background }),
        });
      });
    },
    /** The page changes its own draft, which may be newer. */
    filesMoved(moves) {
      const before = current();
      const after = draftAfterMoves(before, moves);
      if (!after) return;
      pageDraft = after;
      saved.keep(after);
      const references = before.references.flatMap((from, index) => {
        const to = after.references[index] ?? from;
        return to === from ? [] : [{ from, reference: toReference(to) }];
      });
      const [from, to] = [before.folderUri, after.folderUri];
      const isMoved = from !== undefined && to !== undefined && from !== to;
      post({ kind: 'filesMoved', references, ...(isMoved && { folder: { from, to } }) });
      updates.draftChanged();
    },
    sendKept() {
      const kept = saved.read();
      send(kept);
      note(kept.references);
    },
  };
}
