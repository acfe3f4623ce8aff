import { toAppError } from '../appError.ts';
import { EvolinkError } from './errors.ts';

/** Requests that share one wait: what limits one of them limits the others. */
export type RequestKind = 'tasks' | 'account' | 'uploads' | 'files';

/**
 * Keeps to `Retry-After`. While a kind of request cools down, none of that kind is sent, whoever asks
 * for it. Creates have the queue's pause instead, which all windows share; and each download waits
 * for itself, since results lie on other hosts.
 */
export interface Cooldown {
  /**
   * Sends a request, unless its kind cools down. `send` calls `requireCool` once more when nothing
   * stands between it and the network: reading the key takes a while.
   * @throws EvolinkError `rateLimited` with the time that is left; then nothing was sent.
   */
  run<T>(kind: RequestKind, send: (requireCool: () => void) => Promise<T>): Promise<T>;
  /** Lets all be sent at once, as a user wishes, or because the key or the way is another now. */
  lift(): void;
}

/** Timers may fire so much early. */
const slackMs = 20;

/** @param monotonicMs a clock that does not jump, in milliseconds. */
export function createCooldown(monotonicMs: () => number): Cooldown {
  const notBeforeMs = new Map<RequestKind, number>();

  function requireCool(kind: RequestKind): void {
    const leftMs = (notBeforeMs.get(kind) ?? 0) - monotonicMs();
    if (leftMs <= slackMs) return;
    const details = { sent: 'no', retryAfterMs: Math.ceil(leftMs) } as const;
    throw new EvolinkError('rateLimited', 'The provider asked to wait', details);
  }

  return {
    async run(kind, send) {
      requireCool(kind);
      try {
        return await send(() => requireCool(kind));
      } catch (thrown) {
        const { retryAfterMs } = toAppError(thrown).details;
        if (retryAfterMs !== undefined) {
          const untilMs = monotonicMs() + retryAfterMs;
          notBeforeMs.set(kind, Math.max(untilMs, notBeforeMs.get(kind) ?? 0));
        }
        throw thrown;
      }
    },
    lift: () => notBeforeMs.clear(),
  };
}
