import type { SQLInputValue } from 'node:sqlite';
import type { Job } from '../job.ts';
import { decodeJob } from './jobCodec.ts';
import type { JobRow, JobRows } from './jobRows.ts';

/** So many are read within the time of a frame or two; a folder of thousands of images may have moved. */
const readAtOnce = 1_500;

/** What other windows have written since this one last looked. */
export function createChanges(
  all: (sql: string, ...values: SQLInputValue[]) => unknown[],
  rows: Pick<JobRows, 'nextSeq' | 'select'>,
  windowId: string,
  clearings: () => string | undefined,
) {
  let seenClearings = clearings();
  let seenSeq = rows.nextSeq() - 1;
  let seenVersion: number | undefined = dataVersion();

  /** Changes whenever another connection has written. */
  function dataVersion(): number {
    const [row] = all('PRAGMA data_version') as [{ data_version: number }];
    return row.data_version;
  }

  /** Jobs that changed, in the order of their changes; of very many the first, and later the others. */
  function take(): Job[] {
    const version = dataVersion();
    if (version === seenVersion) return [];
    const latest = rows.nextSeq() - 1;
    const changed = changedUpTo(latest, readAtOnce + 1);
    const last = changed.at(readAtOnce)?.seq;
    // Those that were changed together have one number.
    const upTo = last === undefined ? latest : Math.max(last - 1, changed[0]?.seq ?? 0);
    const read = upTo === latest ? changed : changedUpTo(upTo, -1);
    seenSeq = upTo;
    seenVersion = upTo === latest ? version : undefined;
    return read.flatMap((row) => decodeJob(row) ?? []);
  }

  function changedUpTo(seq: number, limit: number): (JobRow & { seq: number })[] {
    return rows.select(
      `SELECT * FROM jobs WHERE seq > ? AND seq <= ? AND writer IS NOT ? ORDER BY seq LIMIT ?`,
      seenSeq,
      seq,
      windowId,
      limit,
    ) as (JobRow & { seq: number })[];
  }

  /** Whether jobs were removed, by this window or another, since this was last asked. */
  function takeCleared(): boolean {
    const before = seenClearings;
    seenClearings = clearings();
    return seenClearings !== before;
  }

  /** Lets the next look find what this window has written without a writer. */
  function lookAgain(): void {
    seenVersion = undefined;
  }

  /** Another store is in use: everything that others wrote there is news. */
  function startAnew(): void {
    seenSeq = 0;
    seenVersion = undefined;
  }

  return { take, takeCleared, lookAgain, startAnew };
}
