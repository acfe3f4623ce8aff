import { mock } from 'node:test';

export interface FakeTime {
  /** Lets time go by, and what was waiting for it happen. */
  pass(ms: number): Promise<void>;
  restore(): void;
}

/** Every timer looks at least so often at the clock. */
const stepMs = 50;

/** Takes the place of `setTimeout` and of the clock that does not jump. */
export function fakeTime(): FakeTime {
  let nowMs = 0;
  mock.timers.enable({ apis: ['setTimeout'] });
  mock.method(performance, 'now', () => nowMs);
  return {
    async pass(ms) {
      const endMs = nowMs + ms;
      while (nowMs < endMs) {
        const step = Math.min(stepMs, endMs - nowMs);
        nowMs += step;
        mock.timers.tick(step);
        await new Promise(setImmediate);
      }
    },
    restore() {
      mock.timers.reset();
      mock.restoreAll();
    },
  };
}
