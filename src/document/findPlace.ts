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
/** An editor asks again at each move of the cursor. A new file is found after that long. */
const missMs = 5_000;

/**
 * Finds the first of some places where there is a file, else what `elsewhere` finds. What was not
 * found is not looked for again within some seconds, as long as nothing else is looked for.
 */
export function createPlaceFinder<Place>({ isFile, nowMs }: PlaceFinder<Place>) {
  let missed: { key: string; atMs: number } | undefined;

  return async function findPlace(
    places: readonly Place[],
    elsewhere: () => Promise<Place | undefined>,
    cancellation: Cancellation,
  ): Promise<Place | undefined> {
    const isCancelled = () => cancellation.isCancellationRequested;
    const key = places.map(String).join('\n');
    if (missed?.key === key && nowMs() - missed.atMs < missMs) return undefined;
    for (let at = 0; at < places.length; at += placesAtOnce) {
      if (isCancelled()) return undefined;
      const some = places.slice(at, at + placesAtOnce);
      const isThere = await Promise.all(some.map(isFile));
      const found = some.find((_, index) => isThere[index]);
      if (found !== undefined) return found;
    }
    if (isCancelled()) return undefined;
    const found = await elsewhere();
    if (found === undefined && !isCancelled()) missed = { key, atMs: nowMs() };
    return found;
  };
}
