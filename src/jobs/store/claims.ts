import type { SQLInputValue } from 'node:sqlite';
import { unfinished } from './database.ts';
import type { Job } from '../job.ts';
import { isWebUrl } from '../../evolink/webUrl.ts';
import { isFileUri } from '../fileUri.ts';

/** What a window may ask of the window that works on a job. */
export type ControlRequest = 'cancel' | 'stop';

export interface ClaimRules {
  /** Jobs this window works on now; its others were given up by it after a failure. */
  isAtWork: (id: string) => boolean;
  /** Whether the workspace folder is open here, for which some jobs wait; true when there is none. */
  isOpen: (workspaceUri: string | undefined) => boolean;
  /** Whether this window works on a job at all; on every job when absent. */
  isWorkedOn?: (id: string) => boolean;
}

interface Connection {
  all: (sql: string, ...values: SQLInputValue[]) => unknown[];
  run: (sql: string, ...values: SQLInputValue[]) => void;
  readJob: (row: { id: string; data: string }) => Job | undefined;
  /** Whether no window may start new jobs. */
  isPaused: () => boolean;
  /** How many jobs all windows together may have under way. */
  maxConcurrent: () => number;
}

interface Heartbeats {
  isAlive: (id: string) => boolean;
  heartbeat: () => void;
}

/** Which window works on which job. */
export function createClaims(
  { all, run, readJob, isPaused, maxConcurrent }: Connection,
  heartbeats: Heartbeats,
  windowId: string,
) {
  function isOthers(owner: string | null): boolean {
    return owner !== null && owner !== windowId && heartbeats.isAlive(owner);
  }

  /**
   * Takes what this window should work on now: what was left behind first, then the queue. To be
   * called within a transaction.
   */
  function claim(rules: ClaimRules): Job[] {
    const sql = `SELECT * FROM jobs WHERE state IN (${unfinished}) ORDER BY position`;
    const rows = all(sql) as ClaimRow[];
    // Read here and not before: another window may just have been refused.
    const mayStart = !isPaused();
    const places = maxConcurrent();
    let underWay = rows.filter((row) => isUnderWay(row, rules)).length;
    const claimed: Job[] = [];
    for (const row of rows) {
      const job = readJob(row);
      if (!job || isOthers(row.owner)) continue;
      if (row.owner === windowId && rules.isAtWork(job.id)) continue;
      if (rules.isWorkedOn?.(job.id) === false || isOutOfReach(job, rules)) continue;
      if (job.state === 'queued') {
        if (!mayStart || underWay >= places) continue;
        underWay += 1;
      }
      run('UPDATE jobs SET owner = ? WHERE id = ?', windowId, job.id);
      claimed.push(job);
    }
    if (claimed.length > 0) heartbeats.heartbeat();
    return claimed;
  }

  function isUnderWay(row: ClaimRow, rules: ClaimRules): boolean {
    const isWorkedOn = row.owner !== null && heartbeats.isAlive(row.owner);
    if (row.state === 'queued') return isWorkedOn;
    const job = readJob(row);
    // What only another window could go on with must not keep this one from its own.
    return (
      job !== undefined && !isWaitingForWorkspace(job) && (isWorkedOn || !isOutOfReach(job, rules))
    );
  }

  /** Gives a job back that this window no longer works on, for any window to take up. */
  function release(id: string): void {
    run('UPDATE jobs SET owner = NULL WHERE id = ? AND owner = ?', id, windowId);
  }

  /** Asks the window that works on a job. */
  function requestControl(id: string, wanted: ControlRequest): void {
    run('UPDATE jobs SET wanted = ? WHERE id = ?', wanted, id);
  }

  /** What other windows ask of this one's jobs. Each is told once. */
  function takeControlRequests(): { id: string; wanted: ControlRequest }[] {
    const sql = 'SELECT id, wanted FROM jobs WHERE owner = ? AND wanted IS NOT NULL';
    const rows = all(sql, windowId) as { id: string; wanted: ControlRequest }[];
    if (rows.length > 0) run('UPDATE jobs SET wanted = NULL WHERE owner = ?', windowId);
    return rows.map(({ id, wanted }) => ({ id, wanted }));
  }

  return { isOthers, claim, release, requestControl, takeControlRequests };
}

interface ClaimRow {
  id: string;
  state: string;
  owner: string | null;
  data: string;
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
