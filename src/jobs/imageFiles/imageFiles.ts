import { whenFree } from '../async/whenFree.ts';
import type { Job, SavedJob } from '../job.ts';
import type { Clock } from '../platform.ts';
import type { PlacedImage } from '../store/filePlaces.ts';
import type { Store } from '../store/store.ts';
import { commonStartOf, type FileMove, fileMoves } from './fileMoves.ts';

export interface ImageFilesContext {
  store: Store;
  clock: Clock;
  /** Tells this window of a job that was changed; the others find it in the store. */
  tell: (job: Job) => void;
  /** Ends what goes on when the window closes; a file that was not followed is found by its content. */
  signal: AbortSignal;
}

/** What becomes of the files of jobs after they were saved. */
export type ImageFiles = ReturnType<typeof createImageFiles>;

export function createImageFiles({ store, clock, tell, signal }: ImageFilesContext) {
  let turn: Promise<unknown> = Promise.resolve();

  /** One after the other: what is undone quickly would be followed in the wrong order. */
  function inSequence<T>(work: () => Promise<T>): Promise<T> {
    const next = turn.then(work);
    turn = next.catch(() => undefined);
    return next;
  }

  /** Calls for all jobs in parts, between which the window does other things. */
  async function forEachPart(part: (from: number) => number | undefined): Promise<void> {
    for (let from: number | undefined = 1; from !== undefined && !signal.aborted;) {
      const begin: number = from;
      from = await whenFree(clock, () => part(begin));
      await new Promise<void>((resolve) => void clock.after(0, resolve));
    }
  }

  /** Follows files and folders that moved at the same time: images, references and destinations. */
  function moved(moves: readonly FileMove[]): Promise<void> {
    const asked = fileMoves(moves);
    if (asked.commonStart === '') return Promise.resolve();
    return inSequence(() =>
      forEachPart((from) => {
        const { found, next } = store.filePlaces.follow(asked, from);
        found.forEach(tell);
        return next;
      }),
    );
  }

  /** The saved images that are these files, or in these folders; also those out of the gallery. */
  function imagesIn(uris: readonly string[]): Promise<PlacedImage[]> {
    const start = commonStartOf(uris);
    const { placeOf } = fileMoves(uris.map((uri) => ({ from: uri, to: uri })));
    const images: PlacedImage[] = [];
    if (start === '') return Promise.resolve(images);
    return inSequence(async () => {
      await forEachPart((from) => {
        const { found, next } = store.filePlaces.imagesUnder(start, from);
        images.push(...found.filter(({ job }) => placeOf(job.uri) !== undefined));
        return next;
      });
      return images;
    });
  }

  /**
   * The saved images that were where these moves lead to, to be asked for before they are followed.
   * What replaced a file is another image: its entry must not come to stand for that.
   */
  async function imagesReplacedBy(moves: readonly FileMove[]): Promise<PlacedImage[]> {
    const { placeOf } = fileMoves(moves);
    const there = await imagesIn(moves.map(({ to }) => to));
    return there.filter(({ job }) => placeOf(job.uri) === undefined);
  }

  /**
   * Says where the file of an image is now. @returns the image as it is then; undefined when its file
   * was moved meanwhile, or that place is another image's
   */
  async function relocate({ id, uri }: SavedJob, to: string): Promise<SavedJob | undefined> {
    const job = await whenFree(clock, () => store.filePlaces.relocate(id, uri, to));
    if (job) tell(job);
    return job;
  }

  return {
    moved,
    imagesIn,
    imagesReplacedBy,
    relocate,
    placesOf: store.filePlaces.placesOf,
    isTaken: store.filePlaces.isTaken,
  };
}
