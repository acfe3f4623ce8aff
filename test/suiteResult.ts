/** What one suite came to. A suite that did not run has failed. */
export interface SuiteResult {
  name: string;
  passed: number;
  failed: number;
  durationMs: number;
  /** How long each test and each hook took, where that is known. */
  timings?: Timing[];
  /** The tests and hooks that failed, where they are known. */
  failures?: Failure[];
}

export interface Failure {
  /** A test's or a hook's title behind those of its suites. */
  title: string;
  /** The error with its stack. */
  reason: string;
}

export interface Timing {
  /** A test's or a hook's title behind those of its suites. */
  title: string;
  durationMs: number;
}
