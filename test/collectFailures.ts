import type Mocha from 'mocha';
import type { Failure } from './suiteResult.ts';

/** Keeps what fails, so that it can be repeated behind all that is printed meanwhile. */
export function collectFailures(runner: Mocha.Runner, failures: Failure[]): void {
  runner.on('fail', (part: Mocha.Runnable, error: unknown) => {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    failures.push({ title: part.fullTitle(), reason });
  });
}
