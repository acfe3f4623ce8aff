import type { JobError } from './job.ts';

export type PauseReason = 'rateLimited' | 'credits' | 'person';

/** Why no new job is started. Those under way go on. */
export interface QueuePause {
  reason: PauseReason;
  /** When it ends by itself, in milliseconds since 1970; else a person ends it. */
  untilMs?: number;
  /** How long it is at most, from when a window learns of it: a clock may jump. */
  waitMs?: number;
  error?: JobError;
}
