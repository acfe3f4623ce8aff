import { runForUser } from '../editor/errors/errorActions.ts';
import { isStoreError } from '../jobs/store/storeErrors.ts';
import type { State } from '../shared/studio/state.ts';
import type { ToPage } from '../shared/studioProtocol.ts';
import type { NextImage } from './draft/nextImage.ts';
import type { GalleryFeed } from './gallery/galleryFeed.ts';

export interface PageUpdatesContext {
  post: (message: ToPage) => void;
  isReady: () => boolean;
  readState: () => Promise<State>;
  readNextImage: () => Promise<NextImage>;
  feed: Pick<GalleryFeed, 'galleryChanged' | 'sendDue'>;
}

/** Sends a page what has changed, in batches. */
export interface PageUpdates {
  /** Reads what is sent in the order in which it is sent, so that nothing old follows the new. */
  inSequence: (work: () => Promise<void>) => Promise<void>;
  /** To be called in sequence. @throws a store error */
  sendState: () => Promise<void>;
  /** To be called in sequence. Sends it later while the store cannot be read. */
  sendStateOrRetry: () => Promise<void>;
  /** The state is due, and with it the place of the next image. */
  stateChanged: () => void;
  /** The place of the next image is due. */
  draftChanged: () => void;
  /** Something of the gallery is due. */
  sendSoon: () => void;
  dispose: () => void;
}

/** Changes within so long are sent together. */
const batchMs = 60;
const retryMs = 1_000;

export function createPageUpdates(context: PageUpdatesContext): PageUpdates {
  const { post, isReady, readState, readNextImage, feed } = context;
  let isStateDue = false;
  let isNextImageDue = false;
  let nextImageAsked = 0;
  let timer: NodeJS.Timeout | undefined;
  let turn = Promise.resolve();

  function inSequence(work: () => Promise<void>): Promise<void> {
    const next = turn.then(work);
    turn = next.catch(() => undefined);
    return next;
  }

  function sendSoon(): void {
    if (!isReady()) return;
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
    post({ kind: 'state', state: await readState() });
  }

  /** Looks for files, which may take long: nothing else waits for it, and the last answer counts. */
  async function sendNextImage(): Promise<void> {
    isNextImageDue = false;
    nextImageAsked += 1;
    const asked = nextImageAsked;
    const next = await readNextImage();
    if (asked === nextImageAsked) post({ kind: 'nextImage', ...next });
  }

  return {
    inSequence,
    sendState,
    sendStateOrRetry: () => sendState().catch(sendLater),
    stateChanged() {
      isStateDue = isNextImageDue = true;
      sendSoon();
    },
    draftChanged() {
      isNextImageDue = true;
      sendSoon();
    },
    sendSoon,
    dispose: () => clearTimeout(timer),
  };
}
