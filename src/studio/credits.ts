import type { Client } from '../evolink/client.ts';

/** What is left on the account, asked for seldom and never waited for. */
export interface Credits {
  value: () => number | undefined;
  /** Asks again, now or when the pause since the last time is over. */
  refresh: () => void;
  /** Another key may be of another account. */
  forget: () => void;
  dispose: () => void;
}

const minPauseMs = 5_000;
const limitMs = 20_000;

/** `onChange` is called when the answer is another than before. */
export function createCredits(client: Pick<Client, 'credits'>, onChange: () => void): Credits {
  let value: number | undefined;
  let askedAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  function ask(): void {
    timer = undefined;
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
  }

  return {
    value: () => value,
    refresh() {
      timer ??= setTimeout(ask, Math.max(0, askedAt + minPauseMs - performance.now()));
    },
    forget() {
      value = undefined;
      askedAt = -Infinity;
    },
    dispose: () => clearTimeout(timer),
  };
}
