import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Job } from '../../../../src/jobs/job.ts';
import { nodePlatform } from '../../../../src/jobs/nodePlatform.ts';
import { readWhole } from '../../../../src/jobs/steps/convertStep.ts';
import { placeOnDisk } from '../../../../src/jobs/steps/placeOnDisk.ts';
import { createSaveStep } from '../../../../src/jobs/steps/saveStep.ts';
import { openStore, type Store } from '../../../../src/jobs/store/store.ts';
import type { Upload } from '../../../../src/jobs/store/uploads.ts';
import type { GalleryIndex } from '../../../../src/jobs/store/gallery.ts';
import { platformWith } from '../../../support/jobSystemOptions.ts';
import { imageOf } from '../../../simulation/world/resultImage.ts';

/**
 * A store that version 0.1 wrote (commit e541034) until its window was killed: jobs in every state,
 * uploads, a pause, favourites, a hidden job and an index of prompts. `asRead.json` is what that
 * version itself read of it.
 */
const fixture = join(import.meta.dirname, 'fixtures', 'version-0.1');

interface AsRead {
  recent: (Job & { isParked?: true })[];
  unfinished: string[];
  pause: object;
  durations: Record<'auto' | 'high', number[]>;
  uploads: Upload[];
  unanswered: Upload[];
  knownTasks: string[];
  gallery: Record<
    'all' | 'favourites' | 'ofWorkspace' | 'withReferences' | 'ofSize' | 'found',
    GalleryIndex
  > & { rows: { key: number; id: string; isFavourite: boolean }[]; prompts: string[] };
  byTask: { id: string };
  bySha256: { id: string };
  hasWork: boolean;
}

describe('a store of the version before', () => {
  let folder: string;
  let store: Store;
  let asRead: AsRead;
  let jobs: Job[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'version-before-'));
    await copyFile(join(fixture, 'jobs.sqlite'), join(folder, 'jobs.sqlite'));
    asRead = JSON.parse(await readFile(join(fixture, 'asRead.json'), 'utf8')) as AsRead;
    jobs = asRead.recent.map(({ isParked, ...rest }) =>
      isParked ? ({ ...rest, isWaitingForWorkspace: true } as Job) : rest,
    );
    const processes = { pid: 7, host: 'a-machine', isAlive: (pid: number) => pid === 7 };
    store = openStore({ path: join(folder, 'jobs.sqlite'), platform: platformWith({ processes }) });
  });
  afterEach(async () => {
    store.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('holds a job in every state', () => {
    assert.equal(store.setAside, undefined);
    assert.deepEqual(new Set(jobs.map(({ state }) => state)).size, 10);
    assert.ok(jobs.some((job) => 'isWaitingForWorkspace' in job));
  });

  it('reads as it did: jobs, queue, pause, durations and what lies at the provider', () => {
    assert.deepEqual(store.listRecent(100), jobs);
    assert.deepEqual(
      store.listUnfinished().map(({ id }) => id),
      asRead.unfinished,
    );
    assert.deepEqual(store.pause(), asRead.pause);
    assert.deepEqual(store.durations('gpt-image-1.5-lite', 'auto'), asRead.durations.auto);
    assert.deepEqual(store.durations('gpt-image-1.5-lite', 'high'), asRead.durations.high);
    assert.deepEqual(store.uploads.list(), asRead.uploads);
    const unanswered = jobs.flatMap(({ id }) => store.uploads.unanswered(id));
    assert.deepEqual(unanswered, asRead.unanswered);
    assert.deepEqual([...store.knownTasks(0)].toSorted(), asRead.knownTasks);
    assert.equal(store.byTask('task-unified-18')?.id, asRead.byTask.id);
    assert.equal(store.bySha256('3'.padStart(64, 'a'))?.id, asRead.bySha256.id);
    assert.equal(store.hasWork(), asRead.hasWork);
  });

  it('reads as it did: the gallery with its favourites, filters and searches', () => {
    const { gallery } = store;
    const { rows, prompts, ...queries } = asRead.gallery;
    assert.deepEqual(
      {
        all: gallery.query({}),
        favourites: gallery.query({ isFavourite: true }),
        ofWorkspace: gallery.query({ workspaceUri: 'file:///home/fox/project' }),
        withReferences: gallery.query({ hasReferences: true }),
        ofSize: gallery.query({ size: '1536x1024' }),
        found: gallery.query({ words: 'number 3' }),
      },
      queries,
    );
    const read = gallery.read(queries.all.keys).toSorted((a, b) => a.key - b.key);
    assert.deepEqual(
      read.map(({ key, job, isFavourite }) => ({ key, id: job.id, isFavourite })),
      rows,
    );
    assert.deepEqual(gallery.prompts(100), prompts);
  });

  it('has its results saved as they came, each once, also what was being placed', async () => {
    const images = join(folder, 'images');
    const temp = join(folder, 'temp');
    await mkdir(temp);
    store.reapDeadWindows();
    const step = createSaveStep({
      store,
      place: (request) =>
        placeOnDisk({ ...request, folderUri: pathToFileURL(images).href }, nodePlatform),
      tempFolder: temp,
      platform: nodePlatform,
      converter: { convert: () => assert.fail('none asked for another format') },
      move: store.advance,
      onUnconverted: () => assert.fail('nothing was to be made of it'),
    });
    const claimed = store.claim({ isAtWork: () => false, isOpen: () => true });
    const results = claimed.filter((job) => job.state === 'downloading');
    assert.ok(results.length > 1);
    for (const { id } of results) {
      const path = join(temp, `${id}.image`);
      await writeFile(path, imageOf(id));
      const result = await readWhole(path, nodePlatform.files.open);
      const job = store.get(id);
      assert.ok(job?.state === 'downloading');
      const saved = await step(job, result, new AbortController().signal);
      assert.ok(saved.state === 'saved');
      assert.deepEqual(saved, store.get(id));
      assert.deepEqual(
        Object.keys(saved).filter((key) => /conver|target/i.test(key)),
        [],
      );
      assert.deepEqual(await readFile(fileURLToPath(saved.uri)), imageOf(id));
    }
    assert.deepEqual([(await readdir(images)).length, await readdir(temp)], [results.length, []]);
  });

  it('is gone on with: its window is dead, and one task is asked to be stopped', () => {
    store.reapDeadWindows();
    const isOpen = (uri: string | undefined) => uri !== 'file:///elsewhere';
    const claimed = store.claim({ isAtWork: () => false, isOpen });
    const underWay = store
      .listUnfinished()
      .filter((job) => job.state !== 'queued' && !('isWaitingForWorkspace' in job));
    assert.deepEqual(claimed, underWay, 'the queue is paused');
    assert.equal(store.get(asRead.byTask.id)?.state, 'stopped');
    store.setMaxConcurrent(100);
    store.setPause(undefined, store.pause());
    const queue = store.listUnfinished().filter((job) => job.state === 'queued');
    assert.ok(queue.length > 1);
    assert.deepEqual(store.claim({ isAtWork: () => true, isOpen }), queue);
  });
});
