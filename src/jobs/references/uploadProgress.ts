/** How far the files of one job have been sent. */
export interface UploadProgress {
  /** A file that will be sent, by its content. */
  expect(content: string, sizeBytes: number): void;
  /** So much of it has been by now; less than before when it is sent again. */
  sent(content: string, bytes: number): void;
}

/** Every telling is written to the disk, and drawn. */
const intervalMs = 200;

/** Tells the sums at most five times a second, and the last of them always. */
export function createUploadProgress(
  tell: ((sentBytes: number, totalBytes: number) => void) | undefined,
  onError: (thrown: unknown) => void,
): UploadProgress {
  const files = new Map<string, { sentBytes: number; sizeBytes: number }>();
  let toldMs = -Infinity;

  function told(isLast: boolean): void {
    const nowMs = performance.now();
    if (!tell || (!isLast && nowMs - toldMs < intervalMs)) return;
    toldMs = nowMs;
    const all = [...files.values()];
    const sum = (of: 'sentBytes' | 'sizeBytes') => all.reduce((total, file) => total + file[of], 0);
    try {
      tell(sum('sentBytes'), sum('sizeBytes'));
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
      told([...files.values()].every(({ sentBytes, sizeBytes }) => sentBytes === sizeBytes));
    },
  };
}
