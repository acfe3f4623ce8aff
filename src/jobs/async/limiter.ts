import { cancelled } from '../../appError.ts';
import { onAbort } from '../../onAbort.ts';

/** Lets so many works run at once; the others wait their turn. */
export interface Limiter {
  /** @throws what `work` throws; AppError `cancelled` when its turn has not come by then. */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createLimiter(places: number): Limiter {
  let free = places;
  const waiting = new Set<() => void>();

  async function turn(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw cancelled();
    if (free > 0) {
      free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        waiting.delete(enter);
        stop();
        resolve();
      };
      waiting.add(enter);
      const stop = onAbort(signal, () => {
        waiting.delete(enter);
        reject(cancelled());
      });
    });
  }

  return {
    async run(work, signal) {
      await turn(signal);
      try {
        return await work();
      } finally {
        const [next] = waiting;
        // The place passes on, so that nobody slips in between.
        if (next) next();
        else free += 1;
      }
    },
  };
}
