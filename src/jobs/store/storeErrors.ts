/** Thrown when a job is worked on by another window that lives, or no longer by this one. */
export class OwnedElsewhereError extends Error {
  constructor(id: string) {
    super(`Job ${id} is worked on by another window`);
    this.name = 'OwnedElsewhereError';
  }
}

/** Thrown when another job has chosen a place for its image, and is not saved yet. */
export class PlaceTakenError extends Error {
  constructor(uri: string) {
    super(`Another job has chosen ${uri}`);
    this.name = 'PlaceTakenError';
  }
}

const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** A failure to read or write the store, whatever was to be done with it. */
export function isStoreError(thrown: unknown): thrown is Error {
  const { code } = (thrown ?? {}) as { code?: unknown };
  // The second when a store could be neither used nor replaced, and so is closed.
  return code === 'ERR_SQLITE_ERROR' || code === 'ERR_INVALID_STATE';
}

/** Another connection holds the lock. */
export function isBusy(thrown: unknown): boolean {
  const { errcode = 0 } = thrown as { errcode?: number };
  return (errcode & 0xff) === SQLITE_BUSY;
}

/** The file is no store, or no longer a whole one. */
export function isDamage(thrown: unknown): boolean {
  const { errcode } = thrown as { errcode?: number };
  if (errcode !== undefined && [SQLITE_CORRUPT, SQLITE_NOTADB].includes(errcode & 0xff))
    return true;
  // A file of another program's that happens to hold a table of ours.
  return isStoreError(thrown) && /already exists|no such (table|column)/.test(thrown.message);
}
