import { setTimeout as sleep } from 'node:timers/promises';
import assert from 'node:assert/strict';
import { newJob } from '../support/jobSystemOptions.ts';
import type { OfflineApi } from '../fakeEvolink/types.ts';
import { audit } from './audit.ts';
import { leaveJobs, openFixture, type FaultFixture } from './fixture.ts';
import { endAll, killAt, useKilledWorkers } from './killing.ts';
import { choicesFor, faultRounds } from './seed.ts';

const lanes = 4;
const jobsPerBatch = 12;
const promptsPerLane = 3;
/** States that jobs are killed in just as they are reached; any state at all for the empty one. */
const killedAfter = ['', 'submitting', 'running', 'downloading', 'saved'];

describe('killed at any moment', () => {
  const workers = useKilledWorkers(150);

  it(`${String(faultRounds)} times, and no image is lost or paid twice`, async function () {
    this.timeout(faultRounds * 2_000 + 120_000);
    const each = Math.ceil(faultRounds / lanes);
    await Promise.all(
      Array.from(
        { length: lanes },
        async (_, lane) => await killAgainAndAgain(workers.api, lane, each),
      ),
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
        if (!isDone) done += 1;
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

/** @returns see `killAt`. */
async function runAndKill(
  fixture: FaultFixture,
  { random, below }: ReturnType<typeof choicesFor>,
): Promise<boolean> {
  const byStep = random() < 0.7;
  const delayMs = random() * 250;
  const written = killedAfter[below(killedAfter.length)] ?? '';
  let steps = 1 + below(written === '' ? 20 : 6);
  return await killAt(fixture, async (worker) => {
    if (byStep) {
      // At the very moment this was written down, and what follows has not happened.
      await worker.line(
        (line) =>
          line === 'done' || (line !== 'ready' && line.startsWith(written) && --steps === 0),
      );
    } else {
      await worker.line((line) => line === 'ready');
      await sleep(delayMs);
    }
  });
}

async function finish(fixture: FaultFixture): Promise<void> {
  const ended = await endAll(fixture);
  assert.ok(ended.every((job) => job.state === 'saved' || job.state === 'unconfirmed'));
  await audit(fixture, ended);
}
