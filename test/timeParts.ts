import type Mocha from 'mocha';
import type { Timing } from './suiteResult.ts';

/** Notes how long each test and each hook of a run took. */
export function timeParts(runner: Mocha.Runner, timings: Timing[]): void {
  const note = (part: Mocha.Runnable): void => {
    timings.push({ title: part.fullTitle(), durationMs: part.duration ?? 0 });
  };
  runner.on('test end', note);
  runner.on('hook end', note);
}
