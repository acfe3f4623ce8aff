import { setTimeout as sleep } from 'node:timers/promises';
import assert from 'node:assert/strict';
import { newJob } from '../support/jobSystemOptions.ts';
import { startOfflineApi } from '../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../fakeEvolink/types.ts';
import { audit } from './audit.ts';
import { leaveJobs, never, openFixture, type FaultFixture } from './fixture.ts';
import { choicesFor, faultRounds } from './seed.ts';
import { buildWorker, spawnWorker } from './spawnWorker.ts';
import { counters } from './counters.ts';

const lanes = 4;
const jobsPerBatch = 12;
const promptsPerLane = 3;
/** States that jobs are killed in just as they are reached; any state at all for the empty one. */
const killedAfter = ['', 'submitting', 'running', 'downloading', 'saved'];

describe('killed at any moment', () => {
  let api: OfflineApi;

  before(async () => {
    await buildWorker();
    api = await startOfflineApi({ taskMs: 150, jitter: 0.8, credits: 1e6 });
  });
  after(() => api.close());

  it(`${String(faultRounds)} times, and no image is lost or paid twice`, async function () {
    this.timeout(faultRounds * 2_000 + 120_000);
    const each = Math.ceil(faultRounds / lanes);
    await Promise.all(
      Array.from({ length: lanes }, async (_, lane) => await killAgainAndAgain(api, lane, each)),
    );
  });
});

/** Batch after batch on one store, until there were kills enough and all has ended. */
async function killAgainAndAgain(api: OfflineApi, lane: number, kills: number): Promise<void> {
  const fixture = await openFixture(api);
  const choices = choicesFor(`kills ${String(lane)}`);
  try {
    for (let done = 0, batch = 0; done < kills; batch += 1) {
      await askFor(fixture, `lane ${String(lane)}`, batch);
      let isDone = false;
      while (!isDone && done < kills) {
        isDone = await runAndKill(fixture, choices);
        if (isDone) continue;
        done += 1;
        counters.kills += 1;
      }
    }
    await finish(fixture);
  } finally {
    await fixture.close();
  }
}

/** Variations of few prompts, so that results compete for names as they do for a user. */
async function askFor(fixture: FaultFixture, words: string, batch: number): Promise<void> {
  const numbers = Array.from({ length: jobsPerBatch }, (_, n) => n);
  const newJobs = numbers.map((n) =>
    newJob(`${words} image ${String((n + batch) % promptsPerLane)}`, fixture.outFolder),
  );
  await leaveJobs(fixture, newJobs);
}

/** @returns whether the worker had done all before it was to be killed. */
async function runAndKill(
  fixture: FaultFixture,
  { random, below }: ReturnType<typeof choicesFor>,
): Promise<boolean> {
  const worker = spawnWorker(fixture);
  let isDone = false;
  void worker.line((line) => line === 'done').then((line) => (isDone = line === 'done'));
  const byStep = random() < 0.7;
  const delayMs = random() * 250;
  const written = killedAfter[below(killedAfter.length)] ?? '';
  let steps = 1 + below(written === '' ? 20 : 6);
  if (byStep)
    // At the very moment this was written down, and what follows has not happened.
    await worker.line(
      (line) => line === 'done' || (line !== 'ready' && line.startsWith(written) && --steps === 0),
    );
  else {
    await worker.line((line) => line === 'ready');
    await sleep(delayMs);
  }
  await worker.kill();
  return isDone;
}

async function finish(fixture: FaultFixture): Promise<void> {
  const node = fixture.open({ maxConcurrent: 8 });
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
  assert.ok(ended.every((job) => job.state === 'saved' || job.state === 'unconfirmed'));
  await audit(fixture, ended);
}
