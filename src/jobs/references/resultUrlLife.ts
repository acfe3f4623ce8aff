import { isRequestKnown, type SavedJob } from '../job.ts';

/** The provider keeps a result's address for 24 hours; who is given it needs some of them. */
const usableMs = 22 * 3600_000;

/**
 * Whether the provider can still fetch a result from its own address, so that the image need not be
 * uploaded. Counted from when it was asked for: when a task really finished is not told, and it may
 * have been taken up long after (its answer was lost, its window closed).
 */
export function hasUsableResultUrl(job: SavedJob, nowMs: number): boolean {
  // The address has the bytes that the provider made.
  if (job.isConverted) return false;
  // It was asked for who knows when.
  if (!isRequestKnown(job)) return false;
  const ageMs = nowMs - job.createdAt;
  // One from the future was made by a clock that was wrong.
  return ageMs >= 0 && ageMs < usableMs;
}
