/** What one suite came to. A suite that did not run has failed. */
export interface SuiteResult {
  name: string;
  passed: number;
  failed: number;
  durationMs: number;
  /** How long each test and each hook took, where that is known. */
  timings?: Timing[];
}

export interface Timing {
  /** A test's or a hook's title behind those of its suites. */
  title: string;
  durationMs: number;
}
