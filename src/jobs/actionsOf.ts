import { quotaCode } from '../evolink/filesSchema.ts';
import {
  type FailedJob,
  isRecoverable,
  isRequestKnown,
  type Job,
  type JobError,
  type StoppedJob,
} from './job.ts';

/** What a user can do with a job, wherever it is shown. */
export type JobAction =
  /** Puts it at the beginning of the queue. */
  | 'drawNext'
  /** Ends it before it costs anything. */
  | 'cancel'
  /** No longer watches a paid task; `resume` takes it up again. */
  | 'stop'
  /** Fetches a paid image, which costs nothing. */
  | 'resume'
  /** Saves a paid image in another folder. */
  | 'saveAs'
  /** Asks for the same again after a failure; it is paid when it succeeds. */
  | 'retry'
  /** Says where the file of a saved image is. */
  | 'locate'
  /** Asks for the same again although it was paid before. */
  | 'makeAgain'
  /** Finds out whether the provider has the task. */
  | 'lookUp'
  /** Asks for the same again although the first may have been paid. */
  | 'submitAgain'
  /** Deletes older uploads of this product at the provider, and asks for the same again. */
  | 'makeRoom'
  /** Begins another request with its prompt, settings and references. */
  | 'reuse';

export interface JobSurroundings {
  /** The first job in the queue. */
  nextId?: string | undefined;
  /** Whether the file of a saved image is gone. */
  isFileMissing?: boolean | undefined;
  /** Whether another was asked for in its place, whose image is there or may yet come. */
  isReplaced?: boolean | undefined;
}

/** What can be done with a job now, the most important first. */
export function actionsOf(job: Job, surroundings: JobSurroundings = {}): JobAction[] {
  const ofState = actionsOfState(job, surroundings);
  const actions = surroundings.isReplaced
    ? ofState.filter((action) => !askAnew.has(action))
    : ofState;
  if (!isRequestKnown(job)) return actions.filter((action) => !needRequest.has(action));
  const isRefused = job.state === 'failed' && !isRecoverable(job) && needsChange(job.error);
  return isRefused ? ['reuse', ...actions] : [...actions, 'reuse'];
}

/** What another that stands in the place of a job has done already. */
const askAnew: ReadonlySet<JobAction> = new Set(['retry', 'makeRoom']);
const needRequest: ReadonlySet<JobAction> = new Set(['retry', 'makeAgain', 'makeRoom']);

function actionsOfState(job: Job, { nextId, isFileMissing }: JobSurroundings): JobAction[] {
  switch (job.state) {
    case 'queued':
      return nextId === undefined || nextId === job.id ? ['cancel'] : ['drawNext', 'cancel'];
    case 'uploading':
    case 'submitting':
      return ['cancel'];
    case 'running':
      return ['stop'];
    case 'downloading':
      return job.isWaitingForWorkspace ? ['saveAs'] : ['stop'];
    case 'saved':
      return isFileMissing ? ['locate', 'makeAgain'] : [];
    case 'unconfirmed':
      return job.isSettled ? [] : ['lookUp', 'submitAgain'];
    case 'cancelled':
      return ['retry'];
    case 'stopped':
    case 'failed':
      return isRecoverable(job) ? ['resume', 'saveAs', 'makeAgain'] : actionsAfterFailure(job);
  }
}

function actionsAfterFailure(job: FailedJob | StoppedJob): JobAction[] {
  return 'error' in job && job.error.providerCode === quotaCode ? ['makeRoom', 'retry'] : ['retry'];
}

/** Actions that help after a failure. */
export type Remedy = Exclude<JobAction, 'drawNext' | 'cancel' | 'stop' | 'resume' | 'locate'>;

/**
 * What to offer when failed jobs with the same error code are reported together, the most helpful
 * first. Each can be done with all of the jobs; `retry` stands for `resume` where a job is paid.
 */
export function remediesFor(jobs: readonly Job[]): Remedy[] {
  const [first] = jobs;
  const error = first && errorOf(first);
  if (!error) return [];
  return remediesOf(error, jobs.length).filter((remedy) => jobs.every((job) => fits(remedy, job)));
}

/** Whether the same request would be refused again, so that its words or images have to change. */
export function needsChange({ code, providerCode, setting, reference }: JobError): boolean {
  if (providerCode === quotaCode || setting !== undefined) return false;
  if (reference) return !passing.has(reference.problem);
  return code === 'moderated' || code === 'badRequest' || code === 'tooLarge';
}

/** What is wrong with a reference, and need not be when it is tried again. */
const passing: ReadonlySet<string> = new Set(['changed', 'notAgreed', 'uploadsOff']);

function remediesOf(error: JobError, jobCount: number): readonly Remedy[] {
  if (error.providerCode === quotaCode) return ['makeRoom'];
  if (needsChange(error)) return ['reuse'];
  switch (error.code) {
    case 'unconfirmed':
      // What is asked about one of them must not be taken for an answer about all.
      return jobCount === 1 ? ['lookUp', 'submitAgain'] : [];
    case 'writeFailed':
      return ['saveAs', 'retry'];
    case 'notFound':
    case 'badImage':
      return ['retry', 'makeAgain'];
    default:
      return ['retry'];
  }
}

function fits(remedy: Remedy, job: Job): boolean {
  const actions = actionsOf(job);
  return actions.includes(remedy) || (remedy === 'retry' && actions.includes('resume'));
}

function errorOf(job: Job): JobError | undefined {
  return job.state === 'failed' || job.state === 'unconfirmed' ? job.error : undefined;
}
