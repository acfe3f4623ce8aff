import type { Clock } from '../platform.ts';

/** The system's code of a refused call, such as `EEXIST`. */
export function codeOf(thrown: unknown): string {
  const { code } = thrown as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** No other way to write the same file gets around these. */
const hopelessCodes = new Set([
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'ENOENT',
  'ENOTDIR',
  'ENAMETOOLONG',
  'EIO',
  'EMFILE',
  'ENFILE',
]);

/** Whether a refused call need not be tried in another way. */
export function isHopeless(thrown: unknown): boolean {
  return hopelessCodes.has(codeOf(thrown));
}

/** Said of a file that a scanner, an indexer or a sync client holds for a moment. */
const busyCodes = new Set(['EBUSY', 'EPERM', 'EACCES']);

/** About two seconds together. */
const busyPausesMs = [10, 20, 40, 80, 160, 320, 640, 1000];

/** Repeats a call for about two seconds while the file it is about may be held by another program. */
export async function whileBusy<T>(
  { after }: Pick<Clock, 'after'>,
  call: () => Promise<T>,
): Promise<T> {
  for (const pauseMs of busyPausesMs) {
    try {
      return await call();
    } catch (thrown) {
      if (!busyCodes.has(codeOf(thrown))) throw thrown;
    }
    await new Promise<void>((resolve) => after(pauseMs, resolve));
  }
  return await call();
}

/** The system's own refusals to read or write a file have a call and mostly a path. */
export function isFileError(thrown: unknown): boolean {
  const { code, syscall } = thrown as { code?: unknown; syscall?: unknown };
  if (!(thrown instanceof Error) || typeof code !== 'string') return false;
  if (fileErrorCodes.has(code)) return true;
  // Sockets have these calls as well.
  if (syscall === 'read' || syscall === 'write') return !socketErrors.test(code);
  return typeof syscall === 'string' && fileCalls.has(syscall);
}

const socketErrors = /^(ECONN|ENET|EHOST|EPIPE|ETIMEDOUT|ENOTCONN)/;
const fileErrorCodes = new Set([
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'NoPermissions',
  'Unavailable',
  'FileExists',
  'FileNotFound',
  'FileNotADirectory',
  'FileIsADirectory',
]);
const fileCalls = new Set([
  'open',
  'rename',
  'link',
  'mkdir',
  'copyfile',
  'fsync',
  'stat',
  'fstat',
  'lstat',
  'realpath',
  'scandir',
  'unlink',
  'rmdir',
  'rm',
  'close',
]);
