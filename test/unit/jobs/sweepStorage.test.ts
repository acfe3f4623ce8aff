import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileUriOf } from '../../../src/jobs/fileUri.ts';
import { isOver, type Job } from '../../../src/jobs/job.ts';
import { createHistory } from '../../../src/jobs/history.ts';
import { storageLayout } from '../../../src/jobs/storageLayout.ts';
import { openStore, type Store } from '../../../src/jobs/store/store.ts';
import { sweepFolder, type SweepRule } from '../../../src/jobs/sweepFolder.ts';
import { sweepStorage } from '../../../src/jobs/sweepStorage.ts';
import { platformWith } from '../../support/jobSystemOptions.ts';
import { sample } from './sampleJobs.ts';

const dayMs = 24 * 3600_000;
const nowMs = 1_900_000_000_000;
const never = new AbortController().signal;

describe('sweeping the storage folder', () => {
  let folder: string;
  let layout: ReturnType<typeof storageLayout>;
  let store: Store;
  const platform = platformWith({ now: () => nowMs });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sweep-'));
    layout = storageLayout(folder);
    for (const each of [layout.pasted, layout.converted, layout.copies, layout.thumbnails])
      await mkdir(each);
    store = openStore({ path: layout.store, platform });
    noteDraftsSince(400);
  });
  afterEach(async () => {
    store.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A file of such an age; in a folder of its own when the path names one. @returns its address */
  async function keep(path: string, ageDays: number, sizeBytes = 1): Promise<string> {
    const [, own] = /^(.*\/converted\/[^/]+)\//.exec(path) ?? [];
    if (own !== undefined) await mkdir(own);
    await writeFile(path, Buffer.alloc(sizeBytes));
    const at = new Date(nowMs - ageDays * dayMs);
    await utimes(own ?? path, at, at);
    return fileUriOf(path);
  }

  /** The first note says from when on all drafts are known. */
  function noteDraftsSince(ageDays: number): void {
    store.draftNotes.note('some workspace', [], nowMs - ageDays * dayMs);
  }

  const job = (id: string, from: Job, more: object): Job => ({ ...from, id, ...more });
  const sweep = () => sweepStorage({ store, layout, platform }, never);
  const names = async (where: string) => (await readdir(where)).toSorted();

  it('removes copies that no job and no draft uses, after a week', async () => {
    for (const [where, name] of [
      [layout.pasted, 'fox.png'],
      [layout.copies, 'sea.png'],
      [layout.converted, 'uuid/a boat.png'],
    ] as const) {
      await keep(join(where, `old-${name}`), 8);
      await keep(join(where, `new-${name}`), 6);
      const used = await keep(join(where, `used-${name}`), 400);
      const drafted = await keep(join(where, `drafted-${name}`), 400);
      store.add([job(`job-${name}`, sample.saved, { references: [used], taskId: name })]);
      store.draftNotes.note(`workspace-${name}`, [drafted], nowMs - 80 * dayMs);
    }
    await sweep();
    for (const [where, name] of [
      [layout.pasted, 'fox.png'],
      [layout.copies, 'sea.png'],
      [layout.converted, 'uuid'],
    ] as const)
      assert.deepEqual(await names(where), [`drafted-${name}`, `new-${name}`, `used-${name}`]);
  });

  it('removes what only a draft uses that was not seen for months', async () => {
    const drafted = await keep(join(layout.pasted, 'fox.png'), 100);
    store.draftNotes.note('workspace', [drafted], nowMs - 91 * dayMs);
    await sweep();
    assert.deepEqual(await names(layout.pasted), []);
  });

  it('removes drafts of workspaces that were not opened for months', async () => {
    await mkdir(layout.drafts);
    await keep(join(layout.drafts, 'old.json'), 91);
    await keep(join(layout.drafts, 'new.json'), 89);
    await sweep();
    assert.deepEqual(await names(layout.drafts), ['new.json']);
  });

  describe('while drafts of an earlier version may not be known', () => {
    /** As an earlier version leaves it: without notes. */
    beforeEach(() => {
      store.close();
      for (const suffix of ['', '-wal', '-shm']) rmSync(layout.store + suffix, { force: true });
      store = openStore({ path: layout.store, platform });
    });

    it('keeps what was pasted, before any draft was noted', async () => {
      await keep(join(layout.pasted, 'fox.png'), 400);
      await sweep();
      assert.deepEqual(await names(layout.pasted), ['fox.png']);
    });

    it('keeps what was pasted before, for as long as a draft is kept', async () => {
      await keep(join(layout.pasted, 'before.png'), 90);
      await keep(join(layout.pasted, 'after.png'), 88);
      await keep(join(layout.converted, 'uuid', 'x.png'), 90);
      noteDraftsSince(89);
      noteDraftsSince(0);
      await sweep();
      assert.deepEqual(await names(layout.pasted), ['before.png']);
      assert.deepEqual(await names(layout.converted), []);
    });

    it('removes what was pasted before, thereafter', async () => {
      await keep(join(layout.pasted, 'before.png'), 92);
      noteDraftsSince(91);
      await sweep();
      assert.deepEqual(await names(layout.pasted), []);
    });

    it('keeps what was pasted before when its job is cleared', async () => {
      const before = await keep(join(layout.pasted, 'before.png'), 20);
      const after = await keep(join(layout.pasted, 'after.png'), 1);
      noteDraftsSince(10);
      store.add([job('over', sample.saved, { references: [before, after] })]);
      await createHistory({ store, layout, platform, onCleared: () => undefined }, never).clear({});
      assert.deepEqual(await names(layout.pasted), ['before.png']);
    });
  });

  it('removes nothing above the limit that a job needs which is not over', async () => {
    const bySample = Object.entries(sample);
    const fileOf = (name: string) => `of-${name.replaceAll(/[ ,]+/g, '-')}.png`;
    const { files } = platform;
    const large: typeof files = {
      ...files,
      stat: async (path) => Object.assign(await files.stat(path), { size: 400_000_000 }),
    };
    for (const [name, from] of bySample) {
      const reference = await keep(join(layout.pasted, fileOf(name)), 3);
      const taskId = 'taskId' in from && { taskId: name };
      store.add([job(name, from, { ...taskId, references: [reference] })]);
    }
    const needed = bySample.flatMap(([name, from]) => (isOver(from) ? [] : [fileOf(name)]));
    await sweepStorage({ store, layout, platform: { ...platform, files: large } }, never);
    assert.deepEqual(await names(layout.pasted), needed.toSorted());
  });

  it('keeps copies of deleted images for a week, and the newest of them above the limit', async () => {
    await mkdir(layout.deleted);
    const ages = { old: 8, week: 6, days: 3, yesterday: 1.5, today: 0.5, now: 0 };
    for (const [name, ageDays] of Object.entries(ages))
      await keep(join(layout.deleted, `${name}.png`), ageDays);
    await sweep();
    const kept = ['days.png', 'now.png', 'today.png', 'week.png', 'yesterday.png'];
    assert.deepEqual(await names(layout.deleted), kept);
    const { files } = platform;
    const large: typeof files = {
      ...files,
      stat: async (path) => Object.assign(await files.stat(path), { size: 400_000_000 }),
    };
    await sweepStorage({ store, layout, platform: { ...platform, files: large } }, never);
    assert.deepEqual(await names(layout.deleted), ['now.png', 'today.png']);
  });

  it('keeps thumbnails of images in the store alone', async () => {
    store.add([job('a', sample.saved, { sha256: 'aa' })]);
    await keep(join(layout.thumbnails, 'aa.webp'), 400);
    await keep(join(layout.thumbnails, 'bb.webp'), 2);
    await keep(join(layout.thumbnails, 'half.part'), 2);
    await keep(join(layout.thumbnails, 'cc.webp'), 0.5);
    await sweep();
    assert.deepEqual(await names(layout.thumbnails), ['aa.webp', 'cc.webp']);
  });

  it('removes the prompts of images that were deleted a week ago, and what was theirs', async () => {
    const reference = await keep(join(layout.pasted, 'fox.png'), 1);
    await keep(join(layout.thumbnails, 'aa.webp'), 1);
    store.add([
      job('long ago', sample.saved, { sha256: 'aa', references: [reference] }),
      job('just now', sample.saved, { taskId: 'b' }),
      job('paid', sample.stopped, { taskId: 'c' }),
    ]);
    store.gallery.setHidden(store.gallery.keysOf(['long ago', 'paid']), nowMs - 8 * dayMs);
    store.gallery.setHidden(store.gallery.keysOf(['just now']), nowMs - 6 * dayMs);
    await sweep();
    assert.deepEqual(
      store
        .listRecent(9)
        .map(({ id }) => id)
        .toSorted(),
      ['just now', 'paid'],
    );
    assert.deepEqual(await names(layout.pasted), []);
    assert.deepEqual(await names(layout.thumbnails), []);
  });

  it('needs no folder, nor a store that answers', async () => {
    await keep(join(layout.pasted, 'old.png'), 8);
    const lines: string[] = [];
    const locked = { ...store, referencesFrom: () => assert.fail('locked') };
    const log = (line: string) => void lines.push(line);
    await sweepStorage({ store: locked, layout, platform, log }, never);
    assert.deepEqual(await names(layout.pasted), ['old.png']);
    assert.equal(lines.length, 1);
    await rm(layout.converted, { recursive: true });
    await sweep();
    assert.deepEqual(await names(layout.pasted), []);
  });

  describe('to a limit', () => {
    const rule = (more: Partial<SweepRule>): SweepRule => ({
      folder: layout.pasted,
      keptMs: dayMs,
      maxBytes: 100,
      isUsed: () => true,
      isNeeded: () => false,
      ...more,
    });

    it('removes the oldest first, also what is used', async () => {
      for (const [age, name] of ['a', 'b', 'c', 'd'].entries())
        await keep(join(layout.pasted, name), 10 - age, 40);
      await sweepFolder(rule({}), platform, never);
      assert.deepEqual(await names(layout.pasted), ['c', 'd']);
    });

    it('keeps what is needed now', async () => {
      await keep(join(layout.pasted, 'a'), 10, 90);
      await keep(join(layout.pasted, 'b'), 5, 90);
      await sweepFolder(rule({ isNeeded: (name) => name === 'a' }), platform, never);
      assert.deepEqual(await names(layout.pasted), ['a']);
    });

    it('keeps what is younger than a day, such as a copy that another window sends', async () => {
      await keep(join(layout.copies, 'old'), 1, 90);
      await keep(join(layout.copies, 'young'), 0.9, 90);
      await keep(join(layout.copies, 'new'), 0, 90);
      await sweepFolder(rule({ folder: layout.copies }), platform, never);
      assert.deepEqual(await names(layout.copies), ['new', 'young']);
    });

    it('counts the files in a folder', async () => {
      await keep(join(layout.converted, 'a', 'x.png'), 10, 90);
      await keep(join(layout.converted, 'b', 'x.png'), 5, 90);
      await sweepFolder(rule({ folder: layout.converted }), platform, never);
      assert.deepEqual(await names(layout.converted), ['b']);
    });
  });

  describe('when the history is cleared', () => {
    let told: number;
    const history = () =>
      createHistory({ store, layout, platform, onCleared: () => (told += 1) }, never);

    beforeEach(() => {
      told = 0;
    });

    it('removes at once what the jobs left, and nothing that others use', async () => {
      const own = await keep(join(layout.pasted, 'own.png'), 0);
      const shared = await keep(join(layout.converted, 'shared', 'x.png'), 0);
      const drafted = await keep(join(layout.pasted, 'drafted.png'), 0);
      await keep(join(layout.pasted, 'not yet used.png'), 0);
      const theirs = await keep(join(folder, 'theirs.png'), 0);
      await keep(join(layout.thumbnails, 'aa.webp'), 0);
      await keep(join(layout.thumbnails, 'bb.webp'), 0);
      const references = [own, shared, drafted, theirs, 'https://example.com/a.png'];
      store.add([
        job('gone', sample.saved, { sha256: 'aa', references }),
        job('also gone', sample.saved, { sha256: 'bb', taskId: 'b', references: [] }),
        job('other', sample.saved, { sha256: 'bb', taskId: 'c', workspaceUri: 'file:///other' }),
        job('under way', sample.running, { taskId: 'd', references: [shared] }),
      ]);
      store.draftNotes.note('workspace', [drafted], nowMs);
      const workspaceUris = ['file:///workspace'];
      assert.deepEqual(await history().summarize({ workspaceUris }), {
        over: 2,
        kept: 1,
        storesSetAside: 0,
      });
      assert.equal(await history().clear({ workspaceUris }), 2);
      assert.deepEqual(await names(layout.pasted), ['drafted.png', 'not yet used.png']);
      assert.deepEqual(await names(layout.converted), ['shared']);
      assert.deepEqual(await names(layout.thumbnails), ['bb.webp']);
      assert((await names(folder)).includes('theirs.png'));
      assert.equal(told, 1);
    });

    it('removes damaged stores that were put aside, and none that is yet to be read', async () => {
      const stamp = '2026-11-26T00-00-00-000Z';
      await writeFile(`${layout.store}.damaged-${stamp}`, 'a fox');
      await writeFile(`${layout.store}.damaged-${stamp}-wal`, 'a fox');
      await writeFile(`${layout.store}.salvaging-${stamp}`, 'a fox');
      assert.equal((await history().summarize({})).storesSetAside, 1);
      await history().removeStoresSetAside();
      const stores = (await names(folder)).filter((name) => name.includes('sqlite.'));
      assert.deepEqual(stores, [`jobs.sqlite.salvaging-${stamp}`]);
    });
  });
});
