import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Converter } from '../../../../src/images/convert/converter.ts';
import type { DownloadingJob, Job } from '../../../../src/jobs/job.ts';
import { nodePlatform } from '../../../../src/jobs/nodePlatform.ts';
import { createConvertStep, readWhole } from '../../../../src/jobs/steps/convertStep.ts';
import { transition } from '../../../../src/jobs/transition.ts';
import { imageOf } from '../../../simulation/world/resultImage.ts';
import { sample } from '../sampleJobs.ts';

const conversion = { format: 'webp', quality: 80, replacesOriginal: true } as const;
const never = new Promise<never>(() => undefined);

describe('results that wait to be converted', () => {
  let temp: string;
  let jobs: Map<string, Job>;
  let begun: number;

  beforeEach(async () => {
    temp = await mkdtemp(join(tmpdir(), 'convert-'));
    begun = 0;
    jobs = new Map();
    for (const id of ['poison', 'second', 'third'])
      jobs.set(id, {
        ...sample.downloading,
        id,
        destination: { ...sample.downloading.destination, conversion },
      });
  });
  afterEach(() => rm(temp, { recursive: true }));

  /** As a window does, which has none of the promises of the one before it. */
  async function openWindow(convert: Converter['convert']) {
    const step = createConvertStep({
      converter: { convert },
      tempFolder: temp,
      platform: nodePlatform,
      move(id, event) {
        const moved = transition(jobs.get(id) as Job, event);
        jobs.set(id, moved);
        return moved;
      },
    });
    const path = join(temp, 'whole.image');
    await writeFile(path, imageOf('a fox'));
    const result = await readWhole(path, nodePlatform.files.open);
    return (id: string, signal = new AbortController().signal) =>
      step(jobs.get(id) as DownloadingJob, result, signal);
  }

  const triesOf = (id: string) => (jobs.get(id) as DownloadingJob).conversionTries ?? 0;

  it('are not given up with the one that ends the editor each time', async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      let isBegun: () => void;
      const beginning = new Promise<void>((resolve) => (isBegun = resolve));
      const step = await openWindow(() => {
        begun += 1;
        isBegun();
        return never;
      });
      void step('poison');
      await beginning;
      for (const id of ['second', 'third']) void step(id);
      await sleep(20);
    }
    assert.equal(begun, 3);
    assert.deepEqual([...jobs.keys()].map(triesOf), [3, 0, 0]);
  });

  it('leave the queue when their work ends, and keep nobody waiting', async () => {
    const ending = new AbortController();
    let end: (() => void) | undefined;
    const step = await openWindow(() => {
      begun += 1;
      return new Promise((_, reject) => (end = () => reject(new Error('no thread'))));
    });
    const first = step('poison');
    while (!end) await sleep(1);
    const left = assert.rejects(step('second', ending.signal), { code: 'cancelled' });
    const last = step('third');
    ending.abort();
    await left;
    end();
    assert.deepEqual(await first, { fault: 'unencodable' });
    while (begun < 2) await sleep(1);
    end();
    assert.deepEqual(await last, { fault: 'unencodable' });
    assert.deepEqual(['second', 'third'].map(triesOf), [0, 1]);
  });
});
