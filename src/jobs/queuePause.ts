import type { JobError } from './job.ts';

export type PauseReason = 'rateLimited' | 'credits' | 'person';

/** Why no new job is started. Those under way go on. */
export interface QueuePause {
  reason: PauseReason;
  /** When it ends by itself, in milliseconds since 1970; else a person ends it. */
  untilMs?: number;
  error?: JobError;
}
