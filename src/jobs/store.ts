import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { openDatabase, type OpenedDatabase } from './database.ts';
import {
  isUnfinished,
  type Job,
  type JobEvent,
  type SavedJob,
  transition,
  unfinishedStates,
} from './job.ts';

/** What a window may ask of the window that works on a job. */
export type Wanted = 'cancel' | 'stop';

export interface WindowId {
  /** Unique for each start of a window. */
  id: string;
  pid: number;
  host: string;
}

export interface StoreOptions {
  path: string;
  window: WindowId;
  /** Whether a process of this machine runs. */
  isAlive: (pid: number) => boolean;
}

/** Thrown when a job is worked on by another window that lives. */
export class OwnedElsewhereError extends Error {
  constructor(id: string) {
    super(`Job ${id} is worked on by another window`);
    this.name = 'OwnedElsewhereError';
  }
}

export interface ClaimRules {
  /** How many jobs all windows together may have under way. */
  maxConcurrent: number;
  /** Whether new jobs may be started; those under way always go on. */
  mayStart: boolean;
  /** Whether the workspace folder is open here; a finished image waits for it. */
  isOpen: (workspaceUri: string | undefined) => boolean;
}

/** Beats missed in as many looks make a window dead, when its process cannot be looked at. */
const missedBeats = 4;
const keptDurations = 40;
const unfinished = unfinishedStates.map((state) => `'${state}'`).join(',');

/**
 * Jobs on the disk, shared by all windows. Every change is one transaction: it is there whole
 * after a crash, or not at all.
 */
export type Store = ReturnType<typeof openStore>;

export function openStore(options: StoreOptions) {
  const opened: OpenedDatabase = openDatabase(options.path);
  const { database } = opened;
  const { window } = options;
  /** Windows seen, with their last beat and how often it had not changed. */
  const seen = new Map<string, { beat: number; misses: number }>();

  const inTransaction = <T>(work: () => T): T => withTransaction(database, work);

  function all(sql: string, ...values: SQLInputValue[]): Row[] {
    return database.prepare(sql).all(...values) as unknown as Row[];
  }

  function run(sql: string, ...values: SQLInputValue[]): void {
    database.prepare(sql).run(...values);
  }

  function nextSeq(): number {
    const row = database.prepare('SELECT coalesce(max(seq), 0) + 1 AS seq FROM jobs').get();
    return Number(row?.['seq']);
  }

  function write(job: Job, owner: string | null): void {
    run(
      `UPDATE jobs SET state = ?, task_id = ?, seq = ?, owner = ?, data = ?,
         wanted = CASE WHEN ? THEN wanted ELSE NULL END
       WHERE id = ?`,
      job.state,
      ('taskId' in job ? job.taskId : undefined) ?? null,
      nextSeq(),
      owner,
      JSON.stringify(job),
      isUnfinished(job) ? 1 : 0,
      job.id,
    );
  }

  function add(jobs: readonly Job[]): void {
    inTransaction(() => {
      const last = database.prepare('SELECT coalesce(max(position), 0) AS last FROM jobs').get();
      let position = Number(last?.['last']);
      for (const job of jobs) {
        position += 1;
        run(
          `INSERT INTO jobs (id, state, created_at, position, workspace, task_id, seq, data)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          job.id,
          job.state,
          job.createdAt,
          position,
          job.workspaceUri ?? null,
          ('taskId' in job ? job.taskId : undefined) ?? null,
          nextSeq(),
          JSON.stringify(job),
        );
      }
    });
  }

  function get(id: string): Job | undefined {
    const [row] = all('SELECT * FROM jobs WHERE id = ?', id);
    return row && readJob(row);
  }

  /** Moves a job. @throws OwnedElsewhereError, TransitionError; then nothing was changed. */
  function move(id: string, event: JobEvent): Job {
    return inTransaction(() => {
      const [row] = all('SELECT * FROM jobs WHERE id = ?', id);
      const job = row && readJob(row);
      if (!job) throw new Error(`There is no job ${id}`);
      if (row.owner !== null && row.owner !== window.id && isWindowAlive(row.owner))
        throw new OwnedElsewhereError(id);
      const moved = transition(job, event);
      write(moved, isUnfinished(moved) && row.owner === window.id ? window.id : null);
      return moved;
    });
  }

  /** Takes what this window should work on now: what was left behind first, then the queue. */
  function claim(rules: ClaimRules): Job[] {
    return inTransaction(() => {
      const rows = all(`SELECT * FROM jobs WHERE state IN (${unfinished}) ORDER BY position`);
      let underWay = rows.filter(isUnderWay).length;
      const claimed: Job[] = [];
      for (const row of rows) {
        const job = readJob(row);
        if (!job || (row.owner !== null && isWindowAlive(row.owner))) continue;
        if (isParked(job) && !rules.isOpen(job.workspaceUri)) continue;
        if (job.state === 'queued') {
          if (!rules.mayStart || underWay >= rules.maxConcurrent) continue;
          underWay += 1;
        }
        run('UPDATE jobs SET owner = ?, seq = ? WHERE id = ?', window.id, nextSeq(), job.id);
        claimed.push(job);
      }
      if (claimed.length > 0) beat();
      return claimed;
    });
  }

  /** Gives a job back that this window no longer works on, for any window to take up. */
  function release(id: string): void {
    run('UPDATE jobs SET owner = NULL WHERE id = ? AND owner = ?', id, window.id);
  }

  function isUnderWay(row: Row): boolean {
    if (row.state === 'queued') return row.owner !== null && isWindowAlive(row.owner);
    const job = readJob(row);
    return job !== undefined && !isParked(job);
  }

  function isWindowAlive(id: string): boolean {
    if (id === window.id) return true;
    const [row] = database.prepare('SELECT * FROM windows WHERE id = ?').all(id) as unknown as [
      WindowRow | undefined,
    ];
    if (!row) return false;
    if (row.host === window.host && !options.isAlive(row.pid)) return false;
    const last = seen.get(id);
    return last === undefined || last.beat !== row.beat || last.misses < missedBeats;
  }

  /** Says that this window lives. To be called every three seconds while it works on a job. */
  function beat(): void {
    run(
      `INSERT INTO windows (id, pid, host, beat) VALUES (?, ?, ?, 1)
       ON CONFLICT (id) DO UPDATE SET beat = beat + 1`,
      window.id,
      window.pid,
      window.host,
    );
  }

  /** Looks whether other windows live, and frees the jobs of those that died. Likewise. */
  function lookAround(): void {
    const others = database.prepare('SELECT * FROM windows WHERE id <> ?').all(window.id);
    for (const other of others as unknown as WindowRow[]) {
      const before = seen.get(other.id);
      const misses = before?.beat === other.beat ? before.misses + 1 : 0;
      seen.set(other.id, { beat: other.beat, misses });
    }
    inTransaction(() => {
      for (const { id } of all('SELECT id FROM windows')) {
        if (isWindowAlive(id)) continue;
        run('UPDATE jobs SET owner = NULL WHERE owner = ?', id);
        run('DELETE FROM windows WHERE id = ?', id);
        seen.delete(id);
      }
    });
  }

  function want(id: string, wanted: Wanted): void {
    run('UPDATE jobs SET wanted = ?, seq = ? WHERE id = ?', wanted, nextSeq(), id);
  }

  /** What other windows ask of this one's jobs. Each is told once. */
  function takeWanted(): { id: string; wanted: Wanted }[] {
    const sql = 'SELECT id, wanted FROM jobs WHERE owner = ? AND wanted IS NOT NULL';
    const rows = all(sql, window.id);
    if (rows.length > 0) run('UPDATE jobs SET wanted = NULL WHERE owner = ?', window.id);
    return rows.flatMap(({ id, wanted }) => (wanted ? [{ id, wanted }] : []));
  }

  /** Puts a queued job before another, or at the end. */
  function reorder(id: string, beforeId: string | undefined): void {
    inTransaction(() => {
      const queue = all(
        "SELECT * FROM jobs WHERE state = 'queued' AND id <> ? ORDER BY position",
        id,
      );
      const index = queue.findIndex((row) => row.id === beforeId);
      const after = index === -1 ? undefined : queue[index];
      const before = index === -1 ? queue.at(-1) : queue[index - 1];
      const position = between(before?.position, after?.position);
      run('UPDATE jobs SET position = ?, seq = ? WHERE id = ?', position, nextSeq(), id);
    });
  }

  function readRows(sql: string, ...values: SQLInputValue[]): Job[] {
    return all(sql, ...values).flatMap((row) => readJob(row) ?? []);
  }

  return {
    setAside: opened.setAside,
    add,
    get,
    move,
    claim,
    release,
    beat,
    lookAround,
    want,
    takeWanted,
    reorder,
    byTask: (taskId: string): Job | undefined =>
      readRows('SELECT * FROM jobs WHERE task_id = ? ORDER BY created_at DESC', taskId)[0],
    /** The newest image with this content. */
    bySha256: (sha256: string): SavedJob | undefined =>
      readRows(
        "SELECT * FROM jobs WHERE state = 'saved' AND data ->> '$.sha256' = ? ORDER BY created_at DESC LIMIT 1",
        sha256,
      ).find((job) => job.state === 'saved'),
    /** In the order of the queue. */
    listUnfinished: (): Job[] =>
      readRows(`SELECT * FROM jobs WHERE state IN (${unfinished}) ORDER BY position`),
    /** Newest first. */
    listRecent: (limit: number): Job[] =>
      readRows('SELECT * FROM jobs ORDER BY created_at DESC, position DESC LIMIT ?', limit),
    listChangedSince: (seq: number): Job[] =>
      readRows('SELECT * FROM jobs WHERE seq > ? ORDER BY seq', seq),
    lastSeq: (): number => nextSeq() - 1,
    /** Changes whenever another connection has written. */
    dataVersion: (): number =>
      Number(database.prepare('PRAGMA data_version').get()?.['data_version']),
    /** Task ids known here, of jobs not older than `sinceMs`. */
    knownTasks: (sinceMs: number): Set<string> =>
      new Set(
        all('SELECT task_id FROM jobs WHERE task_id IS NOT NULL AND created_at >= ?', sinceMs).map(
          (row) => row.task_id ?? '',
        ),
      ),
    addDuration(model: string, quality: string, at: number, durationMs: number): void {
      const rounded = Math.round(durationMs);
      run('INSERT INTO durations VALUES (?, ?, ?, ?)', model, quality, at, rounded);
    },
    /** How long tasks of this kind took, newest first. */
    durations: (model: string, quality: string): number[] =>
      (
        database
          .prepare(
            'SELECT duration_ms FROM durations WHERE model = ? AND quality = ? ORDER BY at DESC LIMIT ?',
          )
          .all(model, quality, keptDurations) as { duration_ms: number }[]
      ).map((row) => row.duration_ms),
    /** Runs `work` while no other window can write. */
    exclusively: inTransaction,
    countUnfinished: (): number =>
      Number(
        database.prepare(`SELECT count(*) AS n FROM jobs WHERE state IN (${unfinished})`).get()?.[
          'n'
        ],
      ),
    close(): void {
      inTransaction(() => {
        run('UPDATE jobs SET owner = NULL WHERE owner = ?', window.id);
        run('DELETE FROM windows WHERE id = ?', window.id);
      });
      database.close();
    },
  };
}

interface Row {
  id: string;
  state: string;
  position: number;
  task_id: string | null;
  owner: string | null;
  wanted: Wanted | null;
  data: string;
}

interface WindowRow extends WindowId {
  beat: number;
}

function withTransaction<T>(database: DatabaseSync, work: () => T): T {
  if (database.isTransaction) return work();
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } finally {
    // Still open when `work` or the commit threw.
    if (isInTransaction(database)) database.exec('ROLLBACK');
  }
}

function isInTransaction(database: DatabaseSync): boolean {
  return database.isTransaction;
}

/** A row that cannot be read is passed over, so that one bad row does not hide all the others. */
function readJob(row: Row): Job | undefined {
  try {
    const job = JSON.parse(row.data) as Job;
    return job.id === row.id ? job : undefined;
  } catch {
    return undefined;
  }
}

function isParked(job: Job): boolean {
  return job.state === 'downloading' && job.isParked === true;
}

function between(before: number | undefined, after: number | undefined): number {
  if (before === undefined) return (after ?? 1) - 1;
  return after === undefined ? before + 1 : (before + after) / 2;
}
