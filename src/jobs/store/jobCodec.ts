import type { Job } from '../job.ts';

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
    return job.id === id ? job : undefined;
  } catch {
    return undefined;
  }
}
