/** How fast the references of a job are sent. */
export interface UploadRate {
  /**
   * Notes how much of a job was sent by now. @returns bytes a second over the last seconds;
   * undefined until there is enough to tell by.
   */
  note(jobId: string, sentBytes: number): number | undefined;
}

/** Long enough to be calm, short enough to tell when a line becomes slow. */
const windowMs = 6_000;
const enoughMs = 1_000;

export function createUploadRate(now: () => number = () => performance.now()): UploadRate {
  let noted: { jobId: string; atMs: number; sentBytes: number }[] = [];

  return {
    note(jobId, sentBytes) {
      const atMs = now();
      const last = noted.at(-1);
      // Another job's bytes, or a file that is sent again: what came before says nothing of it.
      if (last && (last.jobId !== jobId || last.sentBytes > sentBytes)) noted = [];
      noted.push({ jobId, atMs, sentBytes });
      noted = noted.filter((each) => atMs - each.atMs <= windowMs);
      const [first] = noted;
      if (!first || atMs - first.atMs < enoughMs) return undefined;
      return ((sentBytes - first.sentBytes) / (atMs - first.atMs)) * 1_000;
    },
  };
}
