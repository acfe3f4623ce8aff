import { isOver, type Job } from '../job.ts';
import { parentIdSql } from './database.ts';
import type { JobRows } from './jobRows.ts';

/**
 * Which jobs were asked for in the place of another. Two windows, a list and a notification may each
 * offer to try the same job again, and only one of them is to be paid.
 */
export function createRetries(rows: Pick<JobRows, 'get' | 'readAll' | 'keyOf'>) {
  const childrenOf = (id: string): Job[] =>
    rows.readAll(`SELECT * FROM jobs WHERE ${parentIdSql} = ?`, id);

  function descendantsOf(root: Job): Job[] {
    const found = new Map<string, Job>();
    const open = [root];
    for (let job = open.pop(); job; job = open.pop())
      for (const child of childrenOf(job.id)) {
        if (child.id === root.id || found.has(child.id)) continue;
        found.set(child.id, child);
        open.push(child);
      }
    return [...found.values()];
  }

  /** The first of those that this one repeats, as far as they are still there. */
  function rootOf(job: Job): Job {
    const seen = new Set([job.id]);
    let root = job;
    for (;;) {
      const parent = root.parentId === undefined ? undefined : rows.get(root.parentId);
      if (!parent || seen.has(parent.id)) return root;
      seen.add(parent.id);
      root = parent;
    }
  }

  /**
   * Jobs that repeat this one, or were asked for after it to repeat what it repeats, and that have
   * not come to a bad end: their image is saved, or may yet be. The oldest first, by the order in
   * which they were written: clocks jump. That order is another where jobs were carried over from a
   * damaged store, and then no sibling is left out that would be paid for again.
   */
  function of(job: Job): Job[] {
    const own = new Set(descendantsOf(job).map(({ id }) => id));
    const key = rows.keyOf(job.id);
    return descendantsOf(rootOf(job))
      .filter((each) => each.id !== job.id && !hasEndedBadly(each))
      .map((each) => ({ job: each, key: rows.keyOf(each.id) }))
      .filter(
        (each) =>
          own.has(each.job.id) ||
          each.key > key ||
          !isOver(each.job) ||
          each.job.createdAt > job.createdAt,
      )
      .toSorted((a, b) => a.key - b.key)
      .map((each) => each.job);
  }

  return { of };
}

/** Whether no image can come of it any more. */
function hasEndedBadly(job: Job): boolean {
  return job.state !== 'saved' && isOver(job);
}
