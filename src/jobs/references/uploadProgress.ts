import type { Clock } from '../platform.ts';

/** How far the files of one job have been sent. */
export interface UploadProgress {
  /** A file that will be sent, by its content. */
  expect(content: string, sizeBytes: number): void;
  /** So much of it has been by now; less than before when it is sent again. */
  sent(content: string, bytes: number): void;
}

/** Every report is written to the disk, and drawn. */
const intervalMs = 200;

/** Tells the sums at most five times a second, and the last of them always. */
export function createUploadProgress(
  onProgress: ((sentBytes: number, totalBytes: number) => void) | undefined,
  onError: (thrown: unknown) => void,
  { monotonicMs }: Clock,
): UploadProgress {
  const files = new Map<string, { sentBytes: number; sizeBytes: number }>();
  let reportedMs = -Infinity;

  function report(isLast: boolean): void {
    const nowMs = monotonicMs();
    if (!onProgress || (!isLast && nowMs - reportedMs < intervalMs)) return;
    reportedMs = nowMs;
    const all = [...files.values()];
    const sum = (of: 'sentBytes' | 'sizeBytes') => all.reduce((total, file) => total + file[of], 0);
    try {
      onProgress(sum('sentBytes'), sum('sizeBytes'));
    } catch (thrown) {
      onError(thrown);
    }
  }

  return {
    expect(content, sizeBytes) {
      files.set(content, { sentBytes: 0, sizeBytes });
    },
    sent(content, bytes) {
      const file = files.get(content);
      if (!file) return;
      file.sentBytes = bytes;
      report([...files.values()].every(({ sentBytes, sizeBytes }) => sentBytes === sizeBytes));
    },
  };
}
