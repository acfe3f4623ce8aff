import { isRequestKnown, type Job } from './job.ts';

/**
 * What an image was charged, in credits, as a measure for others of its kind. Undefined while it may
 * change: what was reserved may be more, or be given back. Undefined also where nobody knows what
 * was asked for.
 */
export function chargeOf(job: Job): number | undefined {
  const isDone = job.state === 'saved' || job.state === 'downloading';
  return isDone && isRequestKnown(job) ? job.credits : undefined;
}
