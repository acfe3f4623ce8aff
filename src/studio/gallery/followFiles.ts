import * as vscode from 'vscode';
import { hashOf } from '../../editor/files/hashOf.ts';
import type { Log } from '../../editor/log.ts';
import type { Engine } from '../../jobs/engine.ts';
import { type FileMove, fileMoves } from '../../jobs/imageFiles/fileMoves.ts';
import type { ImageFiles } from '../../jobs/imageFiles/imageFiles.ts';
import type { PlacedImage } from '../../jobs/store/filePlaces.ts';
import type { Store } from '../../jobs/store/store.ts';
import { draftAfterMoves } from '../draft/draftAfterMoves.ts';
import type { SavedDraft } from '../draft/savedDraft.ts';
import type { StudioPage } from '../studioPage.ts';
import type { Deletion } from './deletion.ts';

export interface FollowedFiles {
  /** Files and folders were renamed or moved in the editor, at the same time. */
  moved: (moves: readonly FileMove[]) => Promise<void>;
  /** They are about to be deleted in the editor, which waits for this. */
  beforeDeletion: (uris: readonly string[]) => Promise<void>;
  /** They were deleted: their images leave the gallery as if they were deleted there. */
  deleted: (uris: readonly string[]) => Promise<void>;
  /** They came, as by the editor's undo: images that were deleted with them are there again. */
  created: (uris: readonly string[]) => Promise<void>;
}

export interface FollowFilesContext {
  log: Log;
  imageFiles: ImageFiles;
  engine: Pick<Engine, 'whenFree'>;
  gallery: Pick<Store['gallery'], 'setHidden'>;
  deletion: Pick<Deletion, 'keepCopies' | 'isKept'>;
  /** The draft as it is kept. */
  draft: SavedDraft;
  forEachPage: (call: (page: StudioPage) => void) => void;
}

/** What the editor does with files is done to jobs, to the draft, and to what the pages show. */
export function followFiles(context: FollowFilesContext): FollowedFiles {
  const { log, imageFiles, deletion, draft, forEachPage } = context;

  let turn = Promise.resolve();

  async function moved(moves: readonly FileMove[]): Promise<void> {
    const places = fileMoves(moves);
    const after = draftAfterMoves(draft.read(), places);
    if (after) draft.keep(after);
    forEachPage((page) => page.filesMoved(places));
    turn = turn.then(() => followImages(moves));
    await turn;
    forEachPage((page) => page.galleryChanged());
  }

  /** What is not followed is found by its content when it is looked for. */
  async function followImages(moves: readonly FileMove[]): Promise<void> {
    await attempt(() => hideReplaced(moves));
    await attempt(() => imageFiles.moved(moves));
  }

  /** A file that another was moved over is gone, as if it were deleted. */
  async function hideReplaced(moves: readonly FileMove[]): Promise<void> {
    const there = (await imageFiles.imagesReplacedBy(moves)).filter((image) => !isHidden(image));
    const hashes = await Promise.all(there.map(hashOfFile));
    // One that was looked for and found there before its move was heard of has its own file.
    const gone = there.filter((image, index) => {
      return hashes[index] !== undefined && hashes[index] !== image.job.sha256;
    });
    if (gone.length > 0) await setHidden(gone, Date.now());
  }

  async function beforeDeletion(uris: readonly string[]): Promise<void> {
    await attempt(async () => deletion.keepCopies(await shownIn(uris), uris));
  }

  async function deleted(uris: readonly string[]): Promise<void> {
    await attempt(async () => {
      const images = await shownIn(uris);
      if (images.length === 0) return;
      await setHidden(images, Date.now());
      const kept = images.filter(({ key }) => deletion.isKept(key));
      if (kept.length > 0) forEachPage((page) => page.imagesDeleted(kept));
    });
  }

  async function created(uris: readonly string[]): Promise<void> {
    await attempt(async () => {
      const hidden = (await imageFiles.imagesIn(uris)).filter(isHidden);
      const areSame = await Promise.all(hidden.map(isSame));
      const back = hidden.filter((_, index) => areSame[index]);
      if (back.length > 0) await setHidden(back, undefined);
    });
  }

  async function shownIn(uris: readonly string[]): Promise<PlacedImage[]> {
    return (await imageFiles.imagesIn(uris)).filter((image) => !isHidden(image));
  }

  async function setHidden(images: readonly PlacedImage[], atMs: number | undefined) {
    const keys = images.map(({ key }) => key);
    await context.engine.whenFree(() => {
      context.gallery.setHidden(keys, atMs);
    });
    forEachPage((page) => page.galleryChanged());
  }

  /** Whoever works with files in the editor did not ask for anything of ours. */
  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      log.error(`What became of files could not be followed: ${String(thrown)}`);
    }
  }

  return { moved, beforeDeletion, deleted, created };
}

function isHidden({ hiddenAt }: PlacedImage): boolean {
  return hiddenAt !== undefined;
}

/** Another file of the name is not that image. */
async function isSame(image: PlacedImage): Promise<boolean> {
  return (await hashOfFile(image)) === image.job.sha256;
}

/** Undefined when it cannot be read. */
async function hashOfFile({ job }: PlacedImage): Promise<string | undefined> {
  return await hashOf(vscode.Uri.parse(job.uri)).catch(() => undefined);
}
