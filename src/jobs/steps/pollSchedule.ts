/**
 * When to ask the provider again. Every question makes the gateway ask the model's provider, so
 * it is asked seldom at first, closely near the end, and ever more seldom when a task runs long.
 * Watching has no end: giving up would lose an image that is paid.
 */
export interface ScheduleFacts {
  /** Since the provider accepted the task. */
  elapsedMs: number;
  /** Since this window began to watch it; grows evenly, whatever the clock on the wall does. */
  watchedMs: number;
  /** 0–100, as last told. */
  progress?: number;
  /** The provider's guess at the whole duration. */
  estimatedMs?: number;
  /** How long earlier tasks of the same model and quality took. */
  earlierMs: readonly number[];
}

/** No task is asked for more often than this. */
export const minIntervalMs = 2_000;
const maxApproachMs = 20_000;
const maxIntervalMs = 5 * 60_000;
/** A refusal comes within seconds; it should not be learned half a minute late. */
const firstLookMs = 4_000;
const guessMs = 60_000;
/** Of the time thought to remain, so much passes before the next look. */
const approach = 0.75;
/** A task that should have ended is given so long to be told as ended. */
const settleMs = 400;
const enoughToLearn = 4;

/** How long from now until the next question about this task. */
export function nextDelayMs(facts: ScheduleFacts): number {
  const { elapsedMs } = facts;
  const firstMs = Math.min(firstLookMs, expectedMs(facts) / 2);
  if (elapsedMs < firstMs) return Math.max(minIntervalMs, firstMs - elapsedMs);
  const remainingMs = earliestEndMs(facts) - elapsedMs;
  return Math.max(overdueMs(facts), approachMs(remainingMs));
}

function approachMs(remainingMs: number): number {
  if (remainingMs > 3 * minIntervalMs)
    return clamp(remainingMs * approach, minIntervalMs, maxApproachMs);
  // Just after the end, rather than just before it and once more.
  return remainingMs > 0 ? Math.max(minIntervalMs, remainingMs + settleMs) : minIntervalMs;
}

/** Past twice what was expected, ever more seldom; also when the progress told stands still. */
function overdueMs(facts: ScheduleFacts): number {
  const { watchedMs } = facts;
  if (watchedMs <= 2 * expectedMs(facts)) return minIntervalMs;
  return clamp(watchedMs * 0.05, minIntervalMs, maxIntervalMs);
}

/** When the task will probably have ended, since its start; what a user is shown. */
export function expectedMs(facts: Pick<ScheduleFacts, 'estimatedMs' | 'earlierMs'>): number {
  if (facts.earlierMs.length >= enoughToLearn) return quantile(facts.earlierMs, 0.5);
  return facts.estimatedMs ?? guessMs;
}

/** The earliest end worth looking for: what the progress says, else what earlier tasks say. */
function earliestEndMs(facts: ScheduleFacts): number {
  const { progress, elapsedMs } = facts;
  if (progress !== undefined && progress >= 10 && progress < 100)
    return (elapsedMs * 100) / progress;
  if (facts.earlierMs.length >= enoughToLearn) return quantile(facts.earlierMs, 0.1);
  return expectedMs(facts) * 0.7;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? guessMs;
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
