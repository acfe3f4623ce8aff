import { AppError, toAppError } from '../../appError.ts';
import type { FilesClient } from '../../evolink/files.ts';
import type { ListedFile } from '../../evolink/filesSchema.ts';
import { createLimiter } from '../async/limiter.ts';
import type { Store } from '../store/store.ts';
import type { Upload } from '../store/uploads.ts';
import type { Timing } from '../async/timing.ts';
import type { Clock } from '../platform.ts';

export interface SweepContext {
  store: Pick<Store, 'uploads'>;
  files: Pick<FilesClient, 'account' | 'delete' | 'list'>;
  /** Whether files that could be used again are left to expire. */
  keepsUploads: () => boolean;
  timing: Timing;
  log?: (line: string) => void;
  clock: Clock;
}

const firstPauseMs = 5_000;
const maxPauseMs = 10 * 60_000;
/** What was broken off may still become a file on the other side. */
const arrivalMs = 60_000;
/** So often is it looked for: each look asks for all pages of the list. */
const lookPauseMs = 20_000;
const atOnce = 3;
/** As many files as an account may have, were the pages smaller than was asked for. */
const maxPages = 40;

/** Work that may fail for a while. `notBeforeMs` by a clock that does not jump. */
interface Attempts {
  failures: number;
  notBeforeMs: number;
  isAtIt: boolean;
}

/** Deletes files that no job needs, and tries again later what could not be deleted. */
export function createUploadSweep(context: SweepContext) {
  const { store, files } = context;
  const { now, monotonicMs } = context.clock;
  const { scaled } = context.timing;
  const limiter = createLimiter(atOnce);
  const deleting: Attempts = { failures: 0, notBeforeMs: 0, isAtIt: false };
  /** Apart from deleting: a list that cannot be had must not hold up what can be deleted. */
  const looking: Attempts = { failures: 0, notBeforeMs: 0, isAtIt: false };
  let lookedFor: ReadonlySet<string> = new Set();
  /** Accounts that did not know a file, by its name: asked again, they would say the same. */
  const strangers = new Map<string, string>();
  /** Since when files are not listed, by their names and a clock that does not jump. */
  const missingSinceMs = new Map<string, number>();
  let deletion: Promise<void> = Promise.resolve();
  let look: Promise<void> = Promise.resolve();

  /** Deletes what is due, unless that failed a moment ago. Never throws. */
  async function sweep(signal: AbortSignal): Promise<void> {
    if (deleting.isAtIt || monotonicMs() < deleting.notBeforeMs) return;
    await sweepNow(signal);
  }

  /** Likewise, at once and also if it failed a moment ago. */
  async function sweepNow(signal: AbortSignal): Promise<void> {
    deletion = deletion.then(() => (signal.aborted ? undefined : attempt(signal)));
    await deletion;
    await look;
  }

  async function attempt(signal: AbortSignal): Promise<void> {
    await tryTo('delete uploads', deleting, signal, async () => {
      const due = store.uploads.markUnneededForDeletion(now(), context.keepsUploads());
      const unanswered = due.filter((upload) => !isKnown(upload));
      if (isLookDue(unanswered)) look = lookFor(unanswered, signal);
      await removeKnown(due.filter(isKnown), signal);
    });
  }

  /** Those never looked for are looked for at once. */
  function isLookDue(unanswered: readonly Upload[]): boolean {
    if (looking.isAtIt || unanswered.length === 0) return false;
    const isNew = unanswered.some(({ name }) => !lookedFor.has(name));
    return isNew || monotonicMs() >= looking.notBeforeMs;
  }

  async function lookFor(unanswered: readonly Upload[], signal: AbortSignal): Promise<void> {
    lookedFor = new Set(unanswered.map(({ name }) => name));
    await tryTo('look for uploads', looking, signal, () => removeUnanswered(unanswered, signal));
    const earliestMs = monotonicMs() + scaled(lookPauseMs);
    looking.notBeforeMs = Math.max(looking.notBeforeMs, earliestMs);
  }

  /** Never throws. */
  async function tryTo(
    what: string,
    tries: Attempts,
    signal: AbortSignal,
    work: () => Promise<unknown>,
  ): Promise<void> {
    tries.isAtIt = true;
    try {
      await work();
      tries.failures = 0;
      tries.notBeforeMs = 0;
    } catch (thrown) {
      if (!signal.aborted) backOff(what, tries, toAppError(thrown));
    } finally {
      tries.isAtIt = false;
    }
  }

  function backOff(what: string, tries: Attempts, { message, details }: AppError): void {
    const steps = Math.min(tries.failures, 10);
    const ownMs = scaled(Math.min(firstPauseMs * 2 ** steps, maxPauseMs));
    const waitMs = Math.max(ownMs, details.retryAfterMs ?? 0);
    tries.failures += 1;
    tries.notBeforeMs = monotonicMs() + waitMs;
    context.log?.(`Failed to ${what} (${message}); again in ${String(waitMs)} ms`);
  }

  /**
   * Those whose answer was lost only as far as they are listed.
   * @returns how many are gone. @throws the first failure, after all others were tried.
   */
  async function remove(uploads: readonly Upload[], signal: AbortSignal): Promise<number> {
    const unanswered = uploads.filter((upload) => !isKnown(upload));
    const counts = [
      removeKnown(uploads.filter(isKnown), signal),
      removeUnanswered(unanswered, signal),
    ];
    return (await allOrFailure(counts)).reduce((sum, count) => sum + count, 0);
  }

  async function removeKnown(uploads: readonly KnownUpload[], signal: AbortSignal) {
    if (uploads.length === 0) return 0;
    const current = await files.account();
    const asked = uploads.filter(({ name }) => strangers.get(name) !== current);
    const all = asked.map(async (upload) => {
      const { name, fileId } = upload;
      const { wasThere, account } = await limiter.run(() => files.delete(fileId, signal), signal);
      if (wasThere !== 'yes' && isAnothers(upload, account)) {
        strangers.set(name, account);
        return 0;
      }
      if (wasThere === 'unknown') await requireUnlisted(upload, signal);
      forget(name);
      return 1;
    });
    return (await allOrFailure<number>(all)).reduce((sum, count) => sum + count, 0);
  }

  /** A gateway's "not found" says nothing of a file. @throws AppError while it may be there. */
  async function requireUnlisted(upload: Upload, signal: AbortSignal): Promise<void> {
    if ((await find([upload], signal)).has(upload.name))
      throw new AppError('server', 'A file is listed, and said not to be there');
  }

  /** What an account does not know may be there all the same, when it was sent to another. */
  function isAnothers(upload: Upload, account: string): boolean {
    return upload.account !== undefined && upload.account !== account;
  }

  function forget(name: string): void {
    store.uploads.forget(name);
    strangers.delete(name);
    missingSinceMs.delete(name);
  }

  /** By the time that passed since it was missed first: a clock that jumps must not decide. */
  function isLongMissing(name: string): boolean {
    const sinceMs = missingSinceMs.get(name) ?? monotonicMs();
    missingSinceMs.set(name, sinceMs);
    return monotonicMs() - sinceMs >= scaled(arrivalMs);
  }

  /** The answer that told their ids was lost: only their names tell them in the list. */
  async function removeUnanswered(uploads: readonly Upload[], signal: AbortSignal) {
    if (uploads.length === 0) return 0;
    const account = await files.account();
    const found = await find(uploads, signal);
    const listed: KnownUpload[] = [];
    for (const upload of uploads) {
      const file = found.get(upload.name);
      if (file) {
        missingSinceMs.delete(upload.name);
        listed.push({ ...upload, fileId: file.fileId });
      } else if (!isAnothers(upload, account) && isLongMissing(upload.name)) forget(upload.name);
    }
    return await removeKnown(listed, signal);
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

/** What all came to. @throws the first failure, when all have ended. */
async function allOrFailure<T>(works: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(works);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
