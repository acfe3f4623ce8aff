import type { ErrorCode, QuotaFigures, ReferenceFault } from '../appError.ts';
import type { ConversionProblem } from '../images/convert/conversionError.ts';
import type { OutputFormat } from '../images/convert/outputFormat.ts';

/** Where a result goes. Its extension follows its bytes; a taken name is numbered. */
export interface Destination {
  readonly folderUri: string;
  /** Without extension. A template (see `fileNameOf`), unless `isExactName`. */
  readonly name: string;
  readonly isExactName?: true;
  /** Without its dot: how the name is spelled, such as `jpeg`, when the bytes are of that format. */
  readonly extension?: string;
  /** The file to be made of the result; the result itself when absent. */
  readonly conversion?: ResultConversion;
}

/** A file of another format or width, to be made of a result. */
export interface ResultConversion {
  readonly format: OutputFormat;
  /** 1–100. */
  readonly quality: number;
  /** In pixels. A narrower result keeps its width. */
  readonly maxWidth?: number;
  /** The result itself is saved only where that file cannot be made. */
  readonly replacesOriginal?: true;
}

/** Why a result has no such file. */
export type ConversionFault =
  | ConversionProblem
  /** The editor or the machine ended each time that it was begun. */
  | 'interrupted'
  /** The disk refuses it. */
  | 'unwritable'
  /** Nothing here can make it. */
  | 'unavailable';

/** What a user asked for. Never changes after it was asked, but for the places of files that move. */
export interface JobSpec {
  readonly id: string;
  readonly prompt: string;
  readonly model: string;
  readonly size: string;
  /** Empty for a model without qualities. */
  readonly quality: string;
  readonly resolution?: string;
  /** The model takes its resolution as the quality, and `quality` has it too. */
  readonly resolutionSentAs?: 'quality';
  readonly background?: string;
  readonly outputFormat?: string;
  readonly seed?: number;
  /** Web addresses, or uris of files. */
  readonly references: readonly string[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The job this one repeats or continues. */
  readonly parentId?: string;
  /** 1 for the first of several variations. */
  readonly variation: number;
  /** Sent with every submit of this request, so the provider knows it for the same. */
  readonly idempotencyKey: string;
  readonly destination: Destination;
  /** The workspace folder it was asked in; the result waits for that folder to be open. */
  readonly workspaceUri?: string;
}

/** Fields of a `JobSpec` that only some models have; stores of earlier versions have none. */
const optionalChoices = [
  'resolution',
  'resolutionSentAs',
  'background',
  'outputFormat',
  'seed',
] as const;
type OptionalChoice = (typeof optionalChoices)[number];

/** Those of the fields that there are. */
export function optionalChoicesOf(
  job: Partial<Pick<JobSpec, OptionalChoice>>,
): Partial<Pick<JobSpec, OptionalChoice>> {
  const there = optionalChoices.filter((name) => job[name] !== undefined);
  return Object.fromEntries(there.map((name) => [name, job[name]]));
}

/** What one image needs to be asked for. `prompt` to `references` have been checked before. */
export interface NewJob extends Partial<Pick<JobSpec, OptionalChoice>> {
  prompt: string;
  model: string;
  size: string;
  quality: string;
  references: readonly string[];
  destination: Destination;
  workspaceUri?: string;
  parentId?: string;
  variation?: number;
}

export interface JobError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly requestId?: string;
  readonly providerCode?: string;
  readonly topUpUrl?: string;
  /** What the key may use instead. */
  readonly allowedModels?: readonly string[];
  readonly quota?: QuotaFigures;
  /** The editor's setting to mend; the message is then a whole sentence. */
  readonly setting?: string;
  /** The image that could not be sent. */
  readonly reference?: ReferenceFault;
  /** Present when the proxy is at fault. */
  readonly proxy?: string;
  /** The certificate of the other side was refused. */
  readonly isUntrusted?: true;
}

/** A file's place, chosen and written down before the file is put there. */
export interface Target {
  readonly uri: string;
  readonly sha256: string;
}

/** What a finished image is. */
export interface SavedImage {
  readonly uri: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly width: number;
  readonly height: number;
}

interface Paid {
  readonly taskId: string;
  /** When the provider accepted the task. */
  readonly acceptedAt: number;
  /** Reserved or charged, as the provider told last. */
  readonly credits?: number;
  /** The model really used. */
  readonly actualModel?: string;
}

interface Watched extends Paid {
  /** 0–100. */
  readonly progress?: number;
  /** When the provider told that progress. */
  readonly progressAt?: number;
  /** The provider's guess at the whole duration. */
  readonly estimatedMs?: number;
}

interface Finished extends Paid {
  readonly resultUrl: string;
  /** When the provider was first seen to have finished; the address lives 24 h from about then. */
  readonly finishedAt: number;
}

export type QueuedJob = JobSpec & { readonly state: 'queued' };
export type UploadingJob = JobSpec & {
  readonly state: 'uploading';
  /** 0–100; absent until something is sent. */
  readonly progress?: number;
  /** Of all references that have to be sent. */
  readonly sentBytes?: number;
  readonly totalBytes?: number;
};
export type SubmittingJob = JobSpec & {
  readonly state: 'submitting';
  readonly attempt: 1 | 2;
  /** What the references became; a second attempt must say the same to count as the same. */
  readonly imageUrls: readonly string[];
  /** The account that was asked (see `Client.account`): under another a repetition is paid anew. */
  readonly account?: string;
  /** When it was first submitted; absent in stores of version 0.1. */
  readonly submittedAt?: number;
};
export type RunningJob = JobSpec & Watched & { readonly state: 'running' };
export type DownloadingJob = JobSpec &
  Finished & {
    readonly state: 'downloading';
    readonly target?: Target;
    /** Of the file that is made of the image, where both are saved. */
    readonly convertedTarget?: Target;
    /** How often it was begun to make that file, and not ended. */
    readonly conversionTries?: number;
    /** Why it is not made; decided before the image has its place, and not again. */
    readonly conversionFault?: ConversionFault;
    /** The whole image is in the store's own folder and waits for its workspace to be open. */
    readonly isWaitingForWorkspace?: true;
  };
export type SavedJob = JobSpec &
  Finished &
  SavedImage & {
    readonly state: 'saved';
    readonly savedAt: number;
    /** The file that was made of it, beside it. */
    readonly converted?: SavedImage;
    /** It is that file itself: not the bytes that the provider made. */
    readonly isConverted?: true;
    /** Why there is no such file, though it was asked for. */
    readonly conversionFault?: ConversionFault;
  };
export type FailedJob = JobSpec &
  Partial<Finished> & {
    readonly state: 'failed';
    readonly error: JobError;
    readonly failedAt: number;
    /** The image is paid and may still be had; the provider did not fail, we did. */
    readonly isRecoverable?: true;
  };
export type CancelledJob = JobSpec & { readonly state: 'cancelled' };
/** Paid, no longer watched; can be taken up again. */
export type StoppedJob = JobSpec & Paid & Partial<Finished> & { readonly state: 'stopped' };
/** Perhaps paid: the answer to the submit was lost twice. */
export type UnconfirmedJob = JobSpec & {
  readonly state: 'unconfirmed';
  readonly error: JobError;
  /** A new job was made for this request. */
  readonly isSettled?: true;
};

/** A request and how far it has come. Plain data. */
export type Job =
  | QueuedJob
  | UploadingJob
  | SubmittingJob
  | RunningJob
  | DownloadingJob
  | SavedJob
  | FailedJob
  | CancelledJob
  | StoppedJob
  | UnconfirmedJob;

export type JobState = Job['state'];

/**
 * Addresses for the provider, in the order of the job's references. `onProgress` is told how many
 * of the bytes to be sent have been, and throws when the job is no longer this window's.
 */
export type PrepareReferences = (
  job: Job,
  signal: AbortSignal,
  onProgress?: (sentBytes: number, totalBytes: number) => void,
) => Promise<readonly string[]>;

/** What can happen to a job. */
export type JobEvent =
  | { type: 'uploading' }
  | { type: 'sent'; sentBytes: number; totalBytes: number }
  | {
      type: 'submitting';
      imageUrls: readonly string[];
      account?: string | undefined;
      at?: number;
    }
  | { type: 'postponed' }
  | {
      type: 'accepted';
      taskId: string;
      at: number;
      credits?: number;
      estimatedMs?: number;
      actualModel?: string;
    }
  | { type: 'progressed'; at: number; progress?: number; estimatedMs?: number; credits?: number }
  | { type: 'completed'; resultUrl: string; at: number; credits?: number }
  | { type: 'workspaceAwaited' }
  | { type: 'converting'; tries: number }
  | { type: 'unconvertible'; fault: ConversionFault }
  | { type: 'placing'; target: Target; isConverted?: true }
  | ({ type: 'saved'; image: SavedImage; at: number } & Pick<
      SavedJob,
      'converted' | 'isConverted' | 'conversionFault'
    >)
  | { type: 'failed'; error: JobError; at: number; isRecoverable?: boolean }
  | { type: 'unconfirmed'; error: JobError }
  | { type: 'settled' }
  | { type: 'cancelled' }
  | { type: 'stopped' }
  | { type: 'redirected'; folderUri: string }
  | { type: 'resumed' };

/** A job that was asked to do what its state does not allow; e.g. another window was quicker. */
export class TransitionError extends Error {
  constructor(job: Job, event: JobEvent) {
    super(`A ${job.state} job cannot become ${event.type}`);
    this.name = 'TransitionError';
  }
}

/** The one place where a job moves. @throws TransitionError */
export function transition(job: Job, event: JobEvent): Job {
  switch (event.type) {
    case 'uploading':
      if (job.state === 'queued') return { ...specOf(job), state: 'uploading' };
      break;
    case 'sent':
      if (job.state === 'uploading') return sent(job, event);
      break;
    case 'submitting':
      return submitting(job, event);
    case 'postponed':
      // After a second attempt the first may have been accepted: that request is no longer free.
      if (job.state === 'uploading' || (job.state === 'submitting' && job.attempt === 1))
        return { ...specOf(job), state: 'queued' };
      break;
    case 'accepted':
      if (job.state === 'submitting' || job.state === 'unconfirmed')
        return { ...specOf(job), ...acceptedFields(event), state: 'running' };
      break;
    case 'progressed':
      if (job.state === 'running') return progressed(job, event);
      break;
    case 'completed':
      if (job.state === 'running' || job.state === 'downloading') return completed(job, event);
      break;
    case 'workspaceAwaited':
      if (job.state === 'downloading') return { ...job, isWaitingForWorkspace: true };
      break;
    case 'converting':
      if (job.state === 'downloading') return { ...job, conversionTries: event.tries };
      break;
    case 'unconvertible':
      if (job.state === 'downloading') return { ...job, conversionFault: event.fault };
      break;
    case 'placing':
      if (job.state === 'downloading') return placing(job, event);
      break;
    case 'saved':
      if (job.state === 'downloading') return saved(job, event);
      break;
    case 'failed':
      if (isUnfinished(job)) return failed(job, event);
      break;
    case 'unconfirmed':
      if (job.state === 'submitting')
        return { ...specOf(job), state: 'unconfirmed', error: event.error };
      break;
    case 'settled':
      if (job.state === 'unconfirmed') return { ...job, isSettled: true };
      break;
    case 'cancelled':
      if (job.state === 'queued' || job.state === 'uploading')
        return { ...specOf(job), state: 'cancelled' };
      break;
    case 'stopped':
      if (job.state === 'running' || job.state === 'downloading')
        return { ...withoutProgress(job), state: 'stopped' };
      break;
    case 'redirected':
      if (isRecoverable(job) || job.state === 'downloading')
        return redirected(job, event.folderUri);
      break;
    case 'resumed':
      return resumed(job, event);
    default:
      return event satisfies never;
  }
  throw new TransitionError(job, event);
}

function sent(job: UploadingJob, event: Extract<JobEvent, { type: 'sent' }>): UploadingJob {
  const { sentBytes, totalBytes } = event;
  return { ...job, sentBytes, totalBytes, progress: (100 * sentBytes) / Math.max(1, totalBytes) };
}

function submitting(job: Job, event: Extract<JobEvent, { type: 'submitting' }>): SubmittingJob {
  if (job.state === 'queued' || job.state === 'uploading')
    return {
      ...specOf(job),
      state: 'submitting',
      attempt: 1,
      imageUrls: event.imageUrls,
      ...(event.account !== undefined && { account: event.account }),
      ...(event.at !== undefined && { submittedAt: event.at }),
    };
  if (job.state === 'submitting' && job.attempt === 1) return { ...job, attempt: 2 };
  throw new TransitionError(job, event);
}

function acceptedFields(event: Extract<JobEvent, { type: 'accepted' }>): Watched {
  const { type: _, at, ...fields } = event;
  return { ...fields, acceptedAt: at };
}

function progressed(job: RunningJob, event: Extract<JobEvent, { type: 'progressed' }>): RunningJob {
  const { type: _, at, progress, ...fields } = event;
  // A provider that falls back would make the bar run backwards.
  const before = job.progress ?? 0;
  if (progress === undefined || progress <= before) return { ...job, ...fields, progress: before };
  return { ...job, ...fields, progress, progressAt: at };
}

function completed(
  job: RunningJob | DownloadingJob,
  event: Extract<JobEvent, { type: 'completed' }>,
): DownloadingJob {
  const credits = event.credits ?? job.credits;
  return {
    ...withoutProgress(job),
    state: 'downloading',
    resultUrl: event.resultUrl,
    finishedAt: job.state === 'downloading' ? job.finishedAt : event.at,
    ...(credits !== undefined && { credits }),
  };
}

function placing(
  job: DownloadingJob,
  { target, isConverted }: Extract<JobEvent, { type: 'placing' }>,
): DownloadingJob {
  return isConverted ? { ...job, convertedTarget: target } : { ...job, target };
}

function saved(job: DownloadingJob, event: Extract<JobEvent, { type: 'saved' }>): SavedJob {
  const {
    target: _,
    convertedTarget: _converted,
    conversionTries: _tries,
    isWaitingForWorkspace: _waiting,
    ...rest
  } = job;
  const { type: _type, image, at, ...conversion } = event;
  return { ...rest, ...image, ...conversion, state: 'saved', savedAt: at };
}

function failed(job: UnfinishedJob, event: Extract<JobEvent, { type: 'failed' }>): FailedJob {
  const { error, at: failedAt, isRecoverable } = event;
  const kept = withoutProgress(job);
  return { ...kept, state: 'failed', error, failedAt, ...(isRecoverable && { isRecoverable }) };
}

/** Another place than first asked for, of any workspace or none. */
function redirected(job: Job, folderUri: string): Job {
  const { workspaceUri: _, ...rest } = job;
  return { ...rest, destination: { ...job.destination, folderUri } };
}

/** Takes up what is paid and not saved: with a result's address the download, else the polling. */
function resumed(job: Job, event: JobEvent): RunningJob | DownloadingJob {
  if ((job.state !== 'stopped' && job.state !== 'failed') || !isRecoverable(job))
    throw new TransitionError(job, event);
  const { taskId, acceptedAt, resultUrl, finishedAt } = job;
  if (taskId === undefined || acceptedAt === undefined) throw new TransitionError(job, event);
  const { state: _, ...rest } = job;
  const { error: _e, failedAt: _f, isRecoverable: _r, ...kept } = rest as Omit<FailedJob, 'state'>;
  if (resultUrl !== undefined && finishedAt !== undefined)
    return { ...kept, taskId, acceptedAt, resultUrl, finishedAt, state: 'downloading' };
  return { ...kept, taskId, acceptedAt, state: 'running' };
}

/** Everything of the job but where it stands. */
export function specOf(job: Job): JobSpec {
  return {
    id: job.id,
    prompt: job.prompt,
    model: job.model,
    size: job.size,
    quality: job.quality,
    ...optionalChoicesOf(job),
    references: job.references,
    createdAt: job.createdAt,
    ...(job.parentId !== undefined && { parentId: job.parentId }),
    variation: job.variation,
    idempotencyKey: job.idempotencyKey,
    destination: job.destination,
    ...(job.workspaceUri !== undefined && { workspaceUri: job.workspaceUri }),
  };
}

type Progress = Pick<RunningJob, 'progress' | 'progressAt' | 'estimatedMs'> &
  Pick<UploadingJob, 'sentBytes' | 'totalBytes'>;

function withoutProgress<T extends Job>(job: T): Omit<T, keyof Progress> {
  const {
    progress: _,
    progressAt: _at,
    estimatedMs: _estimated,
    sentBytes: _sent,
    totalBytes: _total,
    ...rest
  } = job as T & Progress;
  return rest;
}

export type UnfinishedJob = QueuedJob | UploadingJob | SubmittingJob | RunningJob | DownloadingJob;

/** Whether the engine still has work to do on it. */
export function isUnfinished(job: Job): job is UnfinishedJob {
  return unfinishedStates.includes(job.state);
}

export const unfinishedStates: readonly JobState[] = [
  'queued',
  'uploading',
  'submitting',
  'running',
  'downloading',
];

/**
 * Whether a job knows what was asked for: one that was recovered by its task's id does not, and has
 * stand-ins for it.
 */
export function isRequestKnown({ prompt }: Pick<JobSpec, 'prompt'>): boolean {
  return prompt !== '';
}

/** Whether the image is paid and not on the disk, so that it can be had without paying again. */
export function isRecoverable(job: Job): boolean {
  return job.state === 'stopped' || (job.state === 'failed' && job.isRecoverable === true);
}

/** The file that was asked for: what was made of the image where there is such a file. */
export function askedFileOf({ uri, converted }: SavedJob): string {
  return converted?.uri ?? uri;
}

/** Whether nothing more can come of it unless it is asked for anew: it may be forgotten. */
export function isOver(job: Job): boolean {
  if (job.state === 'unconfirmed') return job.isSettled === true;
  return !isUnfinished(job) && !isRecoverable(job);
}

/** A task takes minutes; after so long the provider has fetched whatever it was told to. */
const fetchingMs = 3600_000;

/**
 * From when on the provider no longer has to find the references' addresses, in milliseconds since
 * 1970; undefined when that cannot be told yet.
 */
export function referencesUnneededAt(job: Job, nowMs: number): number | undefined {
  switch (job.state) {
    case 'queued':
    case 'uploading':
    case 'submitting':
    case 'running':
      return undefined;
    // The task may be there, and be drawn unseen.
    case 'unconfirmed':
      return job.isSettled ? nowMs : nowMs + fetchingMs;
    case 'stopped':
      return job.resultUrl === undefined ? nowMs + fetchingMs : nowMs;
    // What can be tried again may still have to be fetched.
    case 'failed':
      return isRecoverable(job) && job.resultUrl === undefined ? nowMs + fetchingMs : nowMs;
    case 'downloading':
    case 'saved':
    case 'cancelled':
      return nowMs;
  }
}
