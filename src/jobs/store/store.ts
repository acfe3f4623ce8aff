import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { openDatabase, type OpenedDatabase, replaceDatabase, unfinished } from './database.ts';
import {
  isUnfinished,
  type Job,
  type JobEvent,
  referencesUnneededAt,
  type SavedJob,
  transition,
} from '../job.ts';
import { salvageJobs } from './salvage.ts';
import type { QueuePause } from '../queuePause.ts';
import { createGallery } from './gallery.ts';
import { decodeJob, encodeJob } from './jobCodec.ts';
import { createClaims } from './claims.ts';
import { createUploads, type Upload } from './uploads.ts';
import { createHeartbeats } from './heartbeats.ts';
import { isDamage, OwnedElsewhereError, PlaceTakenError } from './storeErrors.ts';
import type { Platform } from '../platform.ts';
import type { UploadedFile } from '../../evolink/filesSchema.ts';

export interface StoreOptions {
  path: string;
  platform: Platform;
  /** Told when the store turns out to be damaged after it was opened. */
  onQuarantine?: (quarantined: NonNullable<OpenedDatabase['quarantined']>) => void;
}

const keptDurations = 40;
/** Until a window says otherwise. */
const defaultMaxConcurrent = 4;

/**
 * Jobs on the disk, shared by all windows. Every change is one transaction: it is there whole
 * after a crash, or not at all.
 */
export type Store = ReturnType<typeof openStore>;

export function openStore(options: StoreOptions) {
  const { platform, path } = options;
  const { now } = platform.clock;
  const inodeNow = () => platform.syncFiles.inodeSync(path);
  const opened = openDatabase(path, platform);
  let { database } = opened;
  let inode = inodeNow();
  let seenSeq = 0;
  let seenVersion = 0;
  /** As this window set it, for a store that takes a damaged one's place. */
  let ownMaxConcurrent: number | undefined;
  /** Of this start of the window. */
  const windowId = platform.randomId();
  const uploads = createUploads({ all, run }, platform.randomId);
  const gallery = createGallery({ all, run, readJob: decodeJob });
  const heartbeats = createHeartbeats(
    { all, run, inTransaction: (work) => inTransaction(work) },
    windowId,
    platform.processes,
  );
  const isPaused = () => readPause() !== undefined;
  const claims = createClaims(
    { all, run, readJob: decodeJob, isPaused, maxConcurrent: readMaxConcurrent },
    heartbeats,
    windowId,
  );

  /** Nothing is written to a store that another window has put aside. */
  const inTransaction = <T>(work: () => T): T => {
    if (!database.isTransaction) follow();
    return withTransaction(database, work);
  };

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
      `UPDATE jobs SET state = ?, task_id = ?, seq = ?, writer = ?, owner = ?, data = ?,
         wanted = CASE WHEN ? THEN wanted ELSE NULL END
       WHERE id = ?`,
      job.state,
      ('taskId' in job ? job.taskId : undefined) ?? null,
      nextSeq(),
      windowId,
      owner,
      encodeJob(job),
      isUnfinished(job) ? 1 : 0,
      job.id,
    );
    // In the same transaction: after a crash none is left that nobody knows to be unneeded.
    const unneededAt = referencesUnneededAt(job, now());
    if (unneededAt !== undefined) uploads.release(job.id, unneededAt);
  }

  function add(jobs: readonly Job[]): void {
    inTransaction(() => {
      const sql = `SELECT coalesce(max(position), 0) AS last FROM jobs WHERE state IN (${unfinished})`;
      let position = Number(database.prepare(sql).get()?.['last']);
      for (const job of jobs) {
        position += 1;
        run(
          `INSERT INTO jobs (id, state, created_at, position, workspace, task_id, seq, writer, data)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          job.id,
          job.state,
          job.createdAt,
          position,
          job.workspaceUri ?? null,
          ('taskId' in job ? job.taskId : undefined) ?? null,
          nextSeq(),
          windowId,
          encodeJob(job),
        );
      }
    });
  }

  function get(id: string): Job | undefined {
    const [row] = all('SELECT * FROM jobs WHERE id = ?', id);
    return row && decodeJob(row);
  }

  /** Moves a job as a user asks. @throws OwnedElsewhereError, TransitionError */
  function move(id: string, event: JobEvent): Job {
    return moveIf(id, event, ({ owner }) => !claims.isOthers(owner));
  }

  /**
   * Moves a job as the work on it goes. A window that was held up may have lost it to another: then
   * nothing may come of what it still does. Only that a task was accepted is always worth knowing.
   * @throws OwnedElsewhereError, TransitionError; PlaceTakenError when another job has that target
   */
  function advance(id: string, event: JobEvent): Job {
    return moveIf(id, event, ({ owner }) => event.type === 'accepted' || owner === windowId);
  }

  function moveIf(id: string, event: JobEvent, isAllowed: (row: Row) => boolean): Job {
    return inTransaction(() => {
      const [row] = all('SELECT * FROM jobs WHERE id = ?', id);
      const job = row && decodeJob(row);
      if (!job) throw new Error(`There is no job ${id}`);
      if (!isAllowed(row)) throw new OwnedElsewhereError(id);
      if (event.type === 'placing') requireUnchosen(id, event.target.uri);
      const moved = transition(job, event);
      write(moved, isUnfinished(moved) ? row.owner : null);
      return moved;
    });
  }

  /**
   * Two jobs never have one place: what stands where a job was to put its image is that job's own,
   * even if another's image has the same bytes.
   */
  function requireUnchosen(id: string, uri: string): void {
    const sql = `SELECT data ->> '$.target.uri' AS uri FROM jobs
       WHERE id <> ? AND state IN ('downloading', 'failed', 'stopped') AND uri IS NOT NULL`;
    const others = database.prepare(sql).all(id) as { uri: string }[];
    const place = folded(uri);
    if (others.some((other) => folded(other.uri) === place)) throw new PlaceTakenError(uri);
  }

  /** An upload for a job that is another's, or over, would never be deleted. */
  function requireAtWork(jobId: string): void {
    const [row] = all('SELECT * FROM jobs WHERE id = ?', jobId);
    const job = row && decodeJob(row);
    const isOurs = job && row.owner === windowId;
    if (!isOurs || referencesUnneededAt(job, now()) !== undefined)
      throw new OwnedElsewhereError(jobId);
  }

  function settleUpload(upload: Upload, file: UploadedFile, jobId: string): void {
    uploads.settle(upload, file, now());
    const job = get(jobId);
    if (job && referencesUnneededAt(job, now()) === undefined) uploads.addUse(upload.name, jobId);
  }

  const transact = <A extends unknown[], R>(work: (...args: A) => R) =>
    guarded((...args: A) => inTransaction(() => work(...args)));

  function readPause(): QueuePause | undefined {
    const row = database.prepare('SELECT pause FROM queue').get();
    return row?.['pause'] == null ? undefined : (JSON.parse(String(row['pause'])) as QueuePause);
  }

  function readMaxConcurrent(): number {
    const [row] = all("SELECT value FROM settings WHERE name = 'maxConcurrent'") as unknown as {
      value: string;
    }[];
    return row ? Number(row.value) : defaultMaxConcurrent;
  }

  function setMaxConcurrent(count: number): void {
    ownMaxConcurrent = count;
    // Written only when it is new, because every write makes the other windows look.
    if (count !== readMaxConcurrent())
      run("INSERT OR REPLACE INTO settings VALUES ('maxConcurrent', ?)", String(count));
  }

  /** Puts a queued job before another, or at the end. */
  function reorder(id: string, beforeId: string | undefined): void {
    inTransaction(() => {
      const queue = all("SELECT * FROM jobs WHERE state = 'queued' ORDER BY position");
      const order = queue.filter((row) => row.id !== id);
      const moved = queue.find((row) => row.id === id);
      if (!moved) return;
      const index = order.findIndex((row) => row.id === beforeId);
      order.splice(index === -1 ? order.length : index, 0, moved);
      // The same places, dealt out anew: no number has to be found between two others.
      for (const [place, row] of order.entries()) {
        const position = queue[place]?.position ?? place;
        if (position === row.position) continue;
        const sql = 'UPDATE jobs SET position = ?, seq = ?, writer = ? WHERE id = ?';
        run(sql, position, nextSeq(), windowId, row.id);
      }
    });
  }

  /** What other windows changed since this was last asked. */
  function takeChanges(): Job[] {
    follow();
    const version = dataVersion();
    if (version === seenVersion) return [];
    const upTo = nextSeq() - 1;
    const changed = readRows(
      'SELECT * FROM jobs WHERE seq > ? AND seq <= ? AND writer IS NOT ? ORDER BY seq',
      seenSeq,
      upTo,
      windowId,
    );
    seenSeq = upTo;
    seenVersion = version;
    return changed;
  }

  /** Changes whenever another connection has written. */
  function dataVersion(): number {
    return Number(database.prepare('PRAGMA data_version').get()?.['data_version']);
  }

  /** Another window may have put the store aside: its file is then no longer the one in use. */
  function follow(): void {
    if (inodeNow() === inode) return;
    // In this order: when the new one cannot be opened, the old one is still at hand.
    const next = openDatabase(path, platform);
    database.close();
    use(next);
  }

  /** Damage has shown: what can still be read goes on in a new store. */
  function startAnew(): void {
    database.close();
    use(replaceDatabase(path, inode, 'damaged', platform));
  }

  function use(next: OpenedDatabase): void {
    ({ database } = next);
    inode = inodeNow();
    if (next.quarantined?.reason === 'damaged') add(salvageJobs(next.quarantined.path, platform));
    if (ownMaxConcurrent !== undefined) setMaxConcurrent(ownMaxConcurrent);
    if (next.quarantined && next !== opened) options.onQuarantine?.(next.quarantined);
    // Of a store that takes another's place, everything others wrote there is news.
    seenSeq = next === opened ? nextSeq() - 1 : 0;
    seenVersion = next === opened ? dataVersion() : -1;
  }

  /** An operation that meets damage is tried once more, on the store that takes the damaged one's place. */
  function guarded<A extends unknown[], R>(operation: (...args: A) => R): (...args: A) => R {
    return (...args) => {
      try {
        return operation(...args);
      } catch (thrown) {
        if (!isDamage(thrown) || database.isTransaction) throw thrown;
        startAnew();
        return operation(...args);
      }
    };
  }

  use(opened);

  function readRows(sql: string, ...values: SQLInputValue[]): Job[] {
    return all(sql, ...values).flatMap((row) => decodeJob(row) ?? []);
  }

  return {
    setAside: opened.quarantined,
    add: guarded(add),
    get: guarded(get),
    move: guarded(move),
    advance: guarded(advance),
    claim: transact(claims.claim),
    release: guarded(claims.release),
    heartbeat: guarded(heartbeats.heartbeat),
    reapDeadWindows: guarded(heartbeats.reapDeadWindows),
    requestControl: guarded(claims.requestControl),
    takeControlRequests: guarded(claims.takeControlRequests),
    takeChanges: guarded(takeChanges),
    reorder: guarded(reorder),
    byTask: guarded((taskId: string): Job | undefined =>
      readRows('SELECT * FROM jobs WHERE task_id = ? ORDER BY created_at DESC', taskId).at(0),
    ),
    /** Why no window starts new jobs, if so. */
    pause: guarded(readPause),
    /** Sets it, if it still is what the caller knows of it. @returns whether it was. */
    setPause: transact(
      (next: QueuePause | undefined, expected: QueuePause | undefined): boolean => {
        if (JSON.stringify(readPause()) !== JSON.stringify(expected)) return false;
        run('UPDATE queue SET pause = ?', next === undefined ? null : JSON.stringify(next));
        return true;
      },
    ),
    /** How many tasks all windows together may have under way. */
    maxConcurrent: guarded(readMaxConcurrent),
    setMaxConcurrent: transact(setMaxConcurrent),
    /** The newest image with this content. */
    bySha256: guarded((sha256: string): SavedJob | undefined =>
      readRows(
        "SELECT * FROM jobs WHERE state = 'saved' AND data ->> '$.sha256' = ? ORDER BY created_at DESC LIMIT 1",
        sha256,
      ).find((job) => job.state === 'saved'),
    ),
    /** In the order of the queue. */
    listUnfinished: guarded((): Job[] =>
      readRows(`SELECT * FROM jobs WHERE state IN (${unfinished}) ORDER BY position`),
    ),
    /** Newest first. */
    listRecent: guarded((limit: number): Job[] =>
      readRows('SELECT * FROM jobs ORDER BY created_at DESC, rowid DESC LIMIT ?', limit),
    ),
    /** Task ids known here, of jobs not older than `sinceMs`. */
    knownTasks: guarded((sinceMs: number): Set<string> => {
      const sql = 'SELECT task_id FROM jobs WHERE task_id IS NOT NULL AND created_at >= ?';
      return new Set(all(sql, sinceMs).map((row) => row.task_id ?? ''));
    }),
    addDuration: guarded((model: string, quality: string, at: number, durationMs: number): void => {
      const rounded = Math.round(durationMs);
      run('INSERT INTO durations VALUES (?, ?, ?, ?)', model, quality, at, rounded);
    }),
    /** How long tasks of this kind took, newest first. */
    durations: guarded((model: string, quality: string): number[] => {
      const sql =
        'SELECT duration_ms FROM durations WHERE model = ? AND quality = ? ORDER BY at DESC LIMIT ?';
      const rows = database.prepare(sql).all(model, quality, keptDurations);
      return rows.map((row) => Number(row['duration_ms']));
    }),
    /** Everything ever made, to be looked through. */
    gallery: {
      query: transact(gallery.query),
      read: guarded(gallery.read),
      keyOf: guarded(gallery.keyOf),
      setFavourite: transact(gallery.setFavourite),
      setHidden: transact(gallery.setHidden),
      prompts: guarded(gallery.prompts),
    },
    /** What lies, or may lie, on the provider's file service. */
    uploads: {
      /** Before a file is sent. `extension` with its dot. @throws OwnedElsewhereError */
      begin: transact((content: string, jobId: string, extension: string): Upload => {
        requireAtWork(jobId);
        return uploads.begin(content, jobId, extension, now());
      }),
      /** After the service has taken it. */
      settle: transact(settleUpload),
      /** One that has these bytes, and is used by the job from now on. @throws likewise */
      reuse: transact((content: string, jobId: string, untilMs: number): Upload | undefined => {
        requireAtWork(jobId);
        return uploads.reuse(content, jobId, untilMs);
      }),
      unanswered: transact(uploads.unanswered),
      markUnneededForDeletion: transact(uploads.markUnneededForDeletion),
      markOldestForDeletion: transact(uploads.markOldestForDeletion),
      forget: transact(uploads.forget),
      list: transact(uploads.list),
    },
    /** Whether a window is needed: for jobs, or for uploads that have to be deleted. */
    hasWork: guarded((): boolean => {
      const sql = `SELECT 1 FROM jobs WHERE state IN (${unfinished}) LIMIT 1`;
      return all(sql).length > 0 || !uploads.isEmpty();
    }),
    /** Runs `work` while no other window can write. */
    exclusively: <T>(work: () => T): T => guarded(() => inTransaction(work))(),
    countUnfinished: guarded((): number => {
      const sql = `SELECT count(*) AS n FROM jobs WHERE state IN (${unfinished})`;
      return Number(database.prepare(sql).get()?.['n']);
    }),
    close(): void {
      inTransaction(heartbeats.leave);
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
  data: string;
}

/** Where letter case or the form of accents means nothing, `Fox.png` and `fox.png` are one file. */
function folded(uri: string): string {
  try {
    return decodeURIComponent(uri).normalize('NFC').toLowerCase();
  } catch {
    return uri.toLowerCase();
  }
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
