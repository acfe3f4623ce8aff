/** Thrown when a job is worked on by another window that lives, or no longer by this one. */
export class OwnedElsewhereError extends Error {
  constructor(id: string) {
    super(`Job ${id} is worked on by another window`);
    this.name = 'OwnedElsewhereError';
  }
}

/** Thrown when a job is to be sent while the queue is paused, or holds all jobs of its model. */
export class HeldBackError extends Error {
  constructor() {
    super('The queue holds the job back');
    this.name = 'HeldBackError';
  }
}

/** Thrown when a job is not there any more, or cannot be read. */
export class NoJobError extends Error {
  constructor(id: string) {
    super(`There is no job ${id}`);
    this.name = 'NoJobError';
  }
}

/** Thrown when the image of a file is asked for that another job makes, or has paid and not saved. */
export class FileAwaitedError extends Error {
  constructor(id: string) {
    super(`Job ${id} makes this file`);
    this.name = 'FileAwaitedError';
  }
}

/** Thrown when another job has chosen a place for its image, and is not saved yet. */
export class PlaceTakenError extends Error {
  constructor(uri: string) {
    super(`Another job has chosen ${uri}`);
    this.name = 'PlaceTakenError';
  }
}

const newerCode = 'ERR_NEWER_STORE';

/** The store is of a newer version. It is left as it is, since newer windows may be using it. */
export class NewerStoreError extends Error {
  readonly code = newerCode;
  constructor(path: string) {
    super(`The store ${path} was written by a newer version`);
    this.name = 'NewerStoreError';
  }
}

/** The file's header says what no version has written. */
export class ImplausibleStoreError extends Error {
  readonly code = 'ERR_SQLITE_ERROR';
  readonly errcode = SQLITE_CORRUPT;
  constructor(version: number) {
    super(`The store says that it is of version ${String(version)}`);
    this.name = 'ImplausibleStoreError';
  }
}

const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_CANTOPEN = 14;
const SQLITE_PROTOCOL = 15;
const SQLITE_NOTADB = 26;

/** A failure to read or write the store, whatever was to be done with it. */
export function isStoreError(thrown: unknown): thrown is Error {
  const { code } = (thrown ?? {}) as { code?: unknown };
  // The second when a store could be neither used nor replaced, and so is closed.
  return code === 'ERR_SQLITE_ERROR' || code === 'ERR_INVALID_STATE' || code === newerCode;
}

/** Another connection holds the lock. */
export function isBusy(thrown: unknown): boolean {
  return primaryCodeOf(thrown) === SQLITE_BUSY;
}

/** The file is no store, or no longer a whole one. */
export function isDamage(thrown: unknown): boolean {
  if ([SQLITE_CORRUPT, SQLITE_NOTADB].includes(primaryCodeOf(thrown))) return true;
  return isStoreError(thrown) && damageMessages.test(thrown.message);
}

/**
 * A file of another program's that happens to hold a table of ours; and a header with some wrong
 * bytes. SQLite tells both as an error in our statements, which are always the same.
 */
const damageMessages =
  /already exists|no such (table|column)|duplicate column|unsupported file format/;

/** The memory that the windows of a shared journal share cannot be had here. */
export function isWithoutSharedMemory(thrown: unknown): boolean {
  const codes = [SQLITE_READONLY, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_PROTOCOL];
  return codes.includes(primaryCodeOf(thrown));
}

function primaryCodeOf(thrown: unknown): number {
  const { errcode = 0 } = (thrown ?? {}) as { errcode?: number };
  return errcode & 0xff;
}
