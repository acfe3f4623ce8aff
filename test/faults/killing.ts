import type { Job } from '../../src/jobs/job.ts';
import { startOfflineApi } from '../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../fakeEvolink/types.ts';
import { counters } from './counters.ts';
import { type FaultFixture, never, type WindowOptions } from './fixture.ts';
import { buildWorker, spawnWorker, type Worker } from './spawnWorker.ts';
import type { WorkerSettings } from './worker.ts';

/** Workers to be killed, and the offline EvoLink that they ask. To be called in the suite. */
export function useKilledWorkers(taskMs: number): { api: OfflineApi } {
  const scene = {} as { api: OfflineApi };
  before(async () => {
    await buildWorker();
    scene.api = await startOfflineApi({ taskMs, jitter: 0.8, credits: 1e6 });
  });
  after(() => scene.api.close());
  return scene;
}

/** @returns whether the worker had done all before the moment came in which it is killed. */
export async function killAt(
  fixture: FaultFixture,
  moment: (worker: Worker) => Promise<unknown>,
  settings: Partial<WorkerSettings> = {},
): Promise<boolean> {
  const worker = spawnWorker(fixture, settings);
  // Undefined when it ends before.
  const done = worker.line((line) => line === 'done');
  await moment(worker);
  await worker.kill();
  if ((await done) !== undefined) return true;
  counters.kills += 1;
  return false;
}

/** Lets a window that lives end all that was left, and a user look up what is unconfirmed. */
export async function endAll(fixture: FaultFixture, options: WindowOptions = {}): Promise<Job[]> {
  const node = fixture.open({ maxConcurrent: 8, ...options });
  const ids = node.engine.listRecent(10_000).map((job) => job.id);
  const jobs = await node.engine.whenSettled(ids, never);
  const tasks = await fixture.api.tasks();
  // What a user does with "Look It Up": the killed answer was that of a task that exists.
  for (const job of jobs) {
    const task = tasks.find(({ idempotencyKey }) => idempotencyKey === job.idempotencyKey);
    if (job.state === 'unconfirmed' && task) node.engine.adopt(job.id, task.id);
  }
  const ended = await node.engine.whenSettled(ids, never);
  await node.close();
  return ended;
}
