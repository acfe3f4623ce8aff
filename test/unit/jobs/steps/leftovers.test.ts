import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodePlatform } from '../../../../src/jobs/nodePlatform.ts';
import type { Platform } from '../../../../src/jobs/platform.ts';
import { createLeftovers } from '../../../../src/jobs/steps/leftovers.ts';

describe('a temporary file that another program holds', () => {
  let own: string;
  let images: string;
  let isHeld: boolean;
  let atWork: Set<string>;
  let timers: { ms: number; run: () => void }[];

  beforeEach(async () => {
    own = await mkdtemp(join(tmpdir(), 'own-'));
    images = await mkdtemp(join(tmpdir(), 'images-'));
    isHeld = true;
    atWork = new Set();
    timers = [];
  });
  afterEach(async () => {
    for (const folder of [own, images]) await rm(folder, { recursive: true });
  });

  function open() {
    const { files, clock } = nodePlatform;
    const platform: Pick<Platform, 'files' | 'clock'> = {
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
    };
    return createLeftovers(own, platform, (id) => atWork.has(id));
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
    const { notes } = open();
    await notes.end(await leave(), false);
    await notes.end(await leave('.job-2.try-2.part'), false);
    assert.equal(timers.length, 1);
    for (const count of [1, 2, 3, 4]) {
      timers.at(-1)?.run();
      await until(() => timers.length === count + 1);
    }
    const waits = timers.map(({ ms }) => ms);
    assert.deepEqual(
      waits,
      waits.toSorted((a, b) => a - b),
    );
    assert.ok(waits[1]! > waits[0]!);
    assert.equal((await names()).length, 4);
    isHeld = false;
    timers.at(-1)?.run();
    await until(async () => (await names()).length === 0);
    await notes.end(await leave(), false);
    assert.equal(timers.length, 6, 'begun anew');
  });

  for (const [what, name] of [
    ['another program holds', '.job-1.try-1.part'],
    ['a window left that was killed', '.job-1.try-1.part'],
    ['marks a place, of a killed window', '.job-1.0f0f.reserved'],
  ] as const)
    it(`goes when the next window starts, one that ${what}`, async () => {
      const path = join(images, name);
      const { notes } = open();
      await notes.begin(path);
      await leave(name);
      if (what === 'another program holds') await notes.end(path, false);
      await open().start();
      assert.equal((await names()).length, 2);
      isHeld = false;
      await open().start();
      assert.deepEqual(await names(), []);
    });

  it('stays while its job is at work, and goes soon after', async () => {
    isHeld = false;
    const leftovers = open();
    const { notes } = leftovers;
    const path = join(images, '.job-1.try-1.part');
    await notes.begin(path);
    await leave();
    atWork.add('job-1');
    await leftovers.start();
    assert.equal((await names()).length, 2);
    atWork.delete('job-1');
    timers[0]?.run();
    await until(async () => (await names()).length === 0);
  });

  it('leaves no note once it is gone', async () => {
    isHeld = false;
    const { notes } = open();
    const path = join(images, '.job-1.try-1.part');
    await notes.begin(path);
    assert.deepEqual(await names(), ['job-1.try-1.part.left']);
    await notes.end(path, true);
    assert.deepEqual(await names(), []);
  });

  it('goes also when its note cannot be written', async () => {
    const { notes } = open();
    await rm(own, { recursive: true });
    const path = await leave();
    await notes.begin(path);
    await notes.end(path, false);
    isHeld = false;
    timers[0]?.run();
    await until(async () => (await readdir(images)).length === 0);
    await mkdir(own);
  });

  it('is never another file than what is made beside an image', async () => {
    isHeld = false;
    const path = await leave('fox.png');
    await writeFile(join(own, 'a.left'), path);
    await open().start();
    assert.deepEqual(await names(), ['fox.png']);
  });
});
