import type { Client } from '../evolink/client.ts';

/** The credits left on the account, read seldom and never waited for. */
export interface Credits {
  value: () => number | undefined;
  /** Reads them again, now or five seconds after the last read. */
  refresh: () => void;
  /** Drops the value: another key may belong to another account. */
  forget: () => void;
  dispose: () => void;
}

const minPauseMs = 5_000;
const limitMs = 20_000;

/** `onChange` is called when the credits differ from those before. */
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
      // The page works without; a failure is reported when it stops a request.
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
