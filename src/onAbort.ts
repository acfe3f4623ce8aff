import { cancelled } from './appError.ts';

/**
 * Calls back when a signal says so; at once where it has. @returns what ends that: a signal may live
 * much longer than what waits by it, and would keep all of it.
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (signal?.aborted) callback();
  else signal?.addEventListener('abort', callback, { once: true });
  return () => signal?.removeEventListener('abort', callback);
}

/** Waits for work that others may wait for too. @throws AppError `cancelled` by the signal */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: (() => void) | undefined;
  const left = new Promise<never>((_, reject) => {
    stop = onAbort(signal, () => reject(cancelled(signal.reason)));
  });
  try {
    return await Promise.race([work, left]);
  } finally {
    stop?.();
  }
}
