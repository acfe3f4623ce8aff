import { join } from 'node:path';
import * as vscode from 'vscode';
import { askForFolder } from '../editor/files/askForFolder.ts';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { runForUser } from '../editor/errors/errorActions.ts';
import type { GalleryRow } from '../jobs/store/gallery.ts';
import type { Job } from '../jobs/job.ts';
import { runAction, runNoticeAction, type ActionPage } from './runAction.ts';
import type { Credits } from './credits.ts';
import type { Deletion } from './deletion.ts';
import { toEntries } from './entries.ts';
import { createSavedDraft } from './savedDraft.ts';
import { createSubmitDraft } from './submitDraft.ts';
import { pastedFolder, type PageImages } from './pageImages.ts';
import {
  type Draft,
  type Filter,
  parseToHost,
  type ToHost,
  type ToPage,
} from '../shared/studioProtocol.ts';
import { currentModel, readState } from './state.ts';
import type { StudioDeps } from './studioDeps.ts';
import { writeStyle } from './styles.ts';
import type { Thumbnails } from './thumbnails.ts';
import { checkUris, keepBytes } from './tray.ts';

/** What all pages of this window share. */
export interface StudioParts {
  deps: StudioDeps;
  pageImages: PageImages;
  thumbnails: Thumbnails;
  credits: Credits;
  deletion: Deletion;
  /** Images came or went: all pages read the gallery again. */
  galleryChanged: () => void;
}

/** One of the pages that show the Studio: in an editor, or in a side bar. */
export interface StudioPage {
  /** To be called once the page is loading. */
  begin: () => void;
  /** The page is hidden, and gone until it is shown again. */
  sleep: () => void;
  /** Puts pageImages into the tray, now or when the page listens. */
  addReferences: (uris: readonly string[]) => void;
  /** A job changed, here or in another window. */
  jobChanged: (job: Job) => void;
  /** Something besides the gallery changed: key, settings, queue, folders. */
  stateChanged: () => void;
  /** Images came or went. */
  galleryChanged: () => void;
  dispose: () => void;
}

/** So many entries come with the list of all; more are asked for as they come into sight. */
const firstEntries = 60;
/** Changes of a moment are sent together. */
const gatherMs = 60;

export function createStudioPage(webview: vscode.Webview, parts: StudioParts): StudioPage {
  const { deps, pageImages, thumbnails, credits, deletion } = parts;
  const entryContext = { webview, engine: deps.engine, pageImages, thumbnails };
  let filter: Filter = { words: '' };
  let known = new Set<number>();
  let waiting: string[] = [];
  let isListening = false;
  let isDisposed = false;
  const changed = new Set<string>();
  let isGalleryDue = false;
  let isStateDue = false;
  let timer: NodeJS.Timeout | undefined;
  let turn = Promise.resolve();
  const draft = createSavedDraft(deps.memento, stateChanged);
  const submitDraft = createSubmitDraft({ submitRequest: deps.order, draft, post, stateChanged });

  /** What is sent is read in the order in which it is sent: nothing old comes after what is new. */
  function inSequence(work: () => Promise<void>): Promise<void> {
    const next = turn.then(work);
    turn = next.catch(() => undefined);
    return next;
  }

  function post(message: ToPage): void {
    if (!isDisposed) void webview.postMessage(message);
  }

  // ---- What is sent

  function soon(): void {
    if (!isListening) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      runForUser(() => inSequence(sendDue));
    }, gatherMs);
  }

  async function sendDue(): Promise<void> {
    // Where those that wait stand changes with the others.
    const waitingIds = deps.engine
      .listUnfinished()
      .flatMap(({ state, id }) => (state === 'queued' ? [id] : []));
    const ids = changed.size === 0 ? [] : [...new Set([...changed, ...waitingIds])];
    changed.clear();
    if (isStateDue) await sendState();
    const keys = ids.flatMap((id) => deps.gallery.keyOf(id) ?? []);
    const rows = deps.gallery.read(keys);
    // One that is not known has come; one that is not read has gone.
    if (rows.length < keys.length || rows.some((row) => !known.has(row.key))) isGalleryDue = true;
    if (isGalleryDue) await sendGallery();
    else if (rows.length > 0)
      post({ kind: 'entries', entries: await toEntries(entryContext, rows) });
  }

  async function sendState(): Promise<void> {
    isStateDue = false;
    post({ kind: 'state', state: await readState(deps, credits, draft.read()) });
  }

  async function sendGallery(): Promise<void> {
    isGalleryDue = false;
    const asked = filter;
    const index = deps.gallery.query(asked);
    known = new Set(index.keys);
    const entries = await toEntries(entryContext, inOrder(index.keys.slice(0, firstEntries)));
    post({ kind: 'gallery', filter: asked, ...index, entries });
  }

  async function sendEntries(keys: readonly number[]): Promise<void> {
    post({ kind: 'entries', entries: await toEntries(entryContext, inOrder(keys)) });
  }

  function inOrder(keys: readonly number[]): GalleryRow[] {
    const rows = new Map(deps.gallery.read(keys).map((row) => [row.key, row]));
    return keys.flatMap((key) => rows.get(key) ?? []);
  }

  // ---- What is being written

  function sendDraft(written: Draft): void {
    const references = written.references.map((each) => pageImages.toReference(webview, each));
    post({ kind: 'draft', draft: written, references });
  }

  function setDraft(written: Draft): void {
    draft.keep(written);
    sendDraft(written);
  }

  function addReferences(uris: readonly string[]): void {
    if (!isListening) {
      waiting.push(...uris);
      return;
    }
    runForUser(async () => {
      const { uris: usable, problems } = await checkUris(uris, currentModel().id);
      if (usable.length > 0)
        post({
          kind: 'references',
          references: usable.map((each) => pageImages.toReference(webview, each)),
        });
      if (problems.length > 0)
        post({ kind: 'refused', field: 'references', sentence: problems.join(' ') });
    });
  }

  async function pickDestination(): Promise<void> {
    const folder = await askForFolder(vscode.l10n.t('Where should images be saved?'));
    const writtenAt = Date.now();
    if (folder) setDraft({ ...draft.read(), folderUri: folder.toString(), writtenAt });
  }

  function resetDestination(): void {
    const { folderUri: _, ...rest } = draft.read();
    setDraft({ ...rest, writtenAt: Date.now() });
  }

  // ---- What is heard

  const actionPage: ActionPage = { post, addReferences, setDraft, refresh: galleryChanged };

  async function onMessage(message: ToHost): Promise<void> {
    switch (message.kind) {
      case 'ready':
        await onReady();
        return;
      case 'draft':
        draft.keep(message.draft);
        return;
      case 'generate':
        await submitDraft(message.draft);
        return;
      case 'query':
        ({ filter } = message);
        await inSequence(sendGallery);
        return;
      case 'need':
        await inSequence(() => sendEntries(message.keys));
        return;
      case 'thumbnail':
        await keepThumbnail(message.key, new Uint8Array(message.bytes));
        return;
      case 'act':
        await runAction(deps, deletion, actionPage, message.action, inOrder(message.keys));
        return;
      case 'undelete':
        await deletion.restore(message.keys);
        parts.galleryChanged();
        return;
      case 'notice':
        await runNoticeAction(deps, message.action);
        stateChanged();
        return;
      case 'pickReferences':
        addReferences(await deps.chooseImages(currentModel().maxReferences));
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
        resetDestination();
        return;
      case 'saveStyle': {
        const { name, ...words } = message.style;
        await writeStyle(name, words);
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
   * What it will ask for first is on its way before it can ask, which saves a way there and back.
   * The editor may lose what is sent to a page that loads, so that its question is still answered.
   */
  function begin(): void {
    runForUser(() => inSequence(sendState));
  }

  /** The page has just begun, or was shown again. */
  async function onReady(): Promise<void> {
    isListening = true;
    sendDraft(draft.read());
    await inSequence(sendState);
    const uris = waiting;
    waiting = [];
    if (uris.length > 0) addReferences(uris);
    credits.refresh();
  }

  async function keepThumbnail(key: number, bytes: Uint8Array): Promise<void> {
    const [row] = deps.gallery.read([key]);
    if (row?.job.state !== 'saved' || !(await thumbnails.keep(row.job.sha256, bytes))) return;
    await inSequence(() => sendEntries([key]));
  }

  async function addBytes(name: string, bytes: Uint8Array): Promise<void> {
    try {
      const uri = await keepBytes(bytes, name, join(deps.folder, pastedFolder));
      addReferences([uri.toString()]);
    } catch (thrown) {
      if (!(thrown instanceof LocalizedError)) throw thrown;
      post({ kind: 'refused', field: 'references', sentence: thrown.message });
    }
  }

  // ---- What changes elsewhere

  function jobChanged(job: Job): void {
    changed.add(job.id);
    if (job.state === 'queued' || job.state === 'saved' || job.state === 'failed') {
      // Costs, history and the number of what waits.
      isStateDue = true;
      if (job.state === 'saved') credits.refresh();
    }
    soon();
  }

  function stateChanged(): void {
    isStateDue = true;
    soon();
  }

  function galleryChanged(): void {
    isGalleryDue = true;
    soon();
  }

  const listening = webview.onDidReceiveMessage((message: unknown) => {
    const parsed = parseToHost(message);
    if (parsed) runForUser(() => onMessage(parsed));
  });

  return {
    begin,
    sleep() {
      isListening = false;
    },
    addReferences,
    jobChanged,
    stateChanged,
    galleryChanged,
    dispose() {
      isDisposed = true;
      clearTimeout(timer);
      listening.dispose();
    },
  };
}
