import { cutText } from '../../evolink/cutText.ts';
import {
  type FailedJob,
  type Job,
  type JobError,
  optionalChoicesOf,
  type SavedJob,
} from '../job.ts';
import type { Destination } from '../resultFiles.ts';
import { boundedError } from '../jobError.ts';

/** A job as its row holds it. */
export interface JobRow {
  id: string;
  data: string;
}

/**
 * A job as the text of its row. Windows of version 0.1 may share the store: `isWaitingForWorkspace` is
 * stored as `isParked`, the name it had there, and a job of choices that 0.1 does not know has its id
 * as `jobId`. Such a row 0.1 cannot read, and passes over; it would submit the job without them.
 *
 * When 0.1 takes over a damaged store, it leaves these rows behind in the file it puts aside, named
 * `.damaged-`. A window of this version that is open at that moment carries them over if it can still
 * read the old store; later ones do not look into that file.
 */
export function encodeJob(job: Job): string {
  const { id, ...rest } = job;
  const named = isReadBefore(job) ? { id, ...rest } : { jobId: id, ...rest };
  if (!('isWaitingForWorkspace' in named)) return JSON.stringify(named);
  const { isWaitingForWorkspace: isParked, ...others } = named;
  return JSON.stringify({ ...others, isParked });
}

/** Whether version 0.1 would submit the very job. */
function isReadBefore(job: Job): boolean {
  return job.quality !== '' && Object.keys(optionalChoicesOf(job)).length === 0;
}

type StoredJob = Job & { isParked?: true; jobId?: string };

/** The job of a row; undefined for a row that cannot be read, so that it does not hide the others. */
export function decodeJob({ id, data }: JobRow): Job | undefined {
  try {
    const { isParked, jobId, ...rest } = JSON.parse(data) as StoredJob;
    const named = jobId === undefined ? rest : { ...rest, id: jobId };
    const job = (isParked ? { ...named, isWaitingForWorkspace: true } : named) as Job;
    const whole = job.id === id ? withStandIns(job) : undefined;
    return whole && bounded(whole);
  } catch {
    return undefined;
  }
}

/**
 * A job that every part of the program can read, of a row that is JSON and damaged all the same. What
 * may be paid has stand-ins, as a job that is known by its task alone; what is not paid is no job: it
 * would ask for another image.
 */
function withStandIns(job: Job): Job | undefined {
  const { references, destination } = job as Partial<Job>;
  const isDestination =
    typeof destination?.folderUri === 'string' && typeof destination.name === 'string';
  const areReferences = Array.isArray(references) && references.every(isText);
  if (isDestination && areReferences) return job;
  const isSent = job.state === 'submitting';
  if (!isSent && job.state !== 'unconfirmed' && !isText((job as Partial<SavedJob>).taskId))
    return undefined;
  return {
    ...job,
    // Without its words it is not asked for again.
    ...(!isSent && !areReferences && { prompt: '' }),
    references: areReferences ? references : [],
    destination: isDestination ? destination : noDestination,
  };
}

/** The references of a row, as the text that it has for them; none where that is damaged. */
export function decodeReferences(json: string | null): string[] {
  try {
    const references = JSON.parse(json ?? '[]') as unknown;
    return Array.isArray(references) ? references.filter(isText) : [];
  } catch {
    return [];
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Nothing can be saved there: the user is asked for another folder. */
const noDestination: Destination = { folderUri: '', name: '${promptSlug}' };
const maxModelChars = 200;
const noError: JobError = { code: 'internal', message: '' };
/** No name is made of more; see `fileNameOf`. */
const maxTemplateChars = 1_000;

/**
 * A job whose texts can be shown. Earlier versions kept whatever the provider or a setting said. Ids,
 * addresses and what was asked for stay as they are: a part of them would be another.
 */
function bounded(job: Job): Job {
  const { destination, model, actualModel, error } = job as Partial<FailedJob>;
  return {
    ...job,
    ...(isLong(model, maxModelChars) && { model: cutText(model, maxModelChars) }),
    ...(isLong(actualModel, maxModelChars) && { actualModel: cutText(actualModel, maxModelChars) }),
    ...(destination &&
      isLong(destination.name, maxTemplateChars) && {
        destination: { ...destination, name: destination.name.slice(0, maxTemplateChars) },
      }),
    ...(error && { error: boundedError({ ...noError, ...error }) }),
  };
}

/** A row that lacks a field is read all the same: its job may be paid. */
function isLong(text: string | undefined, maxChars: number): text is string {
  return typeof text === 'string' && text.length > maxChars;
}
