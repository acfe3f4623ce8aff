export interface TroubleWatchOptions {
  /** Whether something waits for the key, for credits or for the network. */
  hasTrouble: () => boolean;
  /** Asks the provider whether that is over. */
  check: () => Promise<void>;
  /** As `setTimeout`. @returns what ends it */
  after: (ms: number, callback: () => void) => () => void;
  /** A clock that does not jump, in milliseconds. */
  monotonicMs: () => number;
}

/** A user who comes and goes all the time is no reason to ask all the time. */
const focusPauseMs = 60_000;
/** A payment takes a while to arrive: from when the user is back on, or went to pay. */
const followUpsMs = [15_000, 45_000, 120_000, 300_000];

/** Looks, when a user may have mended what images wait for, whether that is so. */
export function createTroubleWatch({ hasTrouble, check, after, monotonicMs }: TroubleWatchOptions) {
  let askedAt = -Infinity;
  let cancels: (() => void)[] = [];

  function stop(): void {
    for (const cancel of cancels) cancel();
    cancels = [];
  }

  function lookAgain(): void {
    if (hasTrouble()) void check();
    else stop();
  }

  function followUp(): void {
    stop();
    cancels = followUpsMs.map((ms) => after(ms, lookAgain));
  }

  return {
    /** The window got the focus. */
    focused(): void {
      if (!hasTrouble() || monotonicMs() - askedAt < focusPauseMs) return;
      askedAt = monotonicMs();
      void check();
      followUp();
    },
    /** The page where credits are bought was opened. */
    wentToPay(): void {
      // Whoever is back within a minute may have paid.
      askedAt = -Infinity;
      followUp();
    },
    dispose: stop,
  };
}
