/** What one suite came to. A suite that did not run has failed. */
export interface SuiteResult {
  name: string;
  passed: number;
  failed: number;
  durationMs: number;
}
