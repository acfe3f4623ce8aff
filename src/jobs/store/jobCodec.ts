import { cutText } from '../../evolink/cutText.ts';
import type { FailedJob, Job, JobError } from '../job.ts';
import { boundedError } from '../jobError.ts';

/** A job as its row holds it. */
export interface JobRow {
  id: string;
  data: string;
}

/**
 * A job as the text of its row. `isWaitingForWorkspace` is stored as `isParked`, the name it had in
 * version 0.1: windows of both versions may share a store.
 */
export function encodeJob(job: Job): string {
  if (!('isWaitingForWorkspace' in job)) return JSON.stringify(job);
  const { isWaitingForWorkspace: isParked, ...rest } = job;
  return JSON.stringify({ ...rest, isParked });
}

/** The job of a row; undefined for a row that cannot be read, so that it does not hide the others. */
export function decodeJob({ id, data }: JobRow): Job | undefined {
  try {
    const { isParked, ...rest } = JSON.parse(data) as Job & { isParked?: true };
    const job = (isParked ? { ...rest, isWaitingForWorkspace: true } : rest) as Job;
    return job.id === id ? bounded(job) : undefined;
  } catch {
    return undefined;
  }
}

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
