import type { OfflineApi, TaskRecord } from '../fakeEvolink/types.ts';

/** How an offline EvoLink is set whose tasks end when a journey says so, and are asked for often. */
export const heldTasks = { taskMs: 600_000, estimatedS: 1 } as const;

const isUnfinished = ({ status }: TaskRecord): boolean =>
  status === 'pending' || status === 'processing';

/** Lets all tasks that were accepted until now end. */
export async function finishTasks(api: OfflineApi): Promise<void> {
  // Twice as long: a task may take somewhat longer than it should.
  if ((await api.tasks()).some(isUnfinished)) await api.advanceClock(2 * heldTasks.taskMs);
}
