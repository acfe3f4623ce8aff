import { tellError } from './say/notifications.ts';
import { onAbort } from '../onAbort.ts';

const startPauseMs = 60_000;

/** Starts for the jobs of an earlier window, however long something keeps it from that. */
export function keepStarting(start: () => Promise<unknown>, signal: AbortSignal): void {
  let isTold = false;
  const tryTo = () => {
    start().catch((thrown: unknown) => {
      if (signal.aborted) return;
      if (!isTold) void tellError((thrown as Error).message);
      isTold = true;
      const timer = setTimeout(() => {
        stop();
        tryTo();
      }, startPauseMs);
      const stop = onAbort(signal, () => clearTimeout(timer));
    });
  };
  tryTo();
}
