import type { AppError } from '../appError.ts';
import type { Client } from '../evolink/client.ts';
import { createEmitter, type Emitter } from './async/emitter.ts';
import { hasMore } from './moreCredits.ts';
import type { SharedPause } from './queuePause.ts';
import { createReachability, isUnreached } from './reachability.ts';

export interface AccountCheckOptions {
  client: Pick<Client, 'credits'>;
  signal: AbortSignal;
  pause: Pick<SharedPause, 'current' | 'end'>;
  /** Runs what the store may refuse for a while. */
  guarded: (attempt: () => void) => void;
  /** A question begins, or has ended. */
  onChange: () => void;
  /** The provider answered. */
  onAnswer: () => void;
}

/** Finds out, for nothing, whether what stopped the queue is over, and lets it go on then. */
export function createAccountCheck(options: AccountCheckOptions) {
  const { client, pause, guarded } = options;
  const credits: Emitter<number | undefined> = createEmitter();
  /** What was left when this window was refused for want of credits, once that is read. */
  let refusedAt: number | 'unread' | undefined;

  const reach = createReachability({
    ...options,
    onChange() {
      // Who waits for a job goes on waiting while the network is looked for.
      if (pause.current()?.reason === 'network') options.onChange();
    },
    ask: (signal) => client.credits(signal),
    onAnswer(left) {
      if (options.signal.aborted) return;
      credits.emit(left);
      const { reason, error } = pause.current() ?? {};
      if (reason === 'network' || reason === 'key') guarded(() => pause.end(reason));
      // A refusal costs nothing, but is not asked for again while nothing has changed.
      if (refusedAt === 'unread') refusedAt = left;
      else if (reason === 'credits' && left !== undefined && hasMore(left, error, refusedAt))
        guarded(() => pause.end('credits'));
      options.onAnswer();
    },
  });

  return {
    reach,
    /** Called with the credits that are left; with undefined when what was known is no longer so. */
    onDidRead: credits.on,
    /** The provider refused a request for want of credits. */
    refused(): void {
      refusedAt = 'unread';
      credits.emit(undefined);
      void reach.check().then((failure) => {
        if (failure && refusedAt === 'unread') refusedAt = undefined;
      });
    },
    /** Key, host or account may be another. */
    changed(): void {
      refusedAt = undefined;
    },
    /** A question that failed before was answered now. */
    over(error: AppError): void {
      if (isUnreached(error)) {
        reach.answered();
        guarded(() => pause.end('network'));
      }
      if (error.code === 'auth' || error.code === 'noKey') guarded(() => pause.end('key'));
    },
  };
}
