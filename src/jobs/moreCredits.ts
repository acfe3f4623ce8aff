import type { JobError } from './job.ts';

/**
 * Whether there are more credits than at a refusal for want of them.
 * @param atRefusal what was read right after the refusal, if this window was there
 */
export function hasMore(
  left: number,
  error: Pick<JobError, 'quota'> | undefined,
  atRefusal: number | undefined,
): boolean {
  const { balance, remaining } = error?.quota ?? {};
  const before = atRefusal ?? balance ?? remaining;
  // Of a refusal without figures, in an earlier window, any credits may be new.
  return before === undefined ? left > 0 : left > before;
}
