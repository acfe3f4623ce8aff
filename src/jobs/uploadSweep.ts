import { toEvolinkError } from '../evolink/errors.ts';
import type { FilesClient } from '../evolink/files.ts';
import type { ListedFile } from '../evolink/filesSchema.ts';
import { createGate } from './gate.ts';
import type { Store } from './store.ts';
import type { Upload } from './uploadRows.ts';
import type { Waits } from './waits.ts';

export interface SweepContext {
  store: Pick<Store, 'uploads'>;
  files: Pick<FilesClient, 'delete' | 'list'>;
  /** Whether files that could be used again are left to expire. */
  keepsUploads: () => boolean;
  waits: Waits;
  log?: (line: string) => void;
  now: () => number;
}

const firstPauseMs = 5_000;
const maxPauseMs = 10 * 60_000;
/** What was broken off may still become a file on the other side. */
const arrivalMs = 60_000;
const atOnce = 3;
/** As many files as an account may have, were the pages smaller than was asked for. */
const maxPages = 40;

/** Deletes files that no job needs, and tries again later what could not be deleted. */
export function createUploadSweep(context: SweepContext) {
  const { store, files, now } = context;
  const { scaled } = context.waits;
  const gate = createGate(atOnce);
  /** `notBeforeMs` by a clock that does not jump. */
  const state = { failures: 0, notBeforeMs: 0, isAtIt: false };
  let last: Promise<void> = Promise.resolve();

  /** Deletes what is due, unless that failed a moment ago. Never throws. */
  async function sweep(signal: AbortSignal): Promise<void> {
    if (state.isAtIt || performance.now() < state.notBeforeMs) return;
    await sweepNow(signal);
  }

  /** Likewise, at once and also if it failed a moment ago. */
  function sweepNow(signal: AbortSignal): Promise<void> {
    last = last.then(() => (signal.aborted ? undefined : attempt(signal)));
    return last;
  }

  async function attempt(signal: AbortSignal): Promise<void> {
    state.isAtIt = true;
    try {
      await remove(store.uploads.doomUnneeded(now(), context.keepsUploads()), signal);
      state.failures = 0;
      state.notBeforeMs = 0;
    } catch (thrown) {
      if (!signal.aborted) backOff(toEvolinkError(thrown).message);
    } finally {
      state.isAtIt = false;
    }
  }

  function backOff(reason: string): void {
    const steps = Math.min(state.failures, 10);
    const waitMs = scaled(Math.min(firstPauseMs * 2 ** steps, maxPauseMs));
    state.failures += 1;
    state.notBeforeMs = performance.now() + waitMs;
    context.log?.(`Uploads could not be deleted (${reason}); again in ${String(waitMs)} ms`);
  }

  /** @returns how many are gone. @throws the first failure, after all others were tried. */
  async function remove(uploads: readonly Upload[], signal: AbortSignal): Promise<number> {
    if (uploads.length === 0) return 0;
    const results = await Promise.allSettled([
      ...uploads.filter(isKnown).map((upload) => removeKnown(upload, signal)),
      removeUnanswered(
        uploads.filter((upload) => !isKnown(upload)),
        signal,
      ),
    ]);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    return uploads.length;
  }

  async function removeKnown({ name, fileId }: KnownUpload, signal: AbortSignal): Promise<void> {
    await gate.run(() => files.delete(fileId, signal), signal);
    store.uploads.forget(name);
  }

  /** The answer that told their ids was lost: only their names tell them in the list. */
  async function removeUnanswered(uploads: readonly Upload[], signal: AbortSignal): Promise<void> {
    if (uploads.length === 0) return;
    const found = await find(uploads, signal);
    for (const upload of uploads) {
      const file = found.get(upload.name);
      if (file) await removeKnown({ ...upload, fileId: file.fileId }, signal);
      else if (now() - (upload.unneededAt ?? 0) >= scaled(arrivalMs))
        store.uploads.forget(upload.name);
    }
  }

  /** Files of these names, as far as the service lists them. */
  async function find(
    uploads: readonly Upload[],
    signal: AbortSignal,
  ): Promise<Map<string, ListedFile>> {
    const wanted = new Set(uploads.map(({ name }) => name));
    const found = new Map<string, ListedFile>();
    const seen = new Set<string>();
    for (let page = 1; page <= maxPages && found.size < wanted.size; page += 1) {
      const listed = await files.list(page, signal);
      if (listed.every(({ fileId }) => seen.has(fileId))) break;
      for (const file of listed) {
        seen.add(file.fileId);
        const name = file.names.find((each) => wanted.has(each));
        if (name !== undefined && !found.has(name)) found.set(name, file);
      }
    }
    return found;
  }

  return { sweep, sweepNow, remove, find };
}

type KnownUpload = Upload & { fileId: string };

function isKnown(upload: Upload): upload is KnownUpload {
  return upload.fileId !== undefined;
}
