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
    if (!isRunning(row)) return false;
    const last = seen.get(id);
    return last === undefined || last.count !== row.beat || last.misses < missedHeartbeats;
  }

  /** Unless its process can be looked at, and is gone. */
  function isRunning({ host, pid }: WindowRow): boolean {
    return host !== processes.host || processes.isAlive(pid);
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
    const others = listOthers();
    const known = new Set(others.map(({ id }) => id));
    for (const id of seen.keys()) if (!known.has(id)) seen.delete(id);
    if (others.every((other) => isRunning(other) && seen.get(other.id)?.count !== other.beat))
      others.forEach(look);
    // A beat is missed only while it can be written: not while another program has the store.
    else inTransaction(() => listOthers().forEach(reap));
  }

  function listOthers(): WindowRow[] {
    return all('SELECT * FROM windows WHERE id <> ?', windowId) as WindowRow[];
  }

  function look({ id, beat: count }: WindowRow): void {
    const before = seen.get(id);
    seen.set(id, { count, misses: before?.count === count ? before.misses + 1 : 0 });
  }

  function reap(other: WindowRow): void {
    look(other);
    if (isAlive(other.id)) return;
    run('UPDATE jobs SET owner = NULL WHERE owner = ?', other.id);
    run('DELETE FROM windows WHERE id = ?', other.id);
    seen.delete(other.id);
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
