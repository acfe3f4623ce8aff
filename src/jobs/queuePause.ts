import type { JobError } from './job.ts';
import type { CancelTimer, Clock } from './platform.ts';

export type PauseReason = 'rateLimited' | 'credits' | 'person';

/** Why no new job is started. Those under way go on. */
export interface QueuePause {
  reason: PauseReason;
  /** When it ends by itself, in milliseconds since 1970; else a user ends it. */
  untilMs?: number;
  /** How long it is at most, from when a window learns of it: a clock may jump. */
  waitMs?: number;
  error?: JobError;
}

export interface SharedPauseOptions {
  /** Where all windows find it. */
  store: {
    pause: () => QueuePause | undefined;
    setPause: (next: QueuePause | undefined, expected: QueuePause | undefined) => boolean;
  };
  clock: Clock;
  /** Runs what the store may refuse for a while. */
  guarded: (attempt: () => void) => void;
  onChange: () => void;
  /** This window ended it, and may go on. */
  onEnd: () => void;
}

/** All windows share one pause: what stops one would only be refused again in the next. */
export type SharedPause = ReturnType<typeof createSharedPause>;

export function createSharedPause({ store, clock, guarded, onChange, onEnd }: SharedPauseOptions) {
  let pause: QueuePause | undefined;
  let cancelTimer: CancelTimer | undefined;
  let isDisposed = false;

  /** For all windows, this one too. */
  function set(next: QueuePause | undefined): void {
    // A wait that ends by itself must not end one that a user has to end.
    if (isDisposed || (next?.untilMs !== undefined && pause && pause.untilMs === undefined)) return;
    // One pause, however many submits were refused at the same time.
    if (next && pause?.reason === next.reason && next.untilMs === undefined) return;
    store.setPause(next, store.pause());
    if (follow() && !pause) onEnd();
  }

  /** Takes over what any window has set. @returns whether that is new. */
  function follow(): boolean {
    const next = store.pause();
    if (JSON.stringify(next) === JSON.stringify(pause)) return false;
    cancelTimer?.();
    pause = next;
    if (next?.untilMs !== undefined) {
      const leftMs = Math.min(next.untilMs - clock.now(), next.waitMs ?? Infinity);
      const end = () => guarded(() => set(undefined));
      cancelTimer = clock.after(Math.max(0, leftMs), end);
    }
    onChange();
    return true;
  }

  return {
    current: (): QueuePause | undefined => pause,
    set,
    follow,
    dispose(): void {
      isDisposed = true;
      cancelTimer?.();
    },
  };
}
