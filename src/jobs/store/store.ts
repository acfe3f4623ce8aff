import type { SQLInputValue } from 'node:sqlite';
import { type Connection, createConnection, type Quarantined } from './connection.ts';
import { unfinished } from './database.ts';
import {
  isUnfinished,
  type Job,
  type JobEvent,
  referencesUnneededAt,
  type SavedJob,
  transition,
  TransitionError,
} from '../job.ts';
import { type Accepted, failedAsKnown, strayJob } from './oneJobPerTask.ts';
import type { QueuePause } from '../queuePause.ts';
import { createGallery } from './gallery.ts';
import { decodeJob, encodeJob } from './jobCodec.ts';
import { createClaims } from './claims.ts';
import { createUploads, type Upload } from './uploads.ts';
import { createHeartbeats } from './heartbeats.ts';
import { OwnedElsewhereError, PlaceTakenError } from './storeErrors.ts';
import type { Platform } from '../platform.ts';
import type { UploadedFile } from '../../evolink/filesSchema.ts';

export interface StoreOptions {
  path: string;
  platform: Platform;
  /** Told when the store turns out to be damaged after it was opened. */
  onQuarantine?: (quarantined: Quarantined) => void;
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
  const { platform } = options;
  const { now } = platform.clock;
  let seenSeq = 0;
  /** Negative when something is to be told whether or not another connection wrote. */
  let seenVersion = -1;
  /** As this window set it, for a store that takes another's place. */
  let ownMaxConcurrent: number | undefined;
  const connection: Connection = createConnection({
    ...options,
    onReplaced() {
      // Everything that others wrote there is news.
      seenSeq = 0;
      seenVersion = -1;
    },
    ownSettings: () =>
      ownMaxConcurrent === undefined
        ? []
        : [{ name: 'maxConcurrent', value: String(ownMaxConcurrent) }],
  });
  const { run, inTransaction, guarded } = connection;
  /** Of this start of the window. */
  const windowId = platform.randomId();
  const uploads = createUploads({ all, run }, platform.randomId);
  const gallery = createGallery({ all, run, readJob: decodeJob });
  const heartbeats = createHeartbeats({ all, run, inTransaction }, windowId, platform.processes);
  const isPaused = () => readPause() !== undefined;
  const claims = createClaims(
    {
      all,
      run,
      inTransaction,
      readJob: decodeJob,
      isPaused,
      maxConcurrent: readMaxConcurrent,
      failAsKnown,
    },
    heartbeats,
    windowId,
  );

  function all(sql: string, ...values: SQLInputValue[]): Row[] {
    return connection.all(sql, ...values) as Row[];
  }

  function nextSeq(): number {
    const [row] = all('SELECT coalesce(max(seq), 0) + 1 AS seq FROM jobs') as unknown as [
      { seq: number },
    ];
    return row.seq;
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
      insert(jobs, windowId);
    });
  }

  /** `writer` need not be told of them. */
  function insert(jobs: readonly Job[], writer: string | null): void {
    let position = lastPosition();
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
        writer,
        encodeJob(job),
      );
    }
  }

  function lastPosition(): number {
    const sql = `SELECT coalesce(max(position), 0) AS last FROM jobs WHERE state IN (${unfinished})`;
    const [{ last }] = all(sql) as unknown as [{ last: number }];
    return last;
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
   * nothing may come of what it still does, but for a task that was accepted.
   * @throws OwnedElsewhereError, TransitionError; PlaceTakenError when another job has that target
   */
  function advance(id: string, event: JobEvent): Job {
    if (event.type === 'accepted') return accept(id, event);
    return moveIf(id, event, ({ owner }) => owner === windowId);
  }

  /**
   * Notes a task that the provider made of a job, which is always worth knowing. Each task has one
   * job, since two would save its image twice or wait for each other: a later one fails. A task
   * that its own job can no longer take becomes a job of its own.
   */
  function accept(id: string, event: Accepted): Job {
    const outcome = inTransaction(() => {
      const [row] = all('SELECT * FROM jobs WHERE id = ?', id);
      const job = row && decodeJob(row);
      if (!job) throw new Error(`There is no job ${id}`);
      const holder = byTask(event.taskId);
      if (holder && holder.id !== id) {
        if (job.state !== 'submitting') throw new TransitionError(job, event);
        return writeMoved(row, failedAsKnown(job, event));
      }
      try {
        return writeMoved(row, transition(job, event));
      } catch (thrown) {
        if (!(thrown instanceof TransitionError) || holder) throw thrown;
        insert([strayJob(job, event, platform.randomId())], null);
        seenVersion = -1;
        return thrown;
      }
    });
    if (outcome instanceof TransitionError) throw outcome;
    return outcome;
  }

  function failAsKnown(id: string, taskId: string): void {
    const job = get(id);
    if (!job) return;
    write(failedAsKnown(job, { taskId, at: now() }), null);
    // News to every window, this one too.
    run('UPDATE jobs SET writer = NULL WHERE id = ?', id);
    seenVersion = -1;
  }

  /**
   * Cancels what waits in the queue, so much of it at a time. What another window works on is
   * cancelled by that window. @returns what was cancelled, and whether that was all.
   */
  function cancelQueued(limit: number): { cancelled: Job[]; isDone: boolean } {
    const rows = all(
      `SELECT * FROM jobs WHERE state = 'queued' AND wanted IS NULL ORDER BY position LIMIT ?`,
      limit,
    );
    const cancelled: Job[] = [];
    for (const row of rows) {
      const job = decodeJob(row);
      // One that cannot be read is passed over from now on.
      if (!job || claims.isOthers(row.owner)) claims.requestControl(row.id, 'cancel');
      else cancelled.push(writeMoved(row, transition(job, { type: 'cancelled' })));
    }
    return { cancelled, isDone: rows.length < limit };
  }

  function byTask(taskId: string): Job | undefined {
    return readRows(
      'SELECT * FROM jobs WHERE task_id = ? ORDER BY created_at DESC LIMIT 1',
      taskId,
    ).at(0);
  }

  function moveIf(id: string, event: JobEvent, isAllowed: (row: Row) => boolean): Job {
    return inTransaction(() => {
      const [row] = all('SELECT * FROM jobs WHERE id = ?', id);
      const job = row && decodeJob(row);
      if (!job) throw new Error(`There is no job ${id}`);
      if (!isAllowed(row)) throw new OwnedElsewhereError(id);
      if (event.type === 'accepted' && (byTask(event.taskId)?.id ?? id) !== id)
        throw new TransitionError(job, event);
      if (event.type === 'placing') requireUnchosen(id, event.target.uri);
      return writeMoved(row, transition(job, event));
    });
  }

  /**
   * Two jobs never have one place: what stands where a job was to put its image is that job's own,
   * even if another's image has the same bytes.
   */
  function requireUnchosen(id: string, uri: string): void {
    const sql = `SELECT data ->> '$.target.uri' AS uri FROM jobs
       WHERE id <> ? AND state IN ('downloading', 'failed', 'stopped') AND uri IS NOT NULL`;
    const others = all(sql, id) as unknown as { uri: string }[];
    const place = folded(uri);
    if (others.some((other) => folded(other.uri) === place)) throw new PlaceTakenError(uri);
  }

  function writeMoved(row: Row, moved: Job): Job {
    write(moved, isUnfinished(moved) ? row.owner : null);
    return moved;
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
    const [row] = all('SELECT pause FROM queue') as unknown as { pause: string | null }[];
    return row?.pause == null ? undefined : (JSON.parse(row.pause) as QueuePause);
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
    const queue = "SELECT * FROM jobs WHERE state = 'queued' ORDER BY position";
    inTransaction(() => {
      const [moved] = all("SELECT * FROM jobs WHERE id = ? AND state = 'queued'", id);
      const [first] = all(`${queue} LIMIT 1`);
      if (!moved || !first) return;
      if (first.id === beforeId) setPosition(id, first.position - 1);
      else if (beforeId === undefined) setPosition(id, lastPosition() + 1);
      else rearrange(all(queue), moved, beforeId);
    });
  }

  function rearrange(queue: readonly Row[], moved: Row, beforeId: string): void {
    const order = queue.filter((row) => row.id !== moved.id);
    const index = order.findIndex((row) => row.id === beforeId);
    order.splice(index === -1 ? order.length : index, 0, moved);
    // The same places, dealt out anew: no number has to be found between two others.
    for (const [place, row] of order.entries()) {
      const position = queue[place]?.position ?? place;
      if (position !== row.position) setPosition(row.id, position);
    }
  }

  function setPosition(id: string, position: number): void {
    const sql = 'UPDATE jobs SET position = ?, seq = ?, writer = ? WHERE id = ?';
    run(sql, position, nextSeq(), windowId, id);
  }

  /** What other windows changed since this was last asked. */
  function takeChanges(): Job[] {
    connection.follow();
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
    const [row] = all('PRAGMA data_version') as unknown as [{ data_version: number }];
    return row.data_version;
  }

  seenSeq = nextSeq() - 1;
  seenVersion = dataVersion();

  function readRows(sql: string, ...values: SQLInputValue[]): Job[] {
    return all(sql, ...values).flatMap((row) => decodeJob(row) ?? []);
  }

  return {
    setAside: connection.setAside,
    add: guarded(add),
    get: guarded(get),
    move: guarded(move),
    advance: guarded(advance),
    claim: transact(claims.claim),
    release: transact(claims.release),
    heartbeat: transact(heartbeats.heartbeat),
    reapDeadWindows: guarded(heartbeats.reapDeadWindows),
    requestControl: transact(claims.requestControl),
    cancelQueued: transact(cancelQueued),
    takeControlRequests: guarded(claims.takeControlRequests),
    takeChanges: guarded(takeChanges),
    reorder: guarded(reorder),
    byTask: guarded(byTask),
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
    listUnfinished: guarded((limit: number = -1): Job[] =>
      readRows(
        `SELECT * FROM jobs WHERE state IN (${unfinished}) ORDER BY position LIMIT ?`,
        limit,
      ),
    ),
    /** Ids of what waits, in the order of the queue. */
    listQueuedIds: guarded((): string[] =>
      all("SELECT id FROM jobs WHERE state = 'queued' ORDER BY position").map(({ id }) => id),
    ),
    countQueued: guarded((): number => {
      const sql = "SELECT count(*) AS n FROM jobs WHERE state = 'queued'";
      const [row] = all(sql) as unknown as [{ n: number }];
      return row.n;
    }),
    /** Newest first. */
    listRecent: guarded((limit: number): Job[] =>
      readRows('SELECT * FROM jobs ORDER BY created_at DESC, rowid DESC LIMIT ?', limit),
    ),
    /** Task ids known here, of jobs not older than `sinceMs`. */
    knownTasks: guarded((sinceMs: number): Set<string> => {
      const sql = 'SELECT task_id FROM jobs WHERE task_id IS NOT NULL AND created_at >= ?';
      return new Set(all(sql, sinceMs).map((row) => row.task_id ?? ''));
    }),
    addDuration: transact(
      (model: string, quality: string, at: number, durationMs: number): void => {
        const rounded = Math.round(durationMs);
        run('INSERT INTO durations VALUES (?, ?, ?, ?)', model, quality, at, rounded);
      },
    ),
    /** How long tasks of this kind took, newest first. */
    durations: guarded((model: string, quality: string): number[] => {
      const sql =
        'SELECT duration_ms FROM durations WHERE model = ? AND quality = ? ORDER BY at DESC LIMIT ?';
      const rows = all(sql, model, quality, keptDurations) as unknown as { duration_ms: number }[];
      return rows.map((row) => row.duration_ms);
    }),
    /** Everything ever made, to be looked through. */
    gallery: {
      query: transact(gallery.query),
      read: guarded(gallery.read),
      keysOf: guarded(gallery.keysOf),
      setFavourite: transact(gallery.setFavourite),
      setHidden: transact(gallery.setHidden),
      prompts: guarded(gallery.prompts),
    },
    /** What lies, or may lie, on the provider's file service. */
    uploads: {
      /** Before a file is sent. `extension` with its dot. @throws OwnedElsewhereError */
      begin: transact(
        (content: string, jobId: string, extension: string, account: string): Upload => {
          requireAtWork(jobId);
          return uploads.begin(content, jobId, extension, account, now());
        },
      ),
      /** After the service has taken it. */
      settle: transact(settleUpload),
      /** One that has these bytes, and is used by the job from now on. @throws likewise */
      reuse: transact((content: string, jobId: string, untilMs: number): Upload | undefined => {
        requireAtWork(jobId);
        return uploads.reuse(content, jobId, untilMs);
      }),
      unanswered: transact(uploads.unanswered),
      // Asked every few seconds, and mostly there is none: nothing is locked for that.
      markUnneededForDeletion: guarded((nowMs: number, keeps: boolean): Upload[] =>
        uploads.isEmpty() ? [] : inTransaction(() => uploads.markUnneededForDeletion(nowMs, keeps)),
      ),
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
      const [row] = all(sql) as unknown as [{ n: number }];
      return row.n;
    }),
    /** What keeps the store from being written, if anything, since its last failure. */
    trouble: connection.trouble,
    /** Gives back all that this window works on. */
    leave: transact(heartbeats.leave),
    close(): void {
      try {
        inTransaction(heartbeats.leave);
      } finally {
        connection.close();
      }
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
