import type { JobRow, JobRows } from './jobRows.ts';

/** In which order jobs wait. Each method is to be called within a transaction. */
export function createQueueOrder({ select, lastPosition, setPosition }: JobRows) {
  const queue = "SELECT * FROM jobs WHERE state = 'queued' ORDER BY position";

  /** Puts a queued job before another, or at the end. */
  function reorder(id: string, beforeId: string | undefined): void {
    const [moved] = select("SELECT * FROM jobs WHERE id = ? AND state = 'queued'", id);
    const [first] = select(`${queue} LIMIT 1`);
    if (!moved || !first) return;
    if (first.id === beforeId) setPosition(id, first.position - 1);
    else if (beforeId === undefined) setPosition(id, lastPosition() + 1);
    else rearrange(select(queue), moved, beforeId);
  }

  function rearrange(queued: readonly JobRow[], moved: JobRow, beforeId: string): void {
    const order = queued.filter((row) => row.id !== moved.id);
    const index = order.findIndex((row) => row.id === beforeId);
    order.splice(index === -1 ? order.length : index, 0, moved);
    // The same places, dealt out anew: no number has to be found between two others.
    for (const [place, row] of order.entries()) {
      const position = queued[place]?.position ?? place;
      if (position !== row.position) setPosition(row.id, position);
    }
  }

  return { reorder };
}
