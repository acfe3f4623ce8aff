import {
  type DownloadingJob,
  type FailedJob,
  isRecoverable,
  isUnfinished,
  type Job,
  type JobError,
  type JobSpec,
  optionalChoicesOf,
  type RunningJob,
  type SavedJob,
  type SubmittingJob,
  type UnfinishedJob,
  type UploadingJob,
  type Watched,
} from './job.ts';
import type { ConversionFault, SavedImage, Target } from './resultFiles.ts';

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
  const {
    error: _e,
    failedAt: _f,
    isRecoverable: _r,
    // A user who takes it up again has seen how it ended.
    conversionTries: _t,
    ...kept
  } = rest as Omit<FailedJob, 'state'> & Pick<DownloadingJob, 'conversionTries'>;
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
