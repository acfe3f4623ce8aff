import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { checkImageFile } from '../../src/images/checkImage.ts';
import { sha256OfBytes } from '../../src/images/sha256.ts';
import type { Job, SavedJob } from '../../src/jobs/job.ts';
import type { ResultConversion } from '../../src/jobs/resultFiles.ts';
import { storageLayout } from '../../src/jobs/storageLayout.ts';
import { newJob } from '../support/jobSystemOptions.ts';
import { converterParts, testConverter } from '../support/testConverter.ts';
import { type FaultFixture, leaveJobs, openFixture } from './fixture.ts';
import { imageHash } from './imageHash.ts';
import { endAll, killAt, useKilledWorkers } from './killing.ts';
import { choicesFor, faultRounds } from './seed.ts';
import type { Worker } from './spawnWorker.ts';

const jobsPerBatch = 3;
/** Each is of a process that starts its thread, and compiles what that needs. */
const kills = Math.ceil(faultRounds / 30);
const webp: ResultConversion = { format: 'webp', quality: 80, maxWidth: 400 };

describe('killed while a file is made of a result', () => {
  const workers = useKilledWorkers(50);

  for (const [where, conversion] of [
    ['beside it', webp],
    ['in its place', { ...webp, replacesOriginal: true }],
  ] as const)
    it(`${where}, ${String(kills)} times: the image is on the disk once, or its file`, async function () {
      this.timeout(kills * 10_000 + 120_000);
      const fixture = await openFixture(workers.api);
      const choices = choicesFor(`conversions ${where}`);
      try {
        for (let done = 0, batch = 0; done < kills; batch += 1) {
          const numbers = Array.from({ length: jobsPerBatch }, (_, n) => n % 2);
          await leaveJobs(
            fixture,
            numbers.map((n) => {
              const job = newJob(`${where} ${String(batch)} image ${String(n)}`, fixture.outFolder);
              return { ...job, destination: { ...job.destination, conversion } };
            }),
          );
          for (let isDone = false; !isDone && done < kills; done += 1)
            isDone = await runAndKill(fixture, choices);
        }
        await finish(fixture, conversion);
      } finally {
        await fixture.close();
      }
    });
});

/** @returns see `killAt`. */
async function runAndKill(
  fixture: FaultFixture,
  { random, below }: ReturnType<typeof choicesFor>,
): Promise<boolean> {
  // A conversion begins, or a place is chosen; or somewhere within what comes next.
  let steps = 1 + below(3 * jobsPerBatch);
  const isMoment = (line: string) =>
    line === 'done' || (line.startsWith('downloading') && --steps === 0);
  const moment = async (worker: Worker) => {
    await worker.line(isMoment);
    if (random() < 0.6) await sleep(random() * 600);
  };
  return await killAt(fixture, moment, { converter: converterParts });
}

async function finish(fixture: FaultFixture, conversion: ResultConversion): Promise<void> {
  const ended = await endAll(fixture, { converter: testConverter() });
  const tasks = await fixture.api.tasks();
  const expected: string[] = [];
  for (const job of ended) {
    assert.ok(isSaved(job), `${job.prompt} is ${job.state}`);
    expected.push(job.uri, ...(job.converted ? [job.converted.uri] : []));
    const own = tasks.filter(({ idempotencyKey }) => idempotencyKey === job.idempotencyKey);
    assert.equal(own.length, 1, `${job.prompt} was paid once`);
    await requireFiles(job, own[0]?.sha256 ?? '', conversion);
  }
  const names = expected.map((uri) => fileURLToPath(uri).slice(fixture.outFolder.length + 1));
  assert.deepEqual((await readdir(fixture.outFolder)).toSorted(), names.toSorted());
  const { temp } = storageLayout(fixture.stateFolder);
  const left = (await readdir(temp)).filter((name) => !name.endsWith('.left'));
  assert.deepEqual(left, []);
}

function isSaved(job: Job): job is SavedJob {
  return job.state === 'saved';
}

/** What stands there is what the job says, and it has its file or says why not. */
async function requireFiles(
  job: SavedJob,
  original: string,
  conversion: ResultConversion,
): Promise<void> {
  if (!job.isConverted)
    assert.equal(imageHash(await readFile(fileURLToPath(job.uri))), original, job.prompt);
  const made = job.isConverted ? job : job.converted;
  assert.equal(
    job.isConverted === true,
    made !== undefined && conversion.replacesOriginal === true,
  );
  if (!made) {
    assert.equal(job.conversionFault, 'interrupted');
    return;
  }
  const path = fileURLToPath(made.uri);
  assert.equal(sha256OfBytes(await readFile(path)), made.sha256);
  const { type, width } = await checkImageFile(path);
  assert.deepEqual([type, width], ['webp', conversion.maxWidth]);
}
