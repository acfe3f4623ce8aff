import { basename } from 'node:path';
import { AppError, cancelled, isPassing, toAppError } from '../../appError.ts';
import { changedError, type FilesClient } from '../../evolink/files.ts';
import { quotaCode, type UploadedFile } from '../../evolink/filesSchema.ts';
import type { ModelRow } from '../../evolink/models/modelRow.ts';
import { findModel } from '../../evolink/models/shippedModels.ts';
import { isWebUrl } from '../../evolink/webUrl.ts';
import { isStoreError } from '../store/storeErrors.ts';
import type { Platform } from '../platform.ts';
import { createLimiter } from '../async/limiter.ts';
import { inspectReference, type OpenReference, type Reference } from './inspectReference.ts';
import type { Job, PrepareReferences } from '../job.ts';
import { hasUsableResultUrl } from './resultUrlLife.ts';
import type { Store } from '../store/store.ts';
import { createUploadProgress, type UploadProgress } from './uploadProgress.ts';
import type { Upload } from '../store/uploads.ts';
import { createUploadSweep } from './uploadSweep.ts';
import { createTiming } from '../async/timing.ts';
import { orAborted } from '../../onAbort.ts';

export interface ReferenceUploadsOptions {
  store: Store;
  files: FilesClient;
  openReference: OpenReference;
  /**
   * Whether a file may be sent, asked before each; true when absent. `isAgreed` is false for an image
   * that the provider still had when its job was ordered, so that nobody was asked about it.
   */
  mayUpload?: (isAgreed: boolean) => boolean;
  /** Whether JPEG and WebP are sent without place and camera. */
  removesMetadata: () => boolean;
  /** The models that are known; those of the product when absent. */
  models?: () => readonly ModelRow[];
  /** Whether uploads stay, to be used again, until the provider deletes them. */
  keepsUploads: () => boolean;
  log?: (line: string) => void;
  platform: Platform;
  /** What waits of ours are multiplied by: 1, but for tests. */
  waitScale?: number;
}

/** References on the provider's service, from the first byte sent until they are deleted. */
export interface ReferenceUploads {
  /**
   * Addresses of a job's references, in their order. Sends nothing before all were looked at.
   * @throws AppError `badRequest` or `tooLarge` naming the file; `badRequest` with the
   *   provider's code `files_quota` when the account may have no more files; `forbidden` when one
   *   would have to be sent that may not.
   */
  prepare: PrepareReferences;
  /** Deletes what was sent for a job that has ended, unless another needs it. Never throws. */
  forget(job: Job, signal?: AbortSignal): Promise<void>;
  /** Deletes all that no job needs; to be called at the start and every few seconds. Never throws. */
  sweep(signal: AbortSignal): Promise<void>;
  /**
   * Deletes so many uploads, the oldest first; of this product's only, and none that a job needs.
   * @returns how many were deleted.
   */
  removeOldest(count: number, signal: AbortSignal): Promise<number>;
}

const atOnce = 3;
/** The provider keeps an upload's address for 72 hours; a job needs some of them. */
const usableMarginMs = 2 * 3600_000;
/** Between tries of one file; the others go on. */
const pausesMs = [1_000, 3_000, 10_000, 30_000];
const maxAskedPauseMs = 120_000;
const documentedMaxBytes = 50 * 1024 * 1024;

export function createReferenceUploads(options: ReferenceUploadsOptions): ReferenceUploads {
  const { store, files, log, platform } = options;
  const { clock } = platform;
  const timing = createTiming(clock, options.waitScale);
  const limiter = createLimiter(atOnce);
  const cleanup = createUploadSweep({ ...options, clock, timing });
  const never = new AbortController().signal;
  /** What is being sent by this window, by content. They tell nothing but their end. */
  const flights = new Map<string, Promise<unknown>>();

  /** What the preparation of one job needs all along. */
  interface UploadContext {
    job: Job;
    signal: AbortSignal;
    progress: UploadProgress;
    /** Sent by a window that died before the answer. */
    unanswered: Upload[];
  }

  async function prepare(
    job: Job,
    signal: AbortSignal,
    onProgress?: (sentBytes: number, totalBytes: number) => void,
  ): Promise<readonly string[]> {
    const uris = [...new Set(job.references)].filter((reference) => !isWebUrl(reference));
    const closers: (() => Promise<void>)[] = [];
    try {
      const references = new Map<string, Reference>();
      for (const uri of uris) {
        if (signal.aborted) throw cancelled();
        references.set(uri, await look(uri, job, closers));
      }
      const byContent = new Map([...references.values()].map((each) => [each.content, each]));
      const addresses = await addressAll(byContent, job, signal, onProgress);
      return job.references.map((reference) => {
        const content = references.get(reference)?.content;
        return content === undefined ? reference : (addresses.get(content) ?? reference);
      });
    } finally {
      await Promise.allSettled(closers.map((close) => close()));
    }
  }

  async function look(uri: string, job: Job, closers: (() => Promise<void>)[]) {
    const name = nameOf(uri);
    const rules = findModel(job.model, options.models?.())?.references;
    const { maxBytes = documentedMaxBytes } = rules ?? {};
    const removesMetadata = options.removesMetadata();
    try {
      const opened = await options.openReference(uri);
      closers.push(() => opened.dispose());
      return await inspectReference(
        opened.path,
        name,
        { maxBytes, removesMetadata },
        platform.files,
      );
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown;
      log?.(`Job ${job.id}: ${uri} cannot be read: ${String(thrown)}`);
      const details = { reference: { name, problem: 'unreadable' }, sent: 'no' } as const;
      throw new AppError('badRequest', `${name} cannot be read`, details, thrown);
    }
  }

  /** All of them, or none: when one fails for good, the others are broken off. */
  async function addressAll(
    references: ReadonlyMap<string, Reference>,
    job: Job,
    signal: AbortSignal,
    onProgress: ((sentBytes: number, totalBytes: number) => void) | undefined,
  ): Promise<Map<string, string>> {
    const failing = new AbortController();
    let failure: unknown;
    const fail = (thrown: unknown) => {
      if (failing.signal.aborted) return;
      failure = thrown;
      failing.abort();
    };
    const context: UploadContext = {
      job,
      signal: AbortSignal.any([signal, failing.signal]),
      progress: createUploadProgress(
        onProgress,
        (thrown) => {
          // Reported again with the next bytes; a full disk must not stop the upload.
          if (!isStoreError(thrown)) fail(thrown);
        },
        clock,
      ),
      unanswered: [],
    };
    context.unanswered = await findUnanswered(context, references);
    const addresses = new Map<string, string>();
    await Promise.all(
      [...references].map(async ([content, reference]) => {
        try {
          addresses.set(content, await addressOf(reference, context));
        } catch (thrown) {
          fail(thrown);
        }
      }),
    );
    if (signal.aborted) throw cancelled();
    if (failing.signal.aborted) throw failure;
    return addresses;
  }

  /** Notes those that arrived after all. @returns the others, to be sent again under their names. */
  async function findUnanswered(
    { job, signal }: UploadContext,
    references: ReadonlyMap<string, Reference>,
  ): Promise<Upload[]> {
    const unanswered = store.uploads.unanswered(job.id);
    const found = await findArrived(unanswered, job, signal);
    for (const upload of unanswered) {
      const file = found.get(upload.name);
      if (file) await settle(upload, file, references.get(upload.content), job);
    }
    return unanswered.filter(({ name }) => !found.has(name));
  }

  /** Those the service lists, by their names. */
  async function findArrived(
    uploads: readonly Upload[],
    job: Job,
    signal: AbortSignal,
  ): Promise<Map<string, UploadedFile>> {
    const arrived = new Map<string, UploadedFile>();
    if (uploads.length === 0) return arrived;
    try {
      const listed = await cleanup.find(uploads, signal);
      for (const { name, startedAt } of uploads) {
        const { url, fileId, lifeMs } = listed.get(name) ?? {};
        if (url === undefined || fileId === undefined || lifeMs === undefined) continue;
        // Some of its life is over by now.
        arrived.set(name, { url, fileId, expiresAt: startedAt + lifeMs });
      }
    } catch (thrown) {
      if (isStoreError(thrown) || signal.aborted) throw thrown;
      // Sent again under the same name, it takes the place of what may be there.
      log?.(`Job ${job.id}: the files cannot be listed: ${toAppError(thrown).message}`);
    }
    return arrived;
  }

  /**
   * Notes what the service has. One that is no longer what was read of it must not be forgotten, nor
   * taken for what it is not. @returns whether it is what the job wants.
   */
  async function settle(
    upload: Upload,
    file: UploadedFile,
    reference: Reference | undefined,
    job: Job,
  ): Promise<boolean> {
    const isUnchanged = (await reference?.isUnchanged().catch(() => false)) ?? false;
    const kept = isUnchanged ? upload : { ...upload, content: `${upload.content}, changed` };
    store.uploads.settle(kept, file, job.id);
    return isUnchanged;
  }

  async function addressOf(reference: Reference, context: UploadContext): Promise<string> {
    const { job, signal } = context;
    const { content } = reference;
    const made = store.bySha256(reference.sha256);
    if (made && hasUsableResultUrl(made, clock.now())) return made.resultUrl;
    for (;;) {
      const earlier = store.uploads.reuse(content, job.id, clock.now() + usableMarginMs);
      if (earlier?.url !== undefined) return earlier.url;
      const flight = flights.get(content);
      if (!flight) break;
      // Another job's: should that be cancelled, this one sends it itself.
      await orAborted(flight, signal);
    }
    const sending = send(reference, context);
    const flight = sending.then(
      () => flights.delete(content),
      () => flights.delete(content),
    );
    flights.set(content, flight);
    return (await sending).url;
  }

  async function send(reference: Reference, context: UploadContext): Promise<UploadedFile> {
    const { job, signal, progress } = context;
    const { content } = reference;
    /** What is known of it, and whether it may be there although no answer says so. */
    const sent: Sent = {};
    sent.upload = context.unanswered.find((upload) => upload.content === content);
    sent.mayBeThere = sent.upload !== undefined;
    progress.expect(content, reference.source.sizeBytes);
    for (let tries = 0; ; tries += 1) {
      try {
        const arrived = sent.isAnswerLost ? await findSent(reference, sent, context) : undefined;
        return arrived ?? (await limiter.run(() => sendOnce(reference, sent, context), signal));
      } catch (thrown) {
        if (isStoreError(thrown) || !sent.upload) throw thrown;
        const error = toAppError(thrown);
        sent.isAnswerLost = !isUndone(error);
        sent.mayBeThere ||= sent.isAnswerLost;
        const pauseMs = pausesMs[tries];
        if (signal.aborted || !isPassing(error) || pauseMs === undefined) {
          if (!sent.mayBeThere) store.uploads.forget(sent.upload.name);
          throw named(error, reference);
        }
        log?.(`Job ${job.id}: sending ${reference.name} failed: ${error.message}; again`);
        progress.sent(content, 0);
        const askedMs = Math.min(error.details.retryAfterMs ?? 0, maxAskedPauseMs);
        await timing.sleep(pauseMs, askedMs, signal);
      }
    }
  }

  /** What was sent, if it arrived although no answer said so. */
  async function findSent(
    reference: Reference,
    { upload }: Sent,
    { job, signal }: UploadContext,
  ): Promise<UploadedFile | undefined> {
    if (!upload) return undefined;
    const file = (await findArrived([upload], job, signal)).get(upload.name);
    if (file) await settleOrFail(upload, file, reference, job);
    return file;
  }

  async function sendOnce(
    reference: Reference,
    sent: Sent,
    { job, signal, progress }: UploadContext,
  ): Promise<UploadedFile> {
    const { content, extension } = reference;
    checkMaySend(reference, job);
    // Written down before the first byte leaves. Sent again under its name, it replaces the first.
    const upload = (sent.upload ??= store.uploads.begin(
      content,
      job.id,
      extension,
      await files.account(),
    ));
    const source = { ...reference.source, fileName: upload.name };
    const file = await files.upload(source, signal, (bytes) => progress.sent(content, bytes));
    await settleOrFail(upload, file, reference, job);
    return file;
  }

  /** A job may have waited for longer than the provider keeps a result that it refers to. */
  function checkMaySend({ name, sha256 }: Reference, job: Job): void {
    const { mayUpload = () => true } = options;
    const made = store.bySha256(sha256);
    const isAgreed = !(made && hasUsableResultUrl(made, job.createdAt));
    if (mayUpload(isAgreed)) return;
    const problem = mayUpload(true) ? 'notAgreed' : 'uploadsOff';
    const details = { reference: { name, problem }, sent: 'no' } as const;
    throw new AppError('forbidden', `${name} may not be sent`, details);
  }

  async function settleOrFail(upload: Upload, file: UploadedFile, reference: Reference, job: Job) {
    if (!(await settle(upload, file, reference, job))) throw changedError(upload.name);
  }

  return {
    prepare,
    // The store has noted what its jobs need no more; which of them ended does not matter.
    forget: (_job, signal = never) => cleanup.sweepNow(signal),
    sweep: (signal) => cleanup.sweep(signal),
    removeOldest: (count, signal) =>
      cleanup.remove(store.uploads.markOldestForDeletion(count), signal),
  };
}

interface Sent {
  upload?: Upload | undefined;
  mayBeThere?: boolean;
  /** Of the last try. */
  isAnswerLost?: boolean;
}

/**
 * Whether nothing came of a request: it was not sent, or the service itself refused it. What stands
 * between may answer 413 after the service has taken the file.
 */
function isUndone({ details }: AppError): boolean {
  return details.sent === 'no' || details.isSureRefusal === true;
}

/** What is wrong with one of several files has to say with which. */
function named(error: AppError, { name }: Reference): AppError {
  const isAboutFile = error.code === 'badRequest' || error.code === 'tooLarge';
  if (!isAboutFile || error.details.providerCode === quotaCode) return error;
  const problem = error.details.reference?.problem ?? 'refused';
  const reason = error.details.providerMessage ?? error.message;
  const fault = { name, problem, ...(problem === 'refused' && { reason }) };
  const details = { ...error.details, reference: fault };
  return new AppError(error.code, `${name}: ${error.message}`, details, error);
}

/** The last part of an address, as a user reads it. */
function nameOf(uri: string): string {
  try {
    return basename(decodeURIComponent(new URL(uri).pathname)) || uri;
  } catch {
    return basename(uri);
  }
}
