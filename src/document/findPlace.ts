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
/** An editor asks again at each move of the cursor. A change that nobody told of is found after that long. */
const knownMs = 10_000;
/** More broken links than this no document has that somebody writes. */
const maxKnown = 500;

/** A search through all folders. */
export interface SearchElsewhere<Place> {
  /** What is searched for: the same text finds the same file. */
  text: string;
  find: () => Promise<Place | undefined>;
}

export interface FindPlace<Place> {
  (
    places: readonly Place[],
    elsewhere: SearchElsewhere<Place> | undefined,
    cancellation: Cancellation,
  ): Promise<Place | undefined>;
  /** Files have come or gone: what was searched for is searched for again. */
  forget: () => void;
}

/**
 * Finds the first of some places where there is a file, else what the search elsewhere finds. What
 * was searched for is not searched for again until files change, or for some seconds.
 */
export function createPlaceFinder<Place>({ isFile, nowMs }: PlaceFinder<Place>): FindPlace<Place> {
  const searches = new Map<string, { atMs: number; found: Promise<Place | undefined> }>();

  async function search(
    { text, find }: SearchElsewhere<Place>,
    cancellation: Cancellation,
  ): Promise<Place | undefined> {
    const known = searches.get(text);
    if (known && nowMs() - known.atMs < knownMs) {
      const found = await known.found;
      if (found === undefined || (await isFile(found))) return found;
    }
    const searching = { atMs: nowMs(), found: find() };
    searches.delete(text);
    searches.set(text, searching);
    for (const oldest of searches.keys()) if (searches.size > maxKnown) searches.delete(oldest);
    let isDone = false;
    try {
      const found = await searching.found;
      // One that was broken off has missed nothing.
      isDone = found !== undefined || !cancellation.isCancellationRequested;
      return found;
    } finally {
      if (!isDone && searches.get(text) === searching) searches.delete(text);
    }
  }

  async function findPlace(
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
    return elsewhere && !isCancelled() ? await search(elsewhere, cancellation) : undefined;
  }

  return Object.assign(findPlace, { forget: () => searches.clear() });
}
