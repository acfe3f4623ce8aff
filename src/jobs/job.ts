import type { ErrorCode, QuotaFigures, ReferenceFault } from '../appError.ts';
import type { ConversionFault, Destination, SavedImage, Target } from './resultFiles.ts';

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

interface Paid {
  readonly taskId: string;
  /** When the provider accepted the task. */
  readonly acceptedAt: number;
  /** Reserved or charged, as the provider told last. */
  readonly credits?: number;
  /** The model really used. */
  readonly actualModel?: string;
}

export interface Watched extends Paid {
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
