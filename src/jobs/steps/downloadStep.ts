import type { Client } from '../../evolink/client.ts';
import { AppError, cancelled, isPassing, toAppError } from '../../appError.ts';
import { fileNameOf } from '../../images/fileName.ts';
import { BadImageError, inspectImageFile } from '../../images/inspectImage.ts';
import { sha256OfFile } from '../../images/sha256.ts';
import type { Destination, DownloadingJob, Job, JobEvent, SavedImage, Target } from '../job.ts';
import { toJobError, toWriteError } from '../jobError.ts';
import { maxImageBytes, writeBody } from './writeBody.ts';
import { newPartPath, removeParts, wholePath } from './tempFiles.ts';
import type { Files, Platform } from '../platform.ts';
import type { Store } from '../store/store.ts';
import { PlaceTakenError } from '../store/storeErrors.ts';
import type { Timing } from '../async/timing.ts';

export interface PlaceRequest {
  sourcePath: string;
  sha256: string;
  folderUri: string;
  /** Without extension. */
  name: string;
  /** With its dot. */
  extension: string;
  jobId: string;
  earlierUri?: string;
  /**
   * To be called with a free place before the file appears there. @returns whether it may go
   * there: no other job has chosen that place.
   */
  choose: (uri: string) => boolean;
}

/** Puts a whole file in its place, over no other. @returns its uri. */
export type PlaceImage = (request: PlaceRequest) => Promise<string>;

export interface DownloadContext {
  client: Client;
  store: Pick<Store, 'get'>;
  timing: Timing;
  place: PlaceImage;
  tempFolder: string;
  isOpen: (workspaceUri: string | undefined) => boolean;
  move: (id: string, event: JobEvent) => Job;
  log?: (line: string) => void;
  platform: Platform;
}

/** An address lives for 24 hours (provider's documentation); a little longer is tried. */
const resultLifeMs = 26 * 3600_000;
const firstPauseMs = 500;
const maxPauseMs = 60_000;
/** So often is an answer fetched that is no whole image, or refused, before it counts. */
const badAnswersToFail = 5;

/** From the address of a result to the file in its place. */
export function createDownloadStep(context: DownloadContext) {
  const { client, move, tempFolder, platform } = context;
  const { files } = platform;
  const { now } = platform.clock;
  const { sleep } = context.timing;

  return async function downloadStep(
    first: DownloadingJob,
    signal: AbortSignal,
  ): Promise<Job | 'waitingForWorkspace'> {
    const whole = wholePath(tempFolder, first.id);
    let job: Job = first;
    try {
      if (!(await isWhole(files, whole))) job = await downloadPatiently(first, signal);
      if (job.state !== 'downloading') return job;
      // A user may have named another folder meanwhile.
      job = context.store.get(first.id) ?? job;
      if (job.state !== 'downloading') return job;
      if (!context.isOpen(job.workspaceUri)) {
        if (!job.isWaitingForWorkspace) move(job.id, { type: 'workspaceAwaited' });
        return 'waitingForWorkspace';
      }
      return await save(job, whole);
    } catch (thrown) {
      if (signal.aborted || !isFileError(thrown)) throw thrown;
      const error = toWriteError(thrown, folderName(first.destination));
      return failRecoverably(first.id, error);
    }
  };

  /** Repeats what may pass until the address must be dead; a paid image is not given up before. */
  async function downloadPatiently(first: DownloadingJob, signal: AbortSignal): Promise<Job> {
    let job = first;
    let badAnswers = 0;
    for (let tries = 0; ; tries += 1) {
      try {
        await download(job, signal);
        return job;
      } catch (thrown) {
        if (signal.aborted) throw cancelled(thrown);
        if (isFileError(thrown)) throw thrown;
        const error = toDownloadError(thrown);
        context.log?.(`Job ${job.id}: fetching the result failed: ${error.message}`);
        if (!isPassing(error)) badAnswers += 1;
        if (badAnswers >= badAnswersToFail || now() - job.finishedAt > resultLifeMs)
          return failRecoverably(job.id, error);
        const askedMs = Math.min(error.details.retryAfterMs ?? 0, maxPauseMs);
        await sleep(pauseMs(tries), askedMs, signal);
        if (!isPassing(error)) job = await askForAddress(job, signal);
      }
    }
  }

  async function download(job: DownloadingJob, signal: AbortSignal): Promise<void> {
    await files.mkdir(tempFolder, { recursive: true });
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
      const facts = await inspectImageFile(part, files.open);
      if (sizeBytes !== undefined && facts.sizeBytes !== sizeBytes)
        throw new BadImageError('The image did not arrive whole');
      await flush(files, part);
      await files.rename(part, wholePath(tempFolder, job.id));
    } finally {
      await files.rm(part, { force: true });
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
      return job;
    }
  }

  async function save(job: DownloadingJob, whole: string): Promise<Job> {
    const { type, width, height, sizeBytes } = await inspectImageFile(whole, files.open);
    const sha256 = await sha256OfFile(whole, files.open);
    const { folderUri } = job.destination;
    const earlierUri = job.target?.uri;
    const uri = await context.place({
      sourcePath: whole,
      sha256,
      folderUri,
      name: nameFor(job),
      extension: `.${type}`,
      jobId: job.id,
      ...(earlierUri !== undefined && { earlierUri }),
      choose: (chosen) => isChosen(job.id, { uri: chosen, sha256 }),
    });
    const image: SavedImage = { uri, sha256, sizeBytes, width, height };
    const saved = move(job.id, { type: 'saved', image, at: now() });
    await files.rm(whole, { force: true });
    return saved;
  }

  function isChosen(id: string, target: Target): boolean {
    try {
      move(id, { type: 'placing', target });
      return true;
    } catch (thrown) {
      if (thrown instanceof PlaceTakenError) return false;
      throw thrown;
    }
  }

  function nameFor(job: DownloadingJob): string {
    const { name, isExactName } = job.destination;
    if (isExactName) return name;
    const at = new Date(job.createdAt);
    return fileNameOf(name, { ...job, jobId: job.id, at });
  }

  function failRecoverably(id: string, error: AppError): Job {
    return move(id, { type: 'failed', error: toJobError(error), at: now(), isRecoverable: true });
  }
}

async function isWhole(files: Files, path: string): Promise<boolean> {
  try {
    await inspectImageFile(path, files.open);
    return true;
  } catch {
    return false;
  }
}

/** On the disk, not only in its cache: a power cut must not leave a hole in a finished file. */
async function flush(files: Files, path: string): Promise<void> {
  const file = await files.open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function pauseMs(tries: number): number {
  return Math.min(firstPauseMs * 2 ** Math.min(tries, 10), maxPauseMs);
}

function toDownloadError(thrown: unknown): AppError {
  if (thrown instanceof BadImageError) return new AppError('badImage', thrown.message, {}, thrown);
  const { code } = thrown as { code?: unknown };
  // What breaks in the middle of a body comes from the socket, not from undici.
  if (!(thrown instanceof AppError) && typeof code === 'string')
    return new AppError('network', `The download broke off (${code})`, {}, thrown);
  return toAppError(thrown);
}

/** The system's own refusals to read or write a file have a call and mostly a path. */
function isFileError(thrown: unknown): boolean {
  const { code, syscall } = thrown as { code?: unknown; syscall?: unknown };
  return (
    thrown instanceof Error &&
    typeof code === 'string' &&
    (fileErrorCodes.has(code) || (typeof syscall === 'string' && fileCalls.has(syscall)))
  );
}

const fileErrorCodes = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'NoPermissions', 'Unavailable']);
const fileCalls = new Set([
  'open',
  'write',
  'rename',
  'link',
  'mkdir',
  'copyfile',
  'fsync',
  'stat',
  'scandir',
  'unlink',
]);

/** The folder as a user knows it. */
function folderName(destination: Destination): string {
  try {
    return decodeURIComponent(new URL(destination.folderUri).pathname);
  } catch {
    return destination.folderUri;
  }
}
