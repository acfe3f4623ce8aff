import type { SQLInputValue } from 'node:sqlite';
import type { Job } from '../job.ts';
import type { JobRows } from './jobRows.ts';

/** What other windows have written since this one last looked. */
export function createChanges(
  all: (sql: string, ...values: SQLInputValue[]) => unknown[],
  rows: Pick<JobRows, 'nextSeq' | 'readAll'>,
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

  /** Jobs that changed, in the order of their changes. */
  function take(): Job[] {
    const version = dataVersion();
    if (version === seenVersion) return [];
    const upTo = rows.nextSeq() - 1;
    const changed = rows.readAll(
      'SELECT * FROM jobs WHERE seq > ? AND seq <= ? AND writer IS NOT ? ORDER BY seq',
      seenSeq,
      upTo,
      windowId,
    );
    seenSeq = upTo;
    seenVersion = version;
    return changed;
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
