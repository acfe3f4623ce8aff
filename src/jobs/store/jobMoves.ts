import { isUnfinished, type Job, referencesUnneededAt } from '../job.ts';
import { type JobEvent, transition, TransitionError } from '../transition.ts';
import type { ControlRequest } from './claims.ts';
import { fieldSql } from './database.ts';
import type { JobRow, JobRows } from './jobRows.ts';
import { type Accepted, failedAsKnown, strayJob } from './oneJobPerTask.ts';
import { HeldBackError, NoJobError, OwnedElsewhereError, PlaceTakenError } from './storeErrors.ts';

export interface JobMovesContext {
  rows: JobRows;
  windowId: string;
  /** Whether another window that lives works on what it owns. */
  isOthers: (owner: string | null) => boolean;
  /** Whether no window may start a job of the model now. */
  isHeldBack: (model: string) => boolean;
  /** Whether a user has removed the job of this task, which was over. */
  isCleared: (taskId: string) => boolean;
  /** A job needs its uploads no more from this time on, in milliseconds since 1970. */
  releaseUploads: (jobId: string, unneededAt: number) => void;
  /** Something was written that this window, too, has to be told of. */
  onNews: () => void;
  now: () => number;
  randomId: () => string;
}

/** How jobs in the store change. Each method is to be called within a transaction. */
export function createJobMoves(context: JobMovesContext) {
  const { rows, windowId, isOthers, onNews, now } = context;

  function write(job: Job, owner: string | null, writer: string | null = windowId): Job {
    rows.update(job, isUnfinished(job) ? owner : null, writer);
    // In the same transaction: after a crash none is left that nobody knows to be unneeded.
    const unneededAt = referencesUnneededAt(job, now());
    if (unneededAt !== undefined) context.releaseUploads(job.id, unneededAt);
    return job;
  }

  /** Moves a job as a user asks. @throws OwnedElsewhereError, TransitionError */
  function move(id: string, event: JobEvent): Job {
    return moveIf(id, event, ({ owner }) => !isOthers(owner));
  }

  /**
   * Moves a job as the work on it goes. A window that was held up may have lost it to another: then
   * nothing may come of what it still does, but for a task that was accepted.
   * @param asked the job as it was when it was submitted, should it be gone when it is accepted
   * @returns an error instead of throwing it where what was written has to stay
   * @throws NoJobError, OwnedElsewhereError, TransitionError; PlaceTakenError when another job has that
   * target; HeldBackError when it is to be sent and the queue does not let it
   */
  function advance(id: string, event: JobEvent, asked?: Job): Job | TransitionError {
    if (event.type === 'accepted') return accept(id, event, asked);
    return moveIf(id, event, ({ owner }) => owner === windowId);
  }

  /**
   * Notes a task that the provider made of a job, which is always worth knowing. Each task has one
   * job, since two would save its image twice or wait for each other: a later one fails. A task
   * that its own job can no longer take, or whose job is gone, becomes a job of its own.
   */
  function accept(id: string, event: Accepted, asked?: Job): Job | TransitionError {
    const holder = rows.byTask(event.taskId);
    const found = rows.find(id);
    if (!found) {
      if (!asked) throw new NoJobError(id);
      const isKnown = holder !== undefined || context.isCleared(event.taskId);
      return isKnown ? new TransitionError(asked, event) : addStray(asked, event);
    }
    const { row, job } = found;
    if (holder && holder.id !== id) {
      if (job.state !== 'submitting') throw new TransitionError(job, event);
      return write(failedAsKnown(job, event), row.owner);
    }
    try {
      return write(transition(job, event), row.owner);
    } catch (thrown) {
      if (!(thrown instanceof TransitionError) || holder) throw thrown;
      return addStray(job, event);
    }
  }

  /** @returns what the job that asked is told. */
  function addStray(asked: Job, event: Accepted): TransitionError {
    rows.insert([strayJob(asked, event, context.randomId())], null);
    onNews();
    return new TransitionError(asked, event);
  }

  /** Ends a job whose task another job stands for. */
  function failAsKnown(id: string, taskId: string): void {
    const job = rows.get(id);
    if (!job) return;
    write(failedAsKnown(job, { taskId, at: now() }), null, null);
    onNews();
  }

  /** Does what was asked of a job that nobody works on. @returns whether it has ended by that. */
  function heed(job: Job, wanted: ControlRequest): boolean {
    try {
      write(transition(job, { type: eventOf[wanted] }), null, null);
    } catch (thrown) {
      if (thrown instanceof TransitionError) return false;
      throw thrown;
    }
    onNews();
    return true;
  }

  /** Cancels a job that waits in the queue. */
  function cancelQueued(row: JobRow, job: Job): Job {
    return write(transition(job, { type: 'cancelled' }), row.owner);
  }

  function moveIf(id: string, event: JobEvent, isAllowed: (row: JobRow) => boolean): Job {
    const { row, job } = rows.require(id);
    if (!isAllowed(row)) throw new OwnedElsewhereError(id);
    if (event.type === 'accepted' && (rows.byTask(event.taskId)?.id ?? id) !== id)
      throw new TransitionError(job, event);
    if (event.type === 'placing') requireUnchosen(id, event.target.uri);
    // Nothing is paid that a user has cancelled; whoever claims it next will end it. What was sent
    // once may be paid already, and is learned of by sending it again.
    const isUnsent = job.state !== 'submitting';
    if (event.type === 'submitting' && isUnsent) {
      if (row.wanted === 'cancel') throw new TransitionError(job, event);
      // Read here, as in a claim: another window may just have paused the queue.
      if (context.isHeldBack(job.model)) throw new HeldBackError();
    }
    const moved = transition(job, event);
    // Asked for while it was too early to say; back in the queue it has cost nothing.
    if (moved.state === 'queued' && row.wanted === 'cancel') return cancelQueued(row, moved);
    return write(moved, row.owner);
  }

  /**
   * Two jobs never have one place: what stands where a job was to put its image is that job's own,
   * even if another's image has the same bytes.
   */
  function requireUnchosen(id: string, uri: string): void {
    const from = `FROM jobs WHERE id <> ? AND state IN ('downloading', 'failed', 'stopped')`;
    const sql = `SELECT ${fieldSql('target.uri')} AS uri ${from} AND uri IS NOT NULL
       UNION ALL SELECT ${fieldSql('convertedTarget.uri')} AS uri ${from} AND uri IS NOT NULL`;
    const others = rows.select(sql, id, id) as unknown as { uri: string }[];
    const place = folded(uri);
    if (others.some((other) => folded(other.uri) === place)) throw new PlaceTakenError(uri);
  }

  return { move, advance, failAsKnown, heed, cancelQueued };
}

const eventOf = { cancel: 'cancelled', stop: 'stopped' } as const;

/** Where letter case or the form of accents means nothing, `Fox.png` and `fox.png` are one file. */
function folded(uri: string): string {
  try {
    return decodeURIComponent(uri).normalize('NFC').toLowerCase();
  } catch {
    return uri.toLowerCase();
  }
}
