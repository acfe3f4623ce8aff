import type { Client } from '../evolink/client.ts';

/** The credits left on the account, read seldom and never waited for. */
export interface Credits {
  value: () => number | undefined;
  /** Reads them again, now or five seconds after the last read. */
  refresh: () => void;
  /** Reads them again unless that was done within the last `ms`. */
  refreshOlder: (ms: number) => void;
  /** Takes over what was read elsewhere. */
  note: (credits: number) => void;
  /** Drops the value, and what is being read: another key, or a refusal, made them old. */
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
  let reading = new AbortController();

  function ask(): void {
    timer = undefined;
    askedAt = performance.now();
    const { signal } = reading;
    client.credits(AbortSignal.any([signal, AbortSignal.timeout(limitMs)])).then(
      (credits) => {
        if (!signal.aborted) become(credits);
      },
      // The page works without; a failure is reported when it stops a request.
      () => undefined,
    );
  }

  function become(credits: number | undefined): void {
    if (credits === value) return;
    value = credits;
    onChange();
  }

  function refresh(): void {
    timer ??= setTimeout(ask, Math.max(0, askedAt + minPauseMs - performance.now()));
  }

  return {
    value: () => value,
    refresh,
    refreshOlder(ms) {
      if (performance.now() - askedAt >= ms) refresh();
    },
    note: become,
    forget() {
      reading.abort();
      reading = new AbortController();
      askedAt = -Infinity;
      become(undefined);
    },
    dispose: () => clearTimeout(timer),
  };
}
