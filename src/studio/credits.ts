import type { Client } from '../evolink/client.ts';

/** What is left on the account, asked for seldom and never waited for. */
export interface Credits {
  value: () => number | undefined;
  /** Asks again, unless that was done just now; calls back when it changed. */
  refresh: (onChange: () => void) => void;
  /** Another key may be of another account. */
  forget: () => void;
}

const minPauseMs = 15_000;
const limitMs = 20_000;

export function createCredits(client: Pick<Client, 'credits'>): Credits {
  let value: number | undefined;
  let askedAt = -Infinity;

  return {
    value: () => value,
    refresh(onChange) {
      if (performance.now() - askedAt < minPauseMs) return;
      askedAt = performance.now();
      client.credits(AbortSignal.timeout(limitMs)).then(
        (credits) => {
          if (credits === value) return;
          value = credits;
          onChange();
        },
        // It is only a courtesy: what is wrong is said where it stops something.
        () => undefined,
      );
    },
    forget() {
      value = undefined;
      askedAt = -Infinity;
    },
  };
}
