import type { Client } from '../../evolink/client.ts';
import { ResultAddressError } from '../../evolink/resultAddress.ts';
import { AppError, cancelled, isPassing, toAppError } from '../../appError.ts';
import { maxImageBytes } from '../../images/imageLimits.ts';
import { checkImageFile } from '../../images/checkImage.ts';
import { BadImageError, type ImageFacts } from '../../images/imageFacts.ts';
import type { DownloadingJob, Job } from '../job.ts';
import type { Destination } from '../resultFiles.ts';
import { toJobError, toWriteError } from '../jobError.ts';
import { createLimiter, type Limiter } from '../async/limiter.ts';
import { readWhole } from './convertStep.ts';
import { writeBody } from './writeBody.ts';
import { makeFolder, syncFile, syncFolder } from './durableFiles.ts';
import { codeOf, isFileError, whileBusy } from './fileErrors.ts';
import { createSaveStep, type SaveContext } from './saveStep.ts';
import { newPartPath, rejectedPath, removeParts, wholePath } from './tempFiles.ts';
import { ownFolderMode } from '../ownFiles.ts';
import type { Platform } from '../platform.ts';
import type { Timing } from '../async/timing.ts';

export interface DownloadContext extends SaveContext {
  client: Client;
  timing: Timing;
  isOpen: (workspaceUri: string | undefined) => boolean;
  /** Called while a result cannot be had, and with undefined when that is over. */
  onTrouble?: (jobId: string, error: AppError | undefined) => void;
}

/** An address lives for 24 hours (provider's documentation); a little longer is tried. */
const resultLifeMs = 26 * 3600_000;
/** A clock that jumps ahead ends nothing: so long is tried here, too. */
const minTriedMs = 10 * 60_000;
/** From the so manyth failure on, a user is told that the image is not to be had just now. */
const triesToTell = 3;
/** So many results are fetched at once from one host; the connections of a machine are not endless. */
export const atOncePerHost = 8;
const firstPauseMs = 500;
const maxPauseMs = 60_000;
/** A host that asks for more than this would keep a paid image too long. */
const maxAskedMs = 15 * 60_000;
/** So often is an answer fetched that is no whole image before it counts. */
const badImagesToFail = 5;
/** What models make. An SVG could bring a script along, and is none of theirs. */
const resultTypes: readonly ImageFacts['type'][] = ['png', 'jpg', 'webp'];
/** A host that refuses is asked ever more seldom. */
const maxRefusedPauseMs = 5 * 60_000;
/**
 * What a host may send that never comes to an end: a first part of it at the usual pace, and all of
 * it before the job waits for a user. Even images of 50 MB that break off are tried 80 times.
 */
const maxFetchedBytes = 8 * maxImageBytes;
const maxFetchedFastBytes = 2 * maxImageBytes;

/** From the address of a result to the file in its place. */
export function createDownloadStep(context: DownloadContext) {
  const { client, move, tempFolder, platform } = context;
  const { files, clock } = platform;
  const { now } = clock;
  const { timing } = context;
  const { sleep } = timing;
  /** Until when the host of a job's result asked to be left alone, and how it said so. */
  const waits = new Map<string, { untilMs: number; error: AppError }>();
  /** By the origin of the results. */
  const hosts = new Map<string, Limiter>();
  const save = createSaveStep(context);

  return async function downloadStep(
    first: DownloadingJob,
    signal: AbortSignal,
  ): Promise<Job | 'waitingForWorkspace'> {
    const whole = wholePath(tempFolder, first.id);
    let job: Job = first;
    try {
      if (!(await isWhole(platform, whole))) job = await downloadPatiently(first, signal);
      if (job.state !== 'downloading') return job;
      // A user may have named another folder meanwhile.
      job = context.store.get(first.id) ?? job;
      if (job.state !== 'downloading') return job;
      if (!context.isOpen(job.workspaceUri)) {
        if (!job.isWaitingForWorkspace) move(job.id, { type: 'workspaceAwaited' });
        return 'waitingForWorkspace';
      }
      return await save(job, await readWhole(whole, files.open), signal);
    } catch (thrown) {
      if (signal.aborted || !isFileError(thrown)) throw thrown;
      const error = toWriteError(thrown, folderName(first.destination));
      return failRecoverably(first.id, error);
    }
  };

  /** Repeats what may pass until the address must be dead; a paid image is not given up before. */
  async function downloadPatiently(first: DownloadingJob, signal: AbortSignal): Promise<Job> {
    let job = first;
    let badImages = 0;
    let fetchedBytes = 0;
    await waitAsAsked(first.id, signal);
    const startedMs = clock.monotonicMs();
    for (let tries = 0; ; tries += 1) {
      try {
        const current = job;
        const countBroken = (sizeBytes: number) => (fetchedBytes += sizeBytes);
        await limiterOf(job.resultUrl).run(() => download(current, signal, countBroken), signal);
        context.onTrouble?.(job.id, undefined);
        waits.delete(job.id);
        return job;
      } catch (thrown) {
        if (signal.aborted) throw cancelled(thrown);
        if (isFileError(thrown)) throw thrown;
        const error = toDownloadError(thrown);
        context.log?.(`Job ${job.id}: fetching the result failed: ${error.message}`);
        if (error.code === 'badImage') badImages += 1;
        const isOver =
          now() - job.finishedAt > resultLifeMs &&
          clock.monotonicMs() - startedMs > timing.scaled(minTriedMs);
        const isTooMuch = badImages >= badImagesToFail || fetchedBytes > maxFetchedBytes;
        if (isTooMuch || isOver) return failRecoverably(job.id, error);
        if (tries >= triesToTell) context.onTrouble?.(job.id, error);
        const isRefused = !isPassing(error) || thrown instanceof ResultAddressError;
        const isSlow = isRefused || fetchedBytes > maxFetchedFastBytes;
        const longestMs = isSlow ? maxRefusedPauseMs : maxPauseMs;
        const askedMs = Math.min(error.details.retryAfterMs ?? 0, maxAskedMs);
        if (askedMs > 0) waits.set(job.id, { untilMs: clock.monotonicMs() + askedMs, error });
        await sleep(pauseMs(tries, longestMs), askedMs, signal);
        // A host that has gone, or leads in circles, may never come back.
        if (isRefused || tries >= triesToTell) job = await askForAddress(job, signal);
      }
    }
  }

  /** A user may have stopped the job in the middle of a wait, and taken it up again. */
  async function waitAsAsked(id: string, signal: AbortSignal): Promise<void> {
    const wait = waits.get(id);
    const leftMs = (wait?.untilMs ?? 0) - clock.monotonicMs();
    if (!wait || leftMs <= 0) return;
    context.onTrouble?.(id, wait.error);
    await sleep(0, leftMs, signal);
  }

  /** A host that does not answer holds up no other. */
  function limiterOf(resultUrl: string): Limiter {
    const origin = URL.parse(resultUrl)?.origin ?? resultUrl;
    const limiter = hosts.get(origin) ?? createLimiter(atOncePerHost);
    hosts.set(origin, limiter);
    return limiter;
  }

  async function download(
    job: DownloadingJob,
    signal: AbortSignal,
    onBrokenOff: (sizeBytes: number) => void,
  ): Promise<void> {
    await makeFolder(files, tempFolder, ownFolderMode);
    await removeParts(tempFolder, job.id, files);
    const part = newPartPath(tempFolder, job.id, platform.randomId());
    try {
      const { body, sizeBytes } = await client.download(job.resultUrl, signal);
      if ((sizeBytes ?? 0) > maxImageBytes) {
        body.destroy();
        throw new BadImageError('The file is too large for an image');
      }
      // Arrives whole or throws: the length announced is checked by the HTTP engine.
      await writeBody(body, part, signal, files);
      await judge(job.id, part, sizeBytes);
      await syncFile(files, part);
      await whileBusy(clock, () => files.rename(part, wholePath(tempFolder, job.id)));
      await syncFolder(files, tempFolder);
    } finally {
      await files.stat(part).then(
        ({ size }) => {
          onBrokenOff(size);
        },
        () => undefined,
      );
      // Else it is removed before the next try, or swept when a window starts.
      await files.rm(part, { force: true }).catch(() => undefined);
    }
  }

  /** @throws BadImageError when these bytes are not to be saved; they are paid, and kept. */
  async function judge(id: string, part: string, sizeBytes: number | undefined): Promise<void> {
    try {
      const facts = await checkImageFile(part, files.open);
      if (sizeBytes !== undefined && facts.sizeBytes !== sizeBytes)
        throw new BadImageError('The image did not arrive whole');
      if (!resultTypes.includes(facts.type))
        throw new BadImageError(`It is a file of type ${facts.type}, which no model makes`);
    } catch (thrown) {
      if (thrown instanceof BadImageError) await keepRejected(id, part);
      throw thrown;
    }
  }

  /** One copy, the largest: an error page that comes instead of an image is smaller than that. */
  async function keepRejected(id: string, part: string): Promise<void> {
    const kept = rejectedPath(tempFolder, id);
    try {
      const { size } = await files.stat(part);
      const before = await files.stat(kept).catch(() => undefined);
      if (size <= (before?.size ?? 0)) return;
      await whileBusy(clock, () => files.rename(part, kept));
      context.log?.(`Job ${id}: what arrived is no image that can be saved; it is kept in ${kept}`);
    } catch (thrown) {
      context.log?.(`Job ${id}: what arrived could not be kept: ${toAppError(thrown).message}`);
    }
  }

  /** The provider may have another address by now; without one the old is tried again. */
  async function askForAddress(job: DownloadingJob, signal: AbortSignal): Promise<DownloadingJob> {
    try {
      const task = await client.getTask(job.taskId, signal);
      const [resultUrl] = task.resultUrls;
      if (resultUrl === undefined || resultUrl === job.resultUrl) return job;
      return move(job.id, { type: 'completed', resultUrl, at: now() }) as DownloadingJob;
    } catch (thrown) {
      if (signal.aborted) throw cancelled(thrown);
      // A new address that cannot be written down now is asked for again.
      return job;
    }
  }

  function failRecoverably(id: string, error: AppError): Job {
    return move(id, { type: 'failed', error: toJobError(error), at: now(), isRecoverable: true });
  }
}

/** @throws what the system says when the file is there and cannot be read now. */
async function isWhole({ files, clock }: Platform, path: string): Promise<boolean> {
  try {
    await whileBusy(clock, () => checkImageFile(path, files.open));
    return true;
  } catch (thrown) {
    if (thrown instanceof BadImageError || codeOf(thrown) === 'ENOENT') return false;
    throw thrown;
  }
}

function pauseMs(tries: number, longestMs: number): number {
  return Math.min(firstPauseMs * 2 ** Math.min(tries, 10), longestMs);
}

function toDownloadError(thrown: unknown): AppError {
  if (thrown instanceof BadImageError) return new AppError('badImage', thrown.message, {}, thrown);
  const { code } = thrown as { code?: unknown };
  // What breaks in the middle of a body comes from the socket, not from undici.
  if (!(thrown instanceof AppError) && typeof code === 'string')
    return new AppError('network', `The download broke off (${code})`, {}, thrown);
  return toAppError(thrown);
}

/** The folder as a user knows it. */
function folderName(destination: Destination): string {
  try {
    return decodeURIComponent(new URL(destination.folderUri).pathname);
  } catch {
    return destination.folderUri;
  }
}
