import type { SQLInputValue } from 'node:sqlite';
import { isWebUrl } from '../../evolink/webUrl.ts';
import { isFileUri } from '../fileUri.ts';
import { type HeldModels, holdOf } from '../heldModels.ts';
import { type Job, unfinishedStates } from '../job.ts';

/** What a window may ask of the window that works on a job. */
export type ControlRequest = 'cancel' | 'stop';

export interface ClaimRules {
  /** Jobs this window works on now; its others were given up by it after a failure. */
  isAtWork: (id: string) => boolean;
  /** Whether the workspace folder is open here, for which some jobs wait; true when there is none. */
  isOpen: (workspaceUri: string | undefined) => boolean;
  /** Whether no job of the queue is taken, only what was started. */
  startsNone?: boolean;
  /** Whether this window starts no job of the model, though the store does not say so yet. */
  isHeldBack?: (model: string) => boolean;
  /** Whether this window works on a job at all; on every job when absent. */
  isWorkedOn?: (id: string) => boolean;
}

interface Connection {
  all: (sql: string, ...values: SQLInputValue[]) => unknown[];
  run: (sql: string, ...values: SQLInputValue[]) => void;
  readJob: (row: { id: string; data: string }) => Job | undefined;
  /** Whether no window may start new jobs. */
  isPaused: () => boolean;
  /** How many tasks all windows together may have under way. */
  maxConcurrent: () => number;
  /** Models whose jobs no window starts. */
  heldModels: () => HeldModels;
  /** Ends a job whose task another job stands for. */
  failAsKnown: (id: string, taskId: string) => void;
  /** Does what was asked of a job that nobody works on. @returns whether it has ended by that. */
  heed: (job: Job, wanted: ControlRequest) => boolean;
}

const startedStates = unfinishedStates
  .filter((state) => state !== 'queued')
  .map((state) => `'${state}'`)
  .join(',');

/** A look goes through so much of a long queue, and the next one goes on from there. */
const pageRows = 100;
const maxPages = 20;
const maxReads = 200;

interface Heartbeats {
  isAlive: (id: string) => boolean;
  isOthers: (owner: string | null) => boolean;
  heartbeat: () => void;
}

/** Which window works on which job. */
export function createClaims(connection: Connection, heartbeats: Heartbeats, windowId: string) {
  const { all, run, readJob, isPaused, maxConcurrent, heldModels, failAsKnown, heed } = connection;
  /** Where in the queue the last look ended, that found nothing to take before. */
  let lookedThrough: number | undefined;

  /**
   * Takes what this window should work on now: what was left behind first, then the queue. To be
   * called within a transaction.
   */
  function claim(rules: ClaimRules): Job[] {
    const sql = `SELECT * FROM jobs WHERE state IN (${startedStates}) ORDER BY position`;
    const started = all(sql) as ClaimRow[];
    const claimed = started
      .filter((row) => isFree(row, rules) && !endTwin(row))
      .flatMap((row) => take(row, rules));
    // Read here and not before: another window may just have been refused.
    if (!rules.startsNone && !isPaused()) claimed.push(...claimQueued(rules, started));
    if (claimed.length > 0) heartbeats.heartbeat();
    return claimed;
  }

  function isFree(row: QueueRow, rules: ClaimRules): boolean {
    if (heartbeats.isOthers(row.owner) || rules.isWorkedOn?.(row.id) === false) return false;
    return row.owner !== windowId || !rules.isAtWork(row.id);
  }

  function take(row: TakenRow, rules: ClaimRules): Job[] {
    const job = readJob(row);
    // A window that was asked for something may have died before it did that.
    if (!job || (row.wanted !== null && heed(job, row.wanted)) || isOutOfReach(job, rules))
      return [];
    run('UPDATE jobs SET owner = ? WHERE id = ?', windowId, job.id);
    return [job];
  }

  function claimQueued(rules: ClaimRules, started: readonly ClaimRow[]): Job[] {
    const places = maxConcurrent() - countUnderWay(rules, started);
    if (places <= 0) return [];
    const first = lookThrough(-Infinity, places, rules);
    if (first.claimed.length > 0 || first.end === undefined) return first.claimed;
    // None of the first can be taken here: on from where the last look ended.
    const next = lookThrough(lookedThrough ?? first.end, places, rules);
    lookedThrough = next.end;
    return next.claimed;
  }

  /** Takes jobs of the queue. @returns also where it ended, unless the queue did. */
  function lookThrough(from: number, places: number, rules: ClaimRules) {
    const claimed: Job[] = [];
    // Read here and not before, as the pause is.
    const held = heldModels();
    let position = from;
    let reads = 0;
    for (let page = 0; page < maxPages; page += 1) {
      const rows = all(
        `SELECT id, owner, position FROM jobs WHERE state = 'queued' AND position > ?
         ORDER BY position LIMIT ?`,
        position,
        pageRows,
      ) as QueueRow[];
      for (const row of rows) {
        if (claimed.length >= places || reads >= maxReads) return { claimed, end: position };
        ({ position } = row);
        if (!isFree(row, rules)) continue;
        reads += 1;
        const [whole] = all('SELECT id, wanted, data FROM jobs WHERE id = ?', row.id) as [TakenRow];
        const job = readJob(whole);
        if (job && (holdOf(held, job.model) || rules.isHeldBack?.(job.model))) {
          if (whole.wanted !== null) heed(job, whole.wanted);
          continue;
        }
        claimed.push(...take(whole, rules));
      }
      if (rows.length < pageRows) return { claimed, end: undefined };
    }
    return { claimed, end: position };
  }

  function countUnderWay(rules: ClaimRules, started: readonly ClaimRow[]): number {
    const sql = "SELECT id, owner FROM jobs WHERE owner IS NOT NULL AND +state = 'queued'";
    const queued = (all(sql) as QueueRow[]).filter(
      ({ id, owner }) => heartbeats.isOthers(owner) || (owner === windowId && rules.isAtWork(id)),
    );
    return queued.length + started.filter((row) => isUnderWay(row, rules)).length;
  }

  /** Whether it holds one of the places for tasks. */
  function isUnderWay(row: ClaimRow, rules: ClaimRules): boolean {
    // Its task is over, and its result may be out of reach for a day.
    if (row.state === 'downloading') return false;
    const isWorkedOn = row.owner !== null && heartbeats.isAlive(row.owner);
    const job = readJob(row);
    // What only another window could go on with must not keep this one from its own.
    return job !== undefined && (isWorkedOn || !isOutOfReach(job, rules));
  }

  /** Ends a job whose task another stands for: stores of old may have such. */
  function endTwin({ id, task_id: taskId, position }: ClaimRow): boolean {
    if (taskId === null) return false;
    const twins = all(
      `SELECT id FROM jobs WHERE task_id = ? AND id <> ? AND (state = 'saved'
         OR (state IN (${startedStates}) AND (position, id) < (?, ?)))`,
      taskId,
      id,
      position,
      id,
    );
    if (twins.length > 0) failAsKnown(id, taskId);
    return twins.length > 0;
  }

  /** Gives a job back that this window no longer works on, for any window to take up. */
  function release(id: string): void {
    // What other windows ask is of the window that works on it, which this one was.
    const asked = `SELECT id, wanted, data FROM jobs
      WHERE id = ? AND owner = ? AND state = 'queued' AND wanted IS NOT NULL`;
    for (const row of all(asked, id, windowId) as TakenRow[]) {
      const job = readJob(row);
      if (job && row.wanted !== null && heed(job, row.wanted)) return;
    }
    run('UPDATE jobs SET owner = NULL WHERE id = ? AND owner = ?', id, windowId);
  }

  /** Asks the window that works on a job. */
  function requestControl(id: string, wanted: ControlRequest): void {
    run('UPDATE jobs SET wanted = ? WHERE id = ?', wanted, id);
  }

  /** What other windows ask of this one's jobs, until these end or it is dropped. */
  function controlRequests(): { id: string; wanted: ControlRequest }[] {
    const sql = 'SELECT id, wanted FROM jobs WHERE owner = ? AND wanted IS NOT NULL';
    const rows = all(sql, windowId) as { id: string; wanted: ControlRequest }[];
    return rows.map(({ id, wanted }) => ({ id, wanted }));
  }

  /** It came too late. */
  function dropControlRequest(id: string): void {
    run('UPDATE jobs SET wanted = NULL WHERE id = ?', id);
  }

  return { claim, release, requestControl, controlRequests, dropControlRequest };
}

interface QueueRow {
  id: string;
  owner: string | null;
  position: number;
}

interface TakenRow {
  id: string;
  wanted: ControlRequest | null;
  data: string;
}

interface ClaimRow extends QueueRow, TakenRow {
  state: string;
  task_id: string | null;
}

/**
 * Whether only a window with the job's workspace can go on with it: the image belongs there, or a
 * reference is of a file system that other windows need not have.
 */
function isOutOfReach(job: Job, { isOpen }: ClaimRules): boolean {
  const isUnsent = job.state === 'queued' || job.state === 'uploading';
  const needsWorkspace = isUnsent ? job.references.some(isVirtual) : isWaitingForWorkspace(job);
  return needsWorkspace && !isOpen(job.workspaceUri);
}

function isVirtual(reference: string): boolean {
  return !isFileUri(reference) && !isWebUrl(reference);
}

function isWaitingForWorkspace(job: Job): boolean {
  return job.state === 'downloading' && job.isWaitingForWorkspace === true;
}
