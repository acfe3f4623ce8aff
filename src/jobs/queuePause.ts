import type { JobError } from './job.ts';
import type { CancelTimer, Clock } from './platform.ts';

/** What holds the queue. A user ends the first two; the others end by themselves. */
export type PauseReason = 'person' | 'credits' | 'key' | 'rateLimited' | 'network';

/** Why no new job is started. Those under way go on. */
export interface QueuePause {
  reason: PauseReason;
  /** When it ends by itself, in milliseconds since 1970; else a user ends it. */
  untilMs?: number;
  /** How long it is at most, from when a window learns of it: a clock may jump. */
  waitMs?: number;
  error?: JobError;
  /** What EvoLink asked for besides; it holds on when a user has mended the rest. */
  asked?: AskedWait;
}

/** As in a pause for `rateLimited`. */
export type AskedWait = Pick<QueuePause, 'untilMs' | 'waitMs'>;

export interface SharedPauseOptions {
  /** Where all windows find it. */
  store: {
    pause: () => QueuePause | undefined;
    setPause: (next: QueuePause | undefined, expected: QueuePause | undefined) => boolean;
  };
  clock: Clock;
  /** Runs what the store may refuse for a while. */
  guarded: <T>(attempt: () => T) => T | undefined;
  onChange: () => void;
  /** This window ended it, and may go on. */
  onEnd: () => void;
}

/** All windows share one pause: what stops one would only be refused again in the next. */
export type SharedPause = ReturnType<typeof createSharedPause>;

export function createSharedPause({ store, clock, guarded, onChange, onEnd }: SharedPauseOptions) {
  let pause: QueuePause | undefined;
  /** What could not be written down yet. Until it is, this window starts nothing new. */
  let due: QueuePause | undefined;
  let cancelTimer: CancelTimer | undefined;
  let isDisposed = false;

  /** Pauses all windows, unless what holds them already counts more. */
  function begin(next: QueuePause): void {
    replace((current) => (current ? bothPauses(next, current) : next));
  }

  /** The same for what the store may refuse: this window holds to it, and a later look writes it. */
  function hold(next: QueuePause): void {
    due = due ? bothPauses(next, due) : next;
    writeDue();
    if (isDue()) onChange();
  }

  function isDue(): boolean {
    return due !== undefined;
  }

  /** To be called again while the store refuses it. */
  function writeDue(): void {
    const next = due;
    if (!next) return;
    const written = guarded(() => {
      begin(next);
      return true;
    });
    if (written === true) due = undefined;
  }

  /**
   * Lets all windows go on, whatever held them; with reasons, only if it is one of them, and not
   * before what EvoLink asked for besides is over.
   */
  function end(...reasons: readonly PauseReason[]): void {
    const isMeant = ({ reason }: QueuePause) => reasons.length === 0 || reasons.includes(reason);
    const after = (ended: QueuePause) =>
      reasons.length === 0 ? undefined : waitLeft(ended, clock.now());
    const wasDue = due !== undefined && isMeant(due);
    if (due && isMeant(due)) due = after(due);
    replace((current) => (current && isMeant(current) ? after(current) : current));
    if (!wasDue || pause || due) return;
    onChange();
    onEnd();
  }

  /** Writes only over what it looked at: what another window set a moment ago is not undone. */
  function replace(nextFor: (current: QueuePause | undefined) => QueuePause | undefined): void {
    if (isDisposed) return;
    for (;;) {
      const current = store.pause();
      const next = nextFor(current);
      if (next === current || store.setPause(next, current)) break;
    }
    if (follow() && !pause) onEnd();
  }

  /** Takes over what any window has set. @returns whether that is new. */
  function follow(): boolean {
    const next = store.pause();
    if (JSON.stringify(next) === JSON.stringify(pause)) return false;
    cancelTimer?.();
    pause = next;
    if (next?.untilMs !== undefined) {
      const leftMs = Math.min(next.untilMs - clock.now(), next.waitMs ?? Infinity, longestWaitMs);
      const ended = JSON.stringify(next);
      const endThis = () => {
        const isDone = guarded(() => {
          replace((current) =>
            JSON.stringify(current) === ended ? waitLeft(next, clock.now()) : current,
          );
          return true;
        });
        // The store may be locked just then, and nobody else ends it.
        if (isDone !== true) cancelTimer = clock.after(retryMs, endThis);
      };
      cancelTimer = clock.after(Math.max(0, leftMs), endThis);
    }
    onChange();
    return true;
  }

  return {
    current: (): QueuePause | undefined => pause ?? due,
    /** Whether this window starts nothing, whatever the store says. */
    isDue,
    begin,
    hold,
    writeDue,
    end,
    follow,
    dispose(): void {
      isDisposed = true;
      cancelTimer?.();
    },
  };
}

const retryMs = 1_000;
/** None that ends by itself is believed to take longer: a clock may have jumped, or a row be damaged. */
const longestWaitMs = 3600_000;

const weights: Readonly<Record<PauseReason, number>> = {
  person: 4,
  credits: 3,
  key: 3,
  // A network that is back ends its own pause, and must not end the wait that was asked for with it.
  rateLimited: 2,
  network: 1,
};

export function isPauseReason(reason: unknown): reason is PauseReason {
  return typeof reason === 'string' && Object.hasOwn(weights, reason);
}

/** A user's pause counts most, and of two that end by themselves the later. */
export function countsMore(next: QueuePause, current: QueuePause): boolean {
  const difference = weights[next.reason] - weights[current.reason];
  if (difference !== 0) return difference > 0;
  const [nextMs, currentMs] = [next.untilMs ?? Infinity, current.untilMs ?? Infinity];
  // Of two that have no end, what came last is what a user has to mend first.
  return nextMs === currentMs ? next.reason !== current.reason : nextMs > currentMs;
}

/** Of two pauses the one that counts more, with the wait that either asks for. */
export function bothPauses(next: QueuePause, current: QueuePause): QueuePause {
  const stronger = countsMore(next, current) ? next : current;
  if (stronger.reason === 'rateLimited') return stronger;
  const waits = [askedWait(current), askedWait(next)].filter((wait) => wait !== undefined);
  const [asked] = waits.sort((a, b) => (b.untilMs ?? Infinity) - (a.untilMs ?? Infinity));
  return asked === undefined || asked === stronger.asked ? stronger : { ...stronger, asked };
}

function askedWait({ reason, untilMs, waitMs, asked }: QueuePause): AskedWait | undefined {
  if (reason !== 'rateLimited') return asked;
  return { ...(untilMs !== undefined && { untilMs }), ...(waitMs !== undefined && { waitMs }) };
}

/** What is left of a pause when its own reason is gone. */
function waitLeft({ asked }: QueuePause, nowMs: number): QueuePause | undefined {
  const isOver = asked?.untilMs === undefined || asked.untilMs <= nowMs;
  return isOver ? undefined : { reason: 'rateLimited', ...asked };
}
