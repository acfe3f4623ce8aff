/** What ends a search early, as the editor's tokens do. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
}

export interface PlaceFinder<Place> {
  isFile: (place: Place) => Promise<boolean>;
  /** Milliseconds of a clock that is not set. */
  nowMs: () => number;
}

/** Files of the first few places are mostly the ones that are meant. */
const placesAtOnce = 16;
/** An editor asks again at each move of the cursor. A new file elsewhere is found after that long. */
const missMs = 5_000;

/** A search through all folders. */
export interface SearchElsewhere<Place> {
  /** What is searched for: the same text finds the same file. */
  text: string;
  find: () => Promise<Place | undefined>;
}

/**
 * Finds the first of some places where there is a file, else what the search elsewhere finds. What
 * that did not find is not searched for again within some seconds, as long as nothing else is.
 */
export function createPlaceFinder<Place>({ isFile, nowMs }: PlaceFinder<Place>) {
  let missed: { text: string; atMs: number } | undefined;

  return async function findPlace(
    places: readonly Place[],
    elsewhere: SearchElsewhere<Place> | undefined,
    cancellation: Cancellation,
  ): Promise<Place | undefined> {
    const isCancelled = () => cancellation.isCancellationRequested;
    for (let at = 0; at < places.length; at += placesAtOnce) {
      if (isCancelled()) return undefined;
      const some = places.slice(at, at + placesAtOnce);
      const isThere = await Promise.all(some.map(isFile));
      const found = some.find((_, index) => isThere[index]);
      if (found !== undefined) return found;
    }
    if (!elsewhere || isCancelled()) return undefined;
    const { text } = elsewhere;
    if (missed?.text === text && nowMs() - missed.atMs < missMs) return undefined;
    const found = await elsewhere.find();
    if (found === undefined && !isCancelled()) missed = { text, atMs: nowMs() };
    return found;
  };
}
