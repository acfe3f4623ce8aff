import * as vscode from 'vscode';
import { wholeLine } from '../editor/say/plainLine.ts';
import { chooseFolder } from '../editor/files/chooseFolder.ts';
import { isInside } from '../editor/files/workspaceFiles.ts';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { runForUser } from '../editor/errors/errorActions.ts';
import { locationFor } from '../generation/outputLocation.ts';
import { sourceSize } from '../generation/sourceSize.ts';
import { refreshPrices } from '../generation/expectedCost.ts';
import { chooseImages } from '../generation/prompt/chooseImages.ts';
import type { ModelRow } from '../evolink/models/modelRow.ts';
import type { GalleryRow } from '../jobs/store/gallery.ts';
import type { FileMoves } from '../jobs/imageFiles/fileMoves.ts';
import type { Job } from '../jobs/job.ts';
import { isStoreError } from '../jobs/store/storeErrors.ts';
import { runAction, runNoticeAction, type ActionPage, removedSentence } from './runAction.ts';
import type { Credits } from './credits.ts';
import type { Deletion } from './gallery/deletion.ts';
import { GalleryFeed } from './gallery/galleryFeed.ts';
import { fitDraft } from './draft/fitDraft.ts';
import { draftAfterMoves } from './draft/draftAfterMoves.ts';
import { nextImage } from './draft/nextImage.ts';
import { createSavedDraft } from './draft/savedDraft.ts';
import { draftOnModel } from './draft/draftOnModel.ts';
import { createDraftSource } from './draft/draftSource.ts';
import { IncomingReferences } from './draft/incomingReferences.ts';
import { createSubmitDraft } from './draft/submitDraft.ts';
import type { PageImages } from './gallery/pageImages.ts';
import { storageLayout } from '../jobs/storageLayout.ts';
import type { Draft } from '../shared/studio/draft.ts';
import { parseToHost, type ToHost, type ToPage } from '../shared/studioProtocol.ts';
import { modelOf, readState } from './state.ts';
import type { StudioDeps } from './studioDeps.ts';
import { writeStyle } from './draft/styles.ts';
import type { Thumbnails } from './gallery/thumbnails.ts';
import { checkReferences } from './draft/checkReferences.ts';
import { keepPastedImage } from './draft/pastedImages.ts';

/** What all pages of this window share. */
export interface StudioParts {
  deps: StudioDeps;
  pageImages: PageImages;
  thumbnails: Thumbnails;
  credits: Credits;
  deletion: Deletion;
  /** Images came or went: all pages read the gallery again. */
  galleryChanged: () => void;
  /** A page wrote the draft, which the others show, too. */
  draftWritten: (by: StudioPage, written: Draft) => void;
}

/** A page of the Studio, in an editor or in a side bar. */
export interface StudioPage {
  /** To be called once the page is loading. */
  begin: () => void;
  /** The page is hidden, and destroyed until it is shown again. */
  sleep: () => void;
  /** Appends images to the tray, now or when the page is ready. */
  addReferences: (uris: readonly string[]) => void;
  /** Files of the draft may have another place now. */
  filesMoved: (moves: FileMoves) => void;
  /** Another page wrote the draft. */
  takeOver: (written: Draft) => void;
  /** Gives the focus to the prompt, now or when the page is ready. */
  focusPrompt: () => void;
  /** Images were deleted in the editor, and can be brought back. */
  imagesDeleted: (images: readonly Pick<GalleryRow, 'key' | 'job'>[]) => void;
  /** A job changed, here or in another window. */
  jobChanged: (job: Job) => void;
  /** Something besides the gallery changed: key, settings, queue, folders. */
  stateChanged: () => void;
  /** Images came or went. */
  galleryChanged: () => void;
  dispose: () => void;
}

/** Changes within so long are sent together. */
const batchMs = 60;
const retryMs = 1_000;

export function createStudioPage(webview: vscode.Webview, parts: StudioParts): StudioPage {
  const { deps, pageImages, thumbnails, credits, deletion } = parts;
  const entryContext = {
    ...{ webview, engine: deps.engine, pageImages, thumbnails },
    missingImages: deps.missingImages,
  };
  const feed = new GalleryFeed({ engine: deps.engine, gallery: deps.gallery, entryContext, post });
  const incoming = new IncomingReferences();
  let isReady = false;
  let isFocusDue = false;
  let isDisposed = false;
  let isStateDue = false;
  let isNextImageDue = false;
  let nextImageAsked = 0;
  let timer: NodeJS.Timeout | undefined;
  let turn = Promise.resolve();
  const savedDraft = createSavedDraft(deps, stateChanged, noteDraft);
  /** The draft as this page has it. */
  let pageDraft: Draft | undefined;
  const sourceOf = createDraftSource((reference) => sourceSize([reference]), stateChanged);
  const submitDraft = createSubmitDraft({ deps, draft: { keep }, post, stateChanged });

  /** Reads what is sent in the order in which it is sent, so that nothing old follows the new. */
  function inSequence(work: () => Promise<void>): Promise<void> {
    const next = turn.then(work);
    turn = next.catch(() => undefined);
    return next;
  }

  function post(message: ToPage): void {
    if (!isDisposed) void webview.postMessage(message);
  }

  // ---- Messages to the page

  function sendSoon(): void {
    if (!isReady) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      runForUser(() => inSequence(() => sendDue().catch(sendLater)));
    }, batchMs);
  }

  /** While the store cannot be read, the page shows what it has, and all of it is sent again then. */
  function sendLater(thrown: unknown): void {
    if (!isStoreError(thrown)) throw thrown;
    isStateDue = true;
    feed.galleryChanged();
    timer ??= setTimeout(() => {
      timer = undefined;
      sendSoon();
    }, retryMs);
  }

  async function sendDue(): Promise<void> {
    if (isStateDue) await sendState();
    if (isNextImageDue) runForUser(sendNextImage);
    await feed.sendDue();
  }

  async function sendState(): Promise<void> {
    isStateDue = false;
    const written = currentDraft();
    const source = await sourceOf(written);
    const state = await readState(deps, credits, written, stateChanged, source);
    post({ kind: 'state', state });
  }

  /** Looks for files, which may take long: nothing else waits for it, and the last answer counts. */
  async function sendNextImage(): Promise<void> {
    isNextImageDue = false;
    nextImageAsked += 1;
    const asked = nextImageAsked;
    const next = await nextImage(deps, currentDraft());
    if (asked === nextImageAsked) post({ kind: 'nextImage', ...next });
  }

  function draftChanged(): void {
    isNextImageDue = true;
    sendSoon();
  }

  // ---- The draft

  function currentDraft(): Draft {
    return pageDraft ?? savedDraft.read();
  }

  function keep(written: Draft): boolean {
    const isNewer = savedDraft.keep(written);
    if (isNewer) parts.draftWritten(page, written);
    return isNewer;
  }

  /** What is being written in this page meanwhile is newer, and stays. */
  function takeOver(written: Draft): void {
    const before = currentDraft();
    pageDraft = written;
    if (isReady) sendDraft(written, true);
    if (isOtherState(before, written)) stateChanged();
    draftChanged();
  }

  /** Whether the page's state is another with another model, folder or first reference. */
  function isOtherState(before: Draft, after: Draft): boolean {
    const isOtherSource = after.references[0] !== before.references[0];
    const isOtherFolder = after.folderUri !== before.folderUri;
    return modelIn(after).id !== modelIn(before).id || isOtherSource || isOtherFolder;
  }

  /** The page changed its draft. */
  function takeDraft(written: Draft): void {
    const isOther = isOtherState(currentDraft(), written);
    pageDraft = written;
    keep(written);
    incoming.arrived(written.references);
    if (isOther) stateChanged();
  }

  function modelIn(written: Draft): ModelRow {
    return modelOf(written, deps.workplace);
  }

  function sendDraft(written: Draft, isOthers = false): void {
    pageDraft = written;
    const references = written.references.map((each) => pageImages.toReference(webview, each));
    post({ kind: 'draft', draft: written, references, isOthers });
  }

  /** Our own files are kept as long as a draft uses them that is opened now and then. */
  function noteDraft(references: readonly string[]): void {
    const own = vscode.Uri.file(deps.folder);
    deps.noteDraft(references.filter((each) => isInside(vscode.Uri.parse(each), own)));
  }

  /** The page changes its own draft, which may be newer. */
  function filesMoved(moves: FileMoves): void {
    const before = currentDraft();
    const after = draftAfterMoves(before, moves);
    if (!after) return;
    pageDraft = after;
    savedDraft.keep(after);
    const references = before.references.flatMap((from, index) => {
      const to = after.references[index] ?? from;
      return to === from ? [] : [{ from, reference: pageImages.toReference(webview, to) }];
    });
    const [from, to] = [before.folderUri, after.folderUri];
    const isMoved = from !== undefined && to !== undefined && from !== to;
    post({ kind: 'filesMoved', references, ...(isMoved && { folder: { from, to } }) });
    draftChanged();
  }

  /** The page gets what the draft's model takes and costs together with the draft. */
  async function setDraft(written: Draft): Promise<void> {
    const next = fitDraft(modelIn(written), written);
    keep(next);
    await inSequence(async () => {
      // The page may have sent another one while this waited.
      pageDraft = next;
      await sendState().catch(sendLater);
      sendDraft(next);
    });
    draftChanged();
  }

  /** What was chosen for each model is remembered, and comes back with it. */
  async function chooseModel(model: string, written: Draft, choice: number): Promise<void> {
    keep(written);
    const source = await sourceOf(written);
    const next = await draftOnModel(deps, model, written, source?.pixels);
    keep(next);
    pageDraft = next;
    await sendState().catch(sendLater);
    const { size, quality, resolution, background } = next;
    post({
      ...{ kind: 'choices', choice, model: modelIn(next).id, size, quality },
      ...(resolution !== undefined && { resolution }),
      ...(background !== undefined && { background }),
    });
  }

  function addReferences(uris: readonly string[]): void {
    if (!isReady) {
      incoming.keep(uris);
      return;
    }
    runForUser(async () => {
      const { uris: usable, problems } = await checkReferences(uris, modelIn(currentDraft()).id);
      incoming.keep(usable);
      if (!isReady) return;
      if (usable.length > 0)
        post({
          kind: 'references',
          references: usable.map((each) => pageImages.toReference(webview, each)),
        });
      if (problems.length > 0)
        post({ kind: 'refused', field: 'references', sentence: wholeLine(problems.join(' ')) });
    });
  }

  function focusPrompt(): void {
    isFocusDue = !isReady;
    if (isReady) post({ kind: 'focusPrompt' });
  }

  async function pickReferences(): Promise<string[]> {
    const title = vscode.l10n.t('Add References');
    const most = modelIn(currentDraft()).references?.max ?? 0;
    return await chooseImages(deps.conversion, most, title);
  }

  async function pickDestination(): Promise<void> {
    const { folderUri, ...withoutFolder } = currentDraft();
    const going = { references: withoutFolder.references };
    const location = await locationFor(going, deps.workplace.now(), deps.ownFolder).catch(
      () => undefined,
    );
    const usual = location && vscode.Uri.parse(location.destination.folderUri, true);
    const current = folderUri === undefined ? usual : vscode.Uri.parse(folderUri, true);
    const title = vscode.l10n.t('Where should images be saved?');
    const folder = await chooseFolder({ title, current, usual });
    if (!folder) return;
    if (folder.toString() === usual?.toString()) await resetDestination();
    else
      await setDraft({
        ...currentDraft(),
        folderUri: folder.toString(),
        writtenAt: Date.now(),
      });
  }

  async function resetDestination(): Promise<void> {
    const { folderUri: _, ...rest } = currentDraft();
    await setDraft({ ...rest, writtenAt: Date.now() });
  }

  // ---- Messages from the page

  const actionPage: ActionPage = { post, addReferences, setDraft, refresh: galleryChanged };

  async function onMessage(message: ToHost): Promise<void> {
    switch (message.kind) {
      case 'ready':
        await onReady();
        return;
      case 'draft':
        takeDraft(message.draft);
        draftChanged();
        return;
      case 'generate':
        takeDraft(message.draft);
        await submitDraft(message.draft, message.model);
        return;
      case 'chooseModel':
        await inSequence(() => chooseModel(message.model, message.draft, message.choice));
        return;
      case 'query':
        feed.filter = message.filter;
        await inSequence(() => feed.sendGallery());
        return;
      case 'need':
        await inSequence(() => feed.sendEntries(message.keys));
        return;
      case 'thumbnail':
        await keepThumbnail(message.key, new Uint8Array(message.bytes));
        return;
      case 'act':
        await runAction(deps, deletion, actionPage, message.action, feed.rowsOf(message.keys));
        return;
      case 'undelete':
        try {
          await deletion.restore(message.keys);
        } finally {
          parts.galleryChanged();
        }
        return;
      case 'notice':
        await runNoticeAction(deps, message.action);
        stateChanged();
        return;
      case 'pickReferences':
        addReferences(await pickReferences());
        return;
      case 'addReferences':
        addReferences(message.uris);
        return;
      case 'addBytes':
        await addBytes(message.name, new Uint8Array(message.bytes));
        return;
      case 'pickDestination':
        await pickDestination();
        return;
      case 'resetDestination':
        await resetDestination();
        return;
      case 'saveStyle': {
        const { name, ...texts } = message.style;
        await writeStyle(name, texts);
        stateChanged();
        return;
      }
      case 'removeStyle':
        await writeStyle(message.name, undefined);
        stateChanged();
        return;
    }
  }

  /**
   * Sends the state before the page asks for it, which saves a round trip. The editor may lose a
   * message to a page that still loads, so `onReady` sends it again.
   */
  function begin(): void {
    runForUser(() => inSequence(sendState));
  }

  /** The page has loaded, for the first time or when it was shown again. */
  async function onReady(): Promise<void> {
    isReady = true;
    const kept = savedDraft.read();
    sendDraft(kept);
    noteDraft(kept.references);
    if (isFocusDue) focusPrompt();
    await inSequence(sendState);
    draftChanged();
    const uris = incoming.take();
    if (uris.length > 0) addReferences(uris);
    credits.refresh();
    void refreshPrices(deps, stateChanged);
  }

  async function keepThumbnail(key: number, bytes: Uint8Array): Promise<void> {
    const [row] = deps.gallery.read([key]);
    if (row?.job.state !== 'saved' || !(await thumbnails.keep(row.job.sha256, bytes))) return;
    await inSequence(() => feed.sendEntries([key]));
  }

  async function addBytes(name: string, bytes: Uint8Array): Promise<void> {
    try {
      const uri = await keepPastedImage(bytes, name, storageLayout(deps.folder).pasted);
      addReferences([uri.toString()]);
    } catch (thrown) {
      if (!(thrown instanceof LocalizedError)) throw thrown;
      post({ kind: 'refused', field: 'references', sentence: thrown.message });
    }
  }

  // ---- Changes elsewhere

  function jobChanged(job: Job): void {
    feed.jobChanged(job.id);
    if (job.state === 'queued' || job.state === 'saved' || job.state === 'failed') {
      // Costs, history and the length of the queue.
      isStateDue = isNextImageDue = true;
      if (job.state === 'saved') credits.refresh();
    }
    sendSoon();
  }

  function stateChanged(): void {
    isStateDue = isNextImageDue = true;
    sendSoon();
  }

  function galleryChanged(): void {
    feed.galleryChanged();
    sendSoon();
  }

  const listening = webview.onDidReceiveMessage((message: unknown) => {
    const parsed = parseToHost(message);
    if (parsed) runForUser(() => onMessage(parsed));
  });

  const page: StudioPage = {
    begin,
    sleep() {
      isReady = false;
    },
    addReferences,
    takeOver,
    filesMoved,
    imagesDeleted(images) {
      const keys = images.map(({ key }) => key);
      post({ kind: 'deleted', sentence: removedSentence(images), keys });
    },
    focusPrompt,
    jobChanged,
    stateChanged,
    galleryChanged,
    dispose() {
      isDisposed = true;
      clearTimeout(timer);
      listening.dispose();
    },
  };
  return page;
}
