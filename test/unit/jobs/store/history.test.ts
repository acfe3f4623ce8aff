import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clearHistory } from '../../../../src/jobs/clearHistory.ts';
import { isOver, type Job, type JobState } from '../../../../src/jobs/job.ts';
import { nodePlatform } from '../../../../src/jobs/nodePlatform.ts';
import type { HistoryScope } from '../../../../src/jobs/store/history.ts';
import { openStore, type Store } from '../../../../src/jobs/store/store.ts';
import { spec } from '../sampleJobs.ts';
import { claim, idsOf, StoreFixture } from './storeFixture.ts';

const never = new AbortController().signal;
const error = { code: 'server', message: 'no' } as const;
const paid = { taskId: 'task', acceptedAt: 1, resultUrl: 'https://x/y.png', finishedAt: 2 };

/** Every state, and what becomes of a job in it. */
const fates: [
  name: string,
  more: { state: JobState } & Record<string, unknown>,
  isOver: boolean,
][] = [
  ['queued', { state: 'queued' }, false],
  ['uploading', { state: 'uploading' }, false],
  ['submitting', { state: 'submitting', attempt: 1, imageUrls: [] }, false],
  ['running', { state: 'running' }, false],
  ['downloading', { state: 'downloading' }, false],
  ['stopped', { state: 'stopped' }, false],
  ['unconfirmed', { state: 'unconfirmed', error }, false],
  ['recoverable', { state: 'failed', error, failedAt: 3, isRecoverable: true }, false],
  ['failed', { state: 'failed', error, failedAt: 3 }, true],
  ['settled', { state: 'unconfirmed', error, isSettled: true }, true],
  ['cancelled', { state: 'cancelled' }, true],
  ['saved', { state: 'saved', uri: 'file:///a.png', sha256: 'aa', savedAt: 4 }, true],
];

describe('the history', () => {
  const fixture = new StoreFixture().use();
  let made = 0;

  function job(id: string, more: object): Job {
    made += 1;
    return { ...spec, id, createdAt: 1_000 + made, idempotencyKey: id, ...more } as unknown as Job;
  }

  const clear = (store: Store, scope: HistoryScope = {}) =>
    clearHistory(scope, { store, clock: nodePlatform.clock }, never);
  const all = (store: Store) => idsOf(store.listRecent(100_000)).toSorted();

  it('loses what is over, and keeps what is under way, or paid and not saved', async () => {
    const store = fixture.window(1);
    store.add(fates.map(([name, more]) => job(name, { ...paid, taskId: `task-${name}`, ...more })));
    const over = fates.filter(([, , isItOver]) => isItOver).map(([name]) => name);
    for (const [name, , isItOver] of fates) assert.equal(isOver(store.get(name)!), isItOver, name);
    assert.deepEqual(store.history.count({}), {
      over: over.length,
      kept: fates.length - over.length,
    });
    assert.deepEqual(idsOf((await clear(store)) as unknown as Job[]).toSorted(), over.toSorted());
    assert.deepEqual(
      all(store),
      fates
        .map(([name]) => name)
        .filter((name) => !over.includes(name))
        .toSorted(),
    );
    assert.deepEqual(store.history.count({}), { over: 0, kept: fates.length - over.length });
  });

  it('loses what is meant alone: a workspace, an age, what left the gallery', async () => {
    const store = fixture.window(1);
    const saved = { ...paid, state: 'saved', uri: 'file:///a.png', sha256: 'aa' };
    store.add([
      job('here', { ...saved, taskId: 'a', workspaceUri: 'file:///here' }),
      job('there', { ...saved, taskId: 'b', workspaceUri: 'file:///there' }),
      job('nowhere', { ...saved, taskId: 'c' }),
      job('old', { ...saved, taskId: 'd', createdAt: 5 }),
      job('hidden', { ...saved, taskId: 'e' }),
      job('hidden and running', { ...paid, taskId: 'f', state: 'running' }),
    ]);
    store.gallery.setHidden(store.gallery.keysOf(['hidden', 'hidden and running']), 77);
    const removed = async (scope: HistoryScope) => (await clear(store, scope)).map(({ id }) => id);
    assert.deepEqual(await removed({ workspaceUris: ['file:///here', 'file:///x'] }), ['here']);
    assert.deepEqual(await removed({ createdBefore: 6 }), ['old']);
    assert.deepEqual(await removed({ hiddenBefore: 77 }), []);
    assert.deepEqual(await removed({ hiddenBefore: 78 }), ['hidden']);
    assert.deepEqual(all(store), ['hidden and running', 'nowhere', 'there']);
  });

  it('tells what its jobs leave behind elsewhere', async () => {
    const store = fixture.window(1);
    store.add([
      job('a', {
        ...paid,
        state: 'saved',
        uri: 'file:///a.png',
        sha256: 'aa',
        references: ['file:///x'],
      }),
    ]);
    assert.deepEqual(await clear(store), [{ id: 'a', references: ['file:///x'], sha256: 'aa' }]);
  });

  for (const journal of ['that windows share', 'for a drive of the network'])
    it(`leaves no word of a prompt in the store's files, with a journal ${journal}`, async () => {
      const isOnNetworkSync = () => journal === 'for a drive of the network';
      const store = openStore({
        path: join(fixture.folder, 'jobs.sqlite'),
        platform: { ...nodePlatform, syncFiles: { ...nodePlatform.syncFiles, isOnNetworkSync } },
      });
      fixture.open.push(store);
      const secrets = ['Quetzalcoatl', 'Popocatepetl'];
      const long = (word: string) => `${word} in the snow. `.repeat(400);
      store.add(
        secrets.map((word, at) =>
          job(`job-${String(at)}`, { state: 'queued', prompt: long(word) }),
        ),
      );
      store.add([job('other', { state: 'queued', prompt: 'a lighthouse' })]);
      claim(store);
      // Each move leaves a former row behind.
      for (const [at] of secrets.entries()) {
        const id = `job-${String(at)}`;
        store.advance(id, { type: 'submitting', imageUrls: [] });
        store.advance(id, { type: 'accepted', taskId: `task-${id}`, at: 1 });
        store.advance(id, { type: 'failed', error: { ...error, message: long('why') }, at: 1 });
      }
      assert.equal(store.gallery.query({ words: 'quetzal' }).keys.length, 1);
      assert.equal((await clear(store)).length, 2);
      for (const name of await readdir(fixture.folder)) {
        const bytes = (await readFile(join(fixture.folder, name))).toString('latin1').toLowerCase();
        for (const word of ['quetzalcoatl', 'popocatepetl', 'etzalco'])
          assert(!bytes.includes(word), `${word} is in ${name}`);
        // The index keeps three letters at a time.
        assert(!bytes.includes('zal'), name);
      }
      assert.equal(store.gallery.query({ words: 'lighthouse' }).keys.length, 1);
      assert.equal(store.gallery.query({ words: 'quetzal' }).keys.length, 0);
    });

  it('is lost in other windows, too, which miss no change after that', async () => {
    const [one, other] = [fixture.window(1), fixture.window(2)];
    one.add([job('a', { state: 'cancelled' }), job('b', { state: 'cancelled' })]);
    other.takeChanges();
    assert.equal(other.takeCleared(), false);
    await clear(one);
    assert.deepEqual(idsOf(other.takeChanges()), []);
    assert.equal(other.takeCleared(), true);
    assert.equal(other.takeCleared(), false);
    one.add([job('c', { state: 'queued' })]);
    assert.deepEqual(idsOf(other.takeChanges()), ['c']);
  });

  it('gives no number of a removed job to another', async () => {
    const store = fixture.window(1);
    store.add([job('a', { state: 'cancelled' }), job('b', { state: 'cancelled' })]);
    const keys = store.gallery.keysOf(['a', 'b']);
    await clear(store);
    store.add([job('c', { state: 'queued' })]);
    const [key] = store.gallery.keysOf(['c']);
    assert(!keys.includes(key!), String(key));
    // Also when the newest jobs were removed before the oldest.
    store.add([job('d', { state: 'cancelled' })]);
    await clear(store);
    store.add([job('e', { state: 'queued' })]);
    assert.deepEqual(new Set(store.gallery.keysOf(['c', 'e'])).size, 2);
  });

  it('still knows the tasks of its jobs, by which others are looked for', async () => {
    const store = fixture.window(1);
    store.add([
      job('a', { ...paid, taskId: 'task-a', state: 'saved', uri: 'file:///a', createdAt: 50 }),
    ]);
    await clear(store);
    assert.deepEqual([...store.knownTasks(50)], ['task-a']);
    assert.deepEqual([...store.knownTasks(51)], []);
  });

  it('goes on where it was broken off', async () => {
    const store = fixture.window(1);
    store.add(
      Array.from({ length: 120 }, (_, at) => job(`job-${String(at)}`, { state: 'cancelled' })),
    );
    const controller = new AbortController();
    const clearing = clearHistory({}, { store, clock: nodePlatform.clock }, controller.signal);
    controller.abort();
    await assert.rejects(clearing, { code: 'cancelled' });
    const left = store.history.count({}).over;
    assert(left > 0 && left < 120, String(left));
    assert.equal((await clear(store)).length, left);
  });
});

describe('notes of drafts', () => {
  const fixture = new StoreFixture().use();

  const dayMs = 24 * 3600_000;

  it('say what each workspace uses, until it was not seen for long', () => {
    const [one, other] = [fixture.window(1), fixture.window(2)];
    one.draftNotes.note('w1', ['file:///a', 'file:///b'], 0);
    other.draftNotes.note('w2', ['file:///c'], dayMs);
    assert.deepEqual(one.draftNotes.read(dayMs).toSorted(), [
      'file:///a',
      'file:///b',
      'file:///c',
    ]);
    one.draftNotes.note('w1', ['file:///b'], 1);
    assert.deepEqual(one.draftNotes.read(dayMs).toSorted(), ['file:///b', 'file:///c']);
    assert.deepEqual(one.draftNotes.read(90 * dayMs + 2), ['file:///c']);
    other.draftNotes.note('w2', [], 90 * dayMs + 2);
    assert.deepEqual(one.draftNotes.read(0), []);
  });
});
