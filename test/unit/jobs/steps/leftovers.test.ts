import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodePlatform } from '../../../../src/jobs/nodePlatform.ts';
import { createLeftovers } from '../../../../src/jobs/steps/leftovers.ts';

describe('a temporary file that another program holds', () => {
  let own: string;
  let images: string;
  let isHeld: boolean;
  let timers: { ms: number; run: () => void }[];

  beforeEach(async () => {
    own = await mkdtemp(join(tmpdir(), 'own-'));
    images = await mkdtemp(join(tmpdir(), 'images-'));
    isHeld = true;
    timers = [];
  });
  afterEach(async () => {
    for (const folder of [own, images]) await rm(folder, { recursive: true });
  });

  function open() {
    const { files, clock } = nodePlatform;
    return createLeftovers(own, {
      files: {
        ...files,
        async rm(path, options) {
          if (isHeld && path.startsWith(images))
            throw Object.assign(new Error('held'), { code: 'EBUSY' });
          await files.rm(path, options);
        },
      },
      clock: {
        ...clock,
        after(ms, run) {
          timers.push({ ms, run });
          return () => undefined;
        },
      },
    });
  }

  async function leave(name = '.job-1.try-1.part'): Promise<string> {
    const path = join(images, name);
    await writeFile(path, 'the image');
    return path;
  }

  async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await isSo())) await new Promise(setImmediate);
  }

  const names = async () => [...(await readdir(images)), ...(await readdir(own))];

  it('goes later and later, until it is free, and one timer is enough for all', async () => {
    const leftovers = open();
    await leftovers.note(await leave());
    await leftovers.note(await leave('.job-2.try-2.part'));
    assert.equal(timers.length, 1);
    timers[0]?.run();
    await until(() => timers.length === 2);
    assert.ok(timers[1]!.ms > timers[0]!.ms);
    assert.equal((await names()).length, 4);
    isHeld = false;
    timers[1]?.run();
    await until(async () => (await names()).length === 0);
    await leftovers.note(await leave());
    assert.equal(timers.length, 3, 'begun anew');
  });

  it('goes when the next window starts', async () => {
    await open().note(await leave());
    assert.equal(await open().sweep(), false);
    isHeld = false;
    assert.equal(await open().sweep(), true);
    assert.deepEqual(await names(), []);
  });

  it('is never another file than what is made beside an image', async () => {
    isHeld = false;
    const path = await leave('fox.png');
    await writeFile(join(own, 'a.left'), path);
    assert.equal(await open().sweep(), true);
    assert.deepEqual(await names(), ['fox.png']);
  });
});
