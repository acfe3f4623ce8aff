import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sweepCopies } from '../../../../src/jobs/references/referenceCopies.ts';
import { platformWith } from '../../../support/jobSystemOptions.ts';
import { sample } from '../sampleJobs.ts';

const dayMs = 24 * 3600_000;

describe('copies of references', () => {
  let folder: string;
  const nowMs = Date.now();
  const platform = platformWith({ now: () => nowMs });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'copies-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function keep(id: string, ageDays: number): Promise<string> {
    const path = join(folder, id, 'a fox.png');
    await mkdir(join(folder, id));
    await writeFile(path, '');
    const at = new Date(nowMs - ageDays * dayMs);
    await utimes(join(folder, id), at, at);
    return pathToFileURL(path).href;
  }

  const sweep = (...references: string[]) =>
    sweepCopies(folder, { listUnfinished: () => [{ ...sample.queued, references }] }, platform);

  it('go when they are older than a week', async () => {
    await keep('old', 8);
    await keep('new', 6);
    await writeFile(join(folder, 'file.png'), '');
    await utimes(join(folder, 'file.png'), new Date(0), new Date(0));
    await sweep();
    assert.deepEqual(await readdir(folder), ['new']);
  });

  it('stay while a job is going to send them', async () => {
    const needed = await keep('needed', 30);
    await keep('done', 30);
    await sweep(needed);
    assert.deepEqual(await readdir(folder), ['needed']);
  });

  it('need no folder, nor a store that answers', async () => {
    await sweepCopies(join(folder, 'none'), { listUnfinished: () => [] }, platform);
    await keep('old', 8);
    const listUnfinished = () => {
      throw new Error('locked');
    };
    await sweepCopies(folder, { listUnfinished }, platform);
    assert.deepEqual(await readdir(folder), ['old']);
  });
});
