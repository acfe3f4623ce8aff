import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodePlatform } from '../../../../src/jobs/nodePlatform.ts';
import type { Job } from '../../../../src/jobs/job.ts';
import {
  convertedPath,
  newPartPath,
  rejectedPath,
  removeKept,
  removeParts,
  sweepTempFiles,
  wholePath,
} from '../../../../src/jobs/steps/tempFiles.ts';
import { sample } from '../sampleJobs.ts';

describe('what is not finished', () => {
  const { files } = nodePlatform;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scratch-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const names = async () => (await readdir(folder)).toSorted();

  it('has a name of its own for each try, and one for the whole image', () => {
    assert.notEqual(newPartPath(folder, 'job-1', 'a'), newPartPath(folder, 'job-1', 'b'));
    assert.equal(wholePath(folder, 'job-1'), wholePath(folder, 'job-1'));
  });

  it('goes when its job tries anew, and nothing of other jobs', async () => {
    for (const id of ['job-1', 'job-1', 'job-10', 'job-2'])
      await writeFile(newPartPath(folder, id, crypto.randomUUID()), '');
    await writeFile(wholePath(folder, 'job-1'), '');
    await removeParts(folder, 'job-1', files);
    assert.deepEqual(
      (await names()).map((name) => name.replace(/\..*\./, '.*.')),
      ['job-1.image', 'job-10.*.part', 'job-2.*.part'],
    );
  });

  for (const [state, job] of Object.entries(sample) as [string, Job][]) {
    const isNeeded =
      /^(queued|uploading|submitting|running|downloading|waitingForWorkspace|stopped)/.test(
        state,
      ) ||
      state === 'failed, recoverable' ||
      state === 'failed to be saved';
    it(`${isNeeded ? 'stays' : 'goes'} when its job is ${state}`, async () => {
      await writeFile(newPartPath(folder, job.id, 'try'), '');
      await writeFile(wholePath(folder, job.id), '');
      await writeFile(rejectedPath(folder, job.id), '');
      await sweepTempFiles(folder, { get: (id) => (id === job.id ? job : undefined) }, files);
      assert.equal((await names()).length, isNeeded ? 3 : 0);
    });
  }

  it('goes without its job, unless it arrived whole', async () => {
    await writeFile(newPartPath(folder, 'lost', 'try'), '');
    await writeFile(wholePath(folder, 'lost'), '');
    await writeFile(rejectedPath(folder, 'lost'), '');
    await sweepTempFiles(folder, { get: () => undefined }, files);
    assert.deepEqual(await names(), ['lost.image', 'lost.rejected']);
  });

  it('goes when its image is saved', async () => {
    await writeFile(wholePath(folder, 'job-1'), '');
    await writeFile(rejectedPath(folder, 'job-1'), '');
    await writeFile(convertedPath(folder, 'job-1'), '');
    await writeFile(newPartPath(folder, 'job-1', 'killed'), '');
    await writeFile(wholePath(folder, 'job-2'), '');
    await removeKept(folder, 'job-1', files);
    assert.deepEqual(await names(), ['job-2.image']);
  });

  it('goes when its image is saved, also from a folder that cannot be listed', async () => {
    await writeFile(wholePath(folder, 'job-1'), '');
    const readdir = () => Promise.reject(new Error('not listed'));
    await assert.rejects(removeKept(folder, 'job-1', { ...files, readdir }), /not listed/);
    assert.deepEqual(await names(), []);
  });

  it('keeps nothing else from going when it is held by another program', async () => {
    for (const id of ['job-1', 'job-2']) await writeFile(newPartPath(folder, id, 'try'), '');
    const rm = async (path: string): Promise<void> => {
      if (path.includes('job-1')) throw Object.assign(new Error('held'), { code: 'EBUSY' });
      await files.rm(path, {});
    };
    await sweepTempFiles(folder, { get: () => sample.saved }, { ...files, rm });
    await removeParts(folder, 'job-1', { ...files, rm });
    assert.deepEqual(await names(), ['job-1.try.part']);
  });

  it('is not what somebody else put there', async () => {
    const others = ['notes.txt', 'a.b.c.part', '.part', 'image'];
    for (const name of others) await writeFile(join(folder, name), '');
    await sweepTempFiles(folder, { get: () => sample.saved }, files);
    assert.deepEqual(await names(), others.toSorted());
  });

  it('may have no folder yet', async () => {
    await sweepTempFiles(join(folder, 'absent'), { get: () => undefined }, files);
  });
});
