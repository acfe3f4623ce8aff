import type { SQLInputValue } from 'node:sqlite';
import type { ProcessTable } from '../platform.ts';

interface Connection {
  all: (sql: string, ...values: SQLInputValue[]) => unknown[];
  run: (sql: string, ...values: SQLInputValue[]) => void;
  inTransaction: <T>(work: () => T) => T;
}

/** Beats missed in as many looks make a window dead, when its process cannot be looked at. */
const missedHeartbeats = 4;

/** The windows that share a store, and which of them live. */
export function createHeartbeats(
  { all, run, inTransaction }: Connection,
  windowId: string,
  processes: ProcessTable,
) {
  /** Windows seen, with their last beat and how often it had not changed. */
  const seen = new Map<string, { count: number; misses: number }>();

  let beat = 0;

  function isAlive(id: string): boolean {
    if (id === windowId) return true;
    const [row] = all('SELECT * FROM windows WHERE id = ?', id) as [WindowRow | undefined];
    if (!row) return false;
    if (row.host === processes.host && !processes.isAlive(row.pid)) return false;
    const last = seen.get(id);
    return last === undefined || last.count !== row.beat || last.misses < missedHeartbeats;
  }

  /** Whether another window that lives works on what it owns. */
  function isOthers(owner: string | null): boolean {
    return owner !== null && owner !== windowId && isAlive(owner);
  }

  /** Says that this window lives. To be called every three seconds while it works on a job. */
  function heartbeat(): void {
    // Counted here: its row may be removed while it rests, and no count may be seen twice.
    beat += 1;
    run(
      `INSERT INTO windows (id, pid, host, beat) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET beat = excluded.beat`,
      windowId,
      processes.pid,
      processes.host,
      beat,
    );
  }

  /** Looks whether other windows live, and frees the jobs of those that died. */
  function reapDeadWindows(): void {
    const others = all('SELECT * FROM windows WHERE id <> ?', windowId) as WindowRow[];
    for (const other of others) {
      const before = seen.get(other.id);
      const misses = before?.count === other.beat ? before.misses + 1 : 0;
      seen.set(other.id, { count: other.beat, misses });
    }
    const known = new Set(others.map(({ id }) => id));
    for (const id of seen.keys()) if (!known.has(id)) seen.delete(id);
    const ids = (all('SELECT id FROM windows') as WindowRow[]).map(({ id }) => id);
    if (ids.every(isAlive)) return;
    inTransaction(() => {
      for (const id of ids) {
        if (isAlive(id)) continue;
        run('UPDATE jobs SET owner = NULL WHERE owner = ?', id);
        run('DELETE FROM windows WHERE id = ?', id);
        seen.delete(id);
      }
    });
  }

  /** Gives back all that this window works on. */
  function leave(): void {
    run('UPDATE jobs SET owner = NULL WHERE owner = ?', windowId);
    run('DELETE FROM windows WHERE id = ?', windowId);
  }

  return { isAlive, isOthers, heartbeat, reapDeadWindows, leave };
}

interface WindowRow {
  id: string;
  pid: number;
  host: string;
  beat: number;
}
