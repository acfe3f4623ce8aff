import type * as vscode from 'vscode';
import { noteUserInPage } from '../editor/userIsBack.ts';
import { runForUser } from '../editor/errors/errorActions.ts';
import { refreshPrices } from '../generation/expectedCost.ts';
import type { GalleryRow } from '../jobs/store/gallery.ts';
import type { FileMoves } from '../jobs/imageFiles/fileMoves.ts';
import type { Job } from '../jobs/job.ts';
import { runAction, runNoticeAction, type ActionPage, removedSentence } from './runAction.ts';
import type { Credits } from './credits.ts';
import type { Deletion } from './gallery/deletion.ts';
import { GalleryFeed } from './gallery/galleryFeed.ts';
import { type ChosenDestination, pickDestination } from './draft/destination.ts';
import { nextImage } from './draft/nextImage.ts';
import { createPageDraft } from './draft/pageDraft.ts';
import { createPageReferences } from './draft/pageReferences.ts';
import type { SharedDraft } from './draft/sharedDraft.ts';
import { createSubmitDraft } from './draft/submitDraft.ts';
import type { PageImages } from './gallery/pageImages.ts';
import type { Draft } from '../shared/studio/draft.ts';
import type { State } from '../shared/studio/state.ts';
import { parseToHost, type ToHost, type ToPage } from '../shared/studioProtocol.ts';
import { tellLeftOut } from './gallery/tellLeftOut.ts';
import { createPageUpdates } from './pageUpdates.ts';
import { readState } from './state.ts';
import type { StudioDeps } from './studioDeps.ts';
import { writeStyle } from './draft/styles.ts';
import type { Thumbnails } from './gallery/thumbnails.ts';

/** What all pages of this window share. */
export interface StudioParts {
  deps: StudioDeps;
  pageImages: PageImages;
  thumbnails: Thumbnails;
  credits: Credits;
  deletion: Deletion;
  sharedDraft: SharedDraft;
  /** Images came or went: all pages read the gallery again. */
  galleryChanged: () => void;
  /** A page wrote the draft, which the others show, too. */
  draftWritten: (by: StudioPage, written: Draft) => void;
}

/** A page of the Studio, in an editor or in a side bar. */
export interface StudioPage {
  /** Loads the page by `load`, with its first state if that is soon there. */
  begin: (load: (state?: State) => void) => void;
  /** The page is hidden, and destroyed until it is shown again. */
  sleep: () => void;
  /** Appends images to the tray, now or when the page is ready. */
  addReferences: (uris: readonly string[]) => void;
  /** Files of the draft may have another place now. */
  filesMoved: (moves: FileMoves) => void;
  /** Another page, or another window, wrote the draft. */
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

/** A keyring or a locked store may keep the first state longer than a page is kept waiting. */
const firstStateMs = 40;

export function createStudioPage(webview: vscode.Webview, parts: StudioParts): StudioPage {
  const { deps, pageImages, thumbnails, credits, deletion, sharedDraft } = parts;
  const entryContext = {
    ...{ webview, engine: deps.engine, pageImages, thumbnails },
    missingImages: deps.missingImages,
  };
  const feed = new GalleryFeed({ engine: deps.engine, gallery: deps.gallery, entryContext, post });
  let isReady = false;
  let timesHidden = 0;
  let isFocusDue = false;
  let isDisposed = false;
  const updates = createPageUpdates({
    ...{ post, isReady: () => isReady, feed },
    readState: readPageState,
    readNextImage: () => nextImage(deps, draft.current()),
  });
  const toReference = (uri: string) => pageImages.toReference(webview, uri);
  const draft = createPageDraft({
    ...{ deps, shared: sharedDraft, updates, post, isReady: () => isReady, toReference },
    onWritten: (written) => parts.draftWritten(page, written),
  });
  const references = createPageReferences({
    ...{ deps, post, isReady: () => isReady, model: draft.model, toReference },
  });
  const submitDraft = createSubmitDraft({
    ...{ deps, draft, post, stateChanged: updates.stateChanged },
  });

  function post(message: ToPage): void {
    if (!isDisposed) void webview.postMessage(message);
  }

  async function readPageState(): Promise<State> {
    const source = await draft.source();
    const state = await readState(deps, credits, draft.current(), updates.stateChanged, source);
    return { ...state, history: [...new Set([...sharedDraft.replaced(), ...state.history])] };
  }

  function focusPrompt(): void {
    isFocusDue = !isReady;
    if (isReady) post({ kind: 'focusPrompt' });
  }

  /** A draft that the page sent. */
  function takeDraft(written: Draft): void {
    draft.take(written);
    references.arrived(written.references);
  }

  async function setDestination({ folderUri }: ChosenDestination): Promise<void> {
    const { folderUri: _, ...rest } = draft.current();
    await draft.set({ ...rest, ...(folderUri && { folderUri }), writtenAt: Date.now() });
  }

  const actionPage: ActionPage = {
    ...{ post, addReferences: references.add, setDraft: draft.set, refresh: galleryChanged },
  };

  async function onMessage(message: ToHost): Promise<void> {
    switch (message.kind) {
      case 'ready':
        await onReady();
        return;
      case 'focused':
        noteUserInPage();
        return;
      case 'draft':
        takeDraft(message.draft);
        updates.draftChanged();
        return;
      case 'generate':
        takeDraft(message.draft);
        await submitDraft(message.draft, message.model);
        return;
      case 'chooseModel':
        await draft.chooseModel(message.model, message.draft, message.choice);
        return;
      case 'query':
        feed.filter = message.filter;
        await updates.inSequence(() => feed.sendGallery());
        return;
      case 'need':
        await updates.inSequence(() => feed.sendEntries(message.keys));
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
      case 'leftOutOfDrag':
        tellLeftOut(message.reason);
        return;
      case 'notice':
        await runNoticeAction(deps, message.action);
        updates.stateChanged();
        return;
      case 'pickReferences':
        await references.pick();
        return;
      case 'addReferences':
        references.add(message.uris);
        return;
      case 'addBytes':
        await references.addBytes(message.name, new Uint8Array(message.bytes));
        return;
      case 'pickDestination':
        await pickAndSetDestination();
        return;
      case 'resetDestination':
        await setDestination({});
        return;
      case 'saveStyle': {
        const { name, ...texts } = message.style;
        await writeStyle(name, texts);
        updates.stateChanged();
        return;
      }
      case 'removeStyle':
        await writeStyle(message.name, undefined);
        updates.stateChanged();
        return;
    }
  }

  async function pickAndSetDestination(): Promise<void> {
    const chosen = await pickDestination(deps, draft.current());
    if (chosen) await setDestination(chosen);
  }

  /** The editor makes the frame of the page meanwhile, which takes longer than the state. */
  function begin(load: (state?: State) => void): void {
    let isLoading = false;
    const loadOnce = (state?: State) => {
      clearTimeout(timer);
      if (!isLoading && !isDisposed) load(state);
      isLoading = true;
    };
    const timer = setTimeout(loadOnce, firstStateMs);
    runForUser(() =>
      updates.inSequence(async () => {
        try {
          const state = await readPageState();
          if (isLoading) post({ kind: 'state', state });
          else loadOnce(state);
        } finally {
          loadOnce();
        }
      }),
    );
  }

  /** The page has loaded, for the first time or when it was shown again. */
  async function onReady(): Promise<void> {
    // First: what the page does with an older draft would count as newer.
    const before = timesHidden;
    await sharedDraft.refresh();
    if (before !== timesHidden) return;
    isReady = true;
    draft.sendKept();
    if (isFocusDue) focusPrompt();
    await updates.inSequence(updates.sendState);
    updates.draftChanged();
    references.addAgain();
    credits.refresh();
    void refreshPrices(deps, updates.stateChanged);
  }

  async function keepThumbnail(key: number, bytes: Uint8Array): Promise<void> {
    const [row] = deps.gallery.read([key]);
    if (row?.job.state !== 'saved' || !(await thumbnails.keep(row.job.sha256, bytes))) return;
    await updates.inSequence(() => feed.sendEntries([key]));
  }

  function jobChanged(job: Job): void {
    feed.jobChanged(job.id);
    if (job.state === 'saved') credits.refresh();
    // Costs, history and the length of the queue.
    const isOfState = job.state === 'queued' || job.state === 'saved' || job.state === 'failed';
    if (isOfState) updates.stateChanged();
    else updates.sendSoon();
  }

  function galleryChanged(): void {
    feed.galleryChanged();
    updates.sendSoon();
  }

  const listening = webview.onDidReceiveMessage((message: unknown) => {
    const parsed = parseToHost(message);
    if (parsed) runForUser(() => onMessage(parsed));
  });

  const page: StudioPage = {
    begin,
    sleep() {
      isReady = false;
      timesHidden += 1;
    },
    addReferences: references.add,
    takeOver: draft.takeOver,
    filesMoved: draft.filesMoved,
    imagesDeleted(images) {
      const keys = images.map(({ key }) => key);
      post({ kind: 'deleted', sentence: removedSentence(images), keys });
    },
    focusPrompt,
    jobChanged,
    stateChanged: updates.stateChanged,
    galleryChanged,
    dispose() {
      isDisposed = true;
      updates.dispose();
      listening.dispose();
    },
  };
  return page;
}
