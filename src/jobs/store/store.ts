import { type Connection, createConnection, type Quarantined } from './connection.ts';
import { createChanges } from './changes.ts';
import { fieldSql, unfinished } from './database.ts';
import { isOver, type Job, referencesUnneededAt, type SavedJob } from '../job.ts';
import { type JobEvent, TransitionError } from '../transition.ts';
import { createDraftNotes } from './draftNotes.ts';
import { createFilePlaces } from './filePlaces.ts';
import { createGallery } from './gallery.ts';
import { createHistory } from './history.ts';
import { decodeJob } from './jobCodec.ts';
import { createJobMoves } from './jobMoves.ts';
import { createJobRows } from './jobRows.ts';
import { createClaims } from './claims.ts';
import { createUploads, releaseUploads, type Upload } from './uploads.ts';
import { createHeartbeats } from './heartbeats.ts';
import { createQueueOrder } from './queueOrder.ts';
import { createRetries } from './retries.ts';
import { createSharedSettings } from './sharedSettings.ts';
import { OwnedElsewhereError } from './storeErrors.ts';
import type { FileMoves } from '../imageFiles/fileMoves.ts';
import type { Platform } from '../platform.ts';
import type { UploadedFile } from '../../evolink/filesSchema.ts';

export interface StoreOptions {
  path: string;
  platform: Platform;
  /** Told when the store turns out to be damaged after it was opened. */
  onQuarantine?: (quarantined: Quarantined) => void;
}

const keptDurations = 40;

/**
 * Jobs on the disk, shared by all windows. Every change is one transaction: it is there whole
 * after a crash, or not at all.
 */
export type Store = ReturnType<typeof openStore>;

export function openStore(options: StoreOptions) {
  const { platform } = options;
  const { now } = platform.clock;
  /** As this window has set them, for a store that takes another's place. */
  const ownSettings = new Map<string, string>();
  const connection: Connection = createConnection({
    ...options,
    ownSettings,
    onReplaced: () => {
      changes.startAnew();
    },
  });
  const { all, run, inTransaction, guarded } = connection;
  /** Of this start of the window. */
  const windowId = platform.randomId();
  const rows = createJobRows(connection, windowId);
  const history = createHistory(connection, rows);
  const changes = createChanges(all, rows, windowId, history.clearings);
  const settings = createSharedSettings(connection, ownSettings);
  const queueOrder = createQueueOrder(rows);
  const retries = createRetries(rows);
  const draftNotes = createDraftNotes(connection);
  const uploads = createUploads(connection, platform.randomId);
  const filePlaces = createFilePlaces(connection, rows, windowId);
  const gallery = createGallery({ all, run, readJob: decodeJob });
  const heartbeats = createHeartbeats(connection, windowId, platform.processes);
  const moves = createJobMoves({
    rows,
    windowId,
    isOthers: heartbeats.isOthers,
    isCleared: history.isCleared,
    isHeldBack: settings.isHeldBack,
    releaseUploads(jobId, unneededAt) {
      releaseUploads(connection, jobId, unneededAt);
    },
    onNews: changes.lookAgain,
    now,
    randomId: platform.randomId,
  });
  const claims = createClaims(
    {
      all,
      run,
      readJob: decodeJob,
      isPaused: () => settings.pause() !== undefined,
      maxConcurrent: settings.maxConcurrent,
      heldModels: settings.heldModels,
      failAsKnown: moves.failAsKnown,
      heed: moves.heed,
    },
    heartbeats,
    windowId,
  );

  const transact = <A extends unknown[], R>(work: (...args: A) => R) =>
    guarded((...args: A) => inTransaction(() => work(...args)));

  function advance(id: string, event: JobEvent, asked?: Job): Job {
    const outcome = inTransaction(() => moves.advance(id, event, asked));
    if (outcome instanceof TransitionError) throw outcome;
    return outcome;
  }

  /**
   * Cancels what waits in the queue, so much of it at a time. What another window works on is
   * cancelled by that window. @param ids only these of it
   * @returns what was cancelled, and whether that was all.
   */
  function cancelQueued(
    limit: number,
    ids?: readonly string[],
  ): { cancelled: Job[]; isDone: boolean } {
    const select = (which: string) =>
      rows.select(
        `SELECT * FROM jobs WHERE state = 'queued' AND ${which}
           AND (?1 IS NULL OR id IN (SELECT value FROM json_each(?1))) ORDER BY position LIMIT ?2`,
        ids ? JSON.stringify(ids) : null,
        limit,
      );
    const found = select('wanted IS NULL');
    // Asked of a window that ended before it did that.
    const left = select('wanted IS NOT NULL AND owner IS NULL');
    const cancelled: Job[] = [];
    for (const row of left) {
      const job = decodeJob(row);
      if (job) cancelled.push(moves.cancelQueued(row, job));
    }
    const isRestLeft = cancelled.length === limit;
    for (const row of found) {
      const job = decodeJob(row);
      // One that cannot be read is passed over from now on.
      if (!job || heartbeats.isOthers(row.owner)) claims.requestControl(row.id, 'cancel');
      else cancelled.push(moves.cancelQueued(row, job));
    }
    return { cancelled, isDone: found.length < limit && !isRestLeft };
  }

  /** An upload for a job that is another's, or over, would never be deleted. */
  function requireAtWork(jobId: string): void {
    const [row] = rows.select('SELECT * FROM jobs WHERE id = ?', jobId);
    const job = row && decodeJob(row);
    const isOurs = job && row.owner === windowId;
    if (!isOurs || referencesUnneededAt(job, now()) !== undefined)
      throw new OwnedElsewhereError(jobId);
  }

  function settleUpload(upload: Upload, file: UploadedFile, jobId: string): void {
    uploads.settle(upload, file, now());
    const job = rows.get(jobId);
    if (job && referencesUnneededAt(job, now()) === undefined) uploads.addUse(upload.name, jobId);
  }

  /** Most that moves in a workspace is of no job: nothing is locked for that. */
  function followMoves(moves: FileMoves, from: number) {
    const { found, next } = filePlaces.findMoved(moves, from);
    return found.length === 0
      ? { found: [], next }
      : inTransaction(() => filePlaces.follow(moves, from));
  }

  function takeChanges(): Job[] {
    connection.follow();
    return changes.take();
  }

  return {
    setAside: connection.setAside,
    add: transact((jobs: readonly Job[]): void => rows.insert(jobs, windowId)),
    get: guarded(rows.get),
    /** Moves a job as a user asks. @throws OwnedElsewhereError, TransitionError */
    move: transact(moves.move),
    /**
     * Moves a job as the work on it goes. `asked`: see `jobMoves.ts`.
     * @throws NoJobError, OwnedElsewhereError, TransitionError, PlaceTakenError, HeldBackError
     */
    advance: guarded(advance),
    claim: transact(claims.claim),
    release: transact(claims.release),
    heartbeat: transact(heartbeats.heartbeat),
    reapDeadWindows: guarded(heartbeats.reapDeadWindows),
    requestControl: transact(claims.requestControl),
    cancelQueued: transact(cancelQueued),
    controlRequests: guarded(claims.controlRequests),
    dropControlRequest: transact(claims.dropControlRequest),
    /** What other windows changed since this was last asked. */
    takeChanges: guarded(takeChanges),
    /** Whether jobs were removed, by this window or another, since this was last asked. */
    takeCleared: guarded(changes.takeCleared),
    /** Puts a queued job before another, or at the end. */
    reorder: transact(queueOrder.reorder),
    byTask: guarded(rows.byTask),
    /** Jobs that stand in the place of this one, the oldest first. See `retries.ts`. */
    retriesOf: guarded(retries.of),
    /** Why no window starts new jobs, if so. */
    pause: guarded(settings.pause),
    /** Whether no window may start a job of the model now. */
    isHeldBack: guarded(settings.isHeldBack),
    /** Whether its window was asked to cancel the job. */
    isToBeCancelled: guarded((id: string): boolean => rows.find(id)?.row.wanted === 'cancel'),
    /** Sets it, if it still is what the caller knows of it. @returns whether it was. */
    setPause: transact(settings.setPause),
    /** Models whose jobs wait. */
    heldModels: guarded(settings.heldModels),
    changeHeldModels: transact(settings.changeHeldModels),
    /** How many tasks all windows together may have under way. */
    maxConcurrent: guarded(settings.maxConcurrent),
    setMaxConcurrent: transact(settings.setMaxConcurrent),
    /** The newest image with this content. */
    bySha256: guarded((sha256: string): SavedJob | undefined =>
      rows
        .readAll(
          "SELECT * FROM jobs WHERE state = 'saved' AND data ->> '$.sha256' = ? ORDER BY created_at DESC LIMIT 1",
          sha256,
        )
        .find((job) => job.state === 'saved'),
    ),
    /** The newest image that was saved there, or moved there since, or of which that file was made. */
    byUri: guarded((uri: string): SavedJob | undefined =>
      rows
        .readAll(
          // The first condition is quick, and leaves few rows to the second.
          `SELECT * FROM jobs WHERE state = 'saved' AND instr(data, ?1) > 0
             AND ?1 IN (${fieldSql('uri')}, ${fieldSql('converted.uri')})
           ORDER BY created_at DESC LIMIT 1`,
          uri,
        )
        .find((job) => job.state === 'saved'),
    ),
    /** In the order of the queue. */
    listUnfinished: guarded((limit: number = -1): Job[] =>
      rows.readAll(
        `SELECT * FROM jobs WHERE state IN (${unfinished}) ORDER BY position LIMIT ?`,
        limit,
      ),
    ),
    /** Those of which an image may come, or that have cost something and have none: not over. */
    listOpen: guarded((): Job[] =>
      rows
        .readAll("SELECT * FROM jobs WHERE state NOT IN ('saved', 'cancelled')")
        .filter((job) => !isOver(job)),
    ),
    /** Ids of what waits, in the order of the queue. */
    listQueuedIds: guarded((): string[] =>
      rows
        .select("SELECT id FROM jobs WHERE state = 'queued' ORDER BY position")
        .map(({ id }) => id),
    ),
    countQueued: guarded((): number => {
      const sql = "SELECT count(*) AS n FROM jobs WHERE state = 'queued'";
      const [row] = all(sql) as [{ n: number }];
      return row.n;
    }),
    /** Newest first. */
    listRecent: guarded((limit: number): Job[] =>
      rows.readAll('SELECT * FROM jobs ORDER BY created_at DESC, rowid DESC LIMIT ?', limit),
    ),
    /** Task ids known here, of jobs not older than `sinceMs`. */
    knownTasks: guarded((sinceMs: number): Set<string> => {
      const sql = 'SELECT task_id FROM jobs WHERE task_id IS NOT NULL AND created_at >= ?';
      const known = rows.select(sql, sinceMs).map((row) => row.task_id ?? '');
      return new Set([...known, ...history.tasks(sinceMs)]);
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
      const rows = all(sql, model, quality, keptDurations) as { duration_ms: number }[];
      return rows.map((row) => row.duration_ms);
    }),
    /** Everything ever made, to be looked through. */
    gallery: {
      query: transact(gallery.query),
      restoreIndex: transact(gallery.restoreIndex),
      read: guarded(gallery.read),
      keysOf: guarded(gallery.keysOf),
      setFavourite: transact(gallery.setFavourite),
      setHidden: transact(gallery.setHidden),
      prompts: guarded(gallery.prompts),
    },
    /** Where the files of jobs are; those that need many rows look at some from a key on. */
    filePlaces: {
      follow: guarded(followMoves),
      imagesUnder: guarded(filePlaces.imagesUnder),
      placesOf: guarded(filePlaces.placesOf),
      isTaken: guarded(filePlaces.isTaken),
      relocate: transact(filePlaces.relocate),
    },
    /** Jobs that are over, to be removed with all that is known of them. */
    history: {
      count: guarded(history.count),
      clearPart: transact(history.clearPart),
    },
    /** Which of our own files the drafts of all workspaces use. */
    draftNotes: {
      note: transact(draftNotes.note),
      read: guarded(draftNotes.read),
      since: guarded(draftNotes.since),
    },
    /** Whether a job that is not over speaks of a file by this part of its address. */
    isReferenceNeeded: guarded(history.isReferenceNeeded),
    /** References of so many jobs from a key on, and the key after them; none after the last. */
    referencesFrom: guarded(rows.referencesFrom),
    /**
     * Writes the journal into the store's file, as far as no other window reads it; `TRUNCATE`
     * empties it, too. @returns whether all of that was done
     */
    checkpoint: guarded((mode: 'PASSIVE' | 'TRUNCATE'): boolean => {
      const [row] = all(`PRAGMA wal_checkpoint(${mode})`) as [{ busy: number }];
      return row.busy === 0;
    }),
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
      const [row] = all(sql) as [{ n: number }];
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
