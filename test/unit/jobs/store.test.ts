import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Job, TransitionError } from '../../../src/jobs/job.ts';
import {
  type ClaimRules,
  openStore,
  OwnedElsewhereError,
  type Store,
} from '../../../src/jobs/store.ts';
import { image, sample, wish } from './sampleJobs.ts';

const here = 'this-machine';
const submitting = { type: 'submitting', imageUrls: [] } as const;

describe('the store', () => {
  let folder: string;
  let open: Store[];
  /** Processes that run. */
  let alive: Set<number>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'store-'));
    open = [];
    alive = new Set([1, 2, 3]);
  });
  afterEach(async () => {
    for (const store of open.splice(0)) store.close();
    await rm(folder, { recursive: true });
  });

  /** A window of its own on the same file, known by its process. */
  function window(pid: number, host = here): Store {
    const store = openStore({
      path: join(folder, 'jobs.sqlite'),
      window: { id: `window-${String(pid)}`, pid, host },
      isAlive: (process) => alive.has(process),
    });
    open.push(store);
    return store;
  }

  /** What a window leaves behind that never said goodbye. */
  function crash(store: Store, pid: number): void {
    alive.delete(pid);
    open.splice(open.indexOf(store), 1);
  }

  let created = 1000;
  function queued(id: string, more: object = {}): Job {
    created += 1;
    return { ...wish, id, createdAt: created, ...more, state: 'queued' };
  }

  const rules = (more: Partial<ClaimRules> = {}): ClaimRules => ({
    maxConcurrent: 100,
    isOpen: () => true,
    isAtWork: () => true,
    ...more,
  });
  const ids = (jobs: readonly Job[]) => jobs.map(({ id }) => id);
  const claim = (store: Store, more: Partial<ClaimRules> = {}) => ids(store.claim(rules(more)));
  const queue = (store: Store) => ids(store.listUnfinished());

  describe('keeping jobs', () => {
    it('gives back what was put in, also after it was closed', () => {
      const jobs = Object.values(sample).map((job, index): Job => ({
        ...job,
        id: `j${String(index)}`,
      }));
      const first = window(1);
      first.add(jobs);
      open.pop()?.close();
      const second = window(1);
      for (const job of jobs) assert.deepEqual(second.get(job.id), job);
      assert.equal(second.get('unknown'), undefined);
    });

    it('adds all of several jobs, or none', () => {
      const store = window(1);
      assert.throws(() => store.add([queued('a'), queued('b'), queued('a')]));
      assert.equal(store.countUnfinished(), 0);
      assert.deepEqual(store.listRecent(10), []);
    });

    it('moves a job, and says what it became', () => {
      const store = window(1);
      store.add([queued('a')]);
      const moved = store.move('a', { type: 'uploading' });
      assert.equal(moved.state, 'uploading');
      assert.deepEqual(store.get('a'), moved);
    });

    it('changes nothing when a move is not allowed', () => {
      const store = window(1);
      store.add([queued('a')]);
      const before = store.get('a');
      assert.throws(() => store.move('a', { type: 'parked' }), TransitionError);
      assert.throws(() => store.move('unknown', { type: 'uploading' }), /unknown/);
      assert.deepEqual(store.get('a'), before);
    });

    it('lists what is unfinished in the order of the queue, and the newest first', () => {
      const store = window(1);
      store.add([queued('a'), queued('b'), queued('c')]);
      store.move('b', { type: 'cancelled' });
      assert.deepEqual(queue(store), ['a', 'c']);
      assert.equal(store.countUnfinished(), 2);
      assert.deepEqual(ids(store.listRecent(2)), ['c', 'b']);
    });

    it('lists several made in the same moment, the last first', () => {
      const store = window(1);
      store.add(['a', 'b', 'c'].map((id) => ({ ...queued(id), createdAt: 7 })));
      assert.deepEqual(ids(store.listRecent(3)), ['c', 'b', 'a']);
    });

    it('finds a job by its task', () => {
      const store = window(1);
      store.add([{ ...sample.running, id: 'a', taskId: 'task-a' }, queued('b')]);
      assert.equal(store.byTask('task-a')?.id, 'a');
      assert.equal(store.byTask('task-b'), undefined);
      assert.deepEqual([...store.knownTasks(0)], ['task-a']);
      assert.deepEqual([...store.knownTasks(Number.MAX_SAFE_INTEGER)], []);
    });

    it('finds the newest image with a content', () => {
      const store = window(1);
      store.add([
        { ...sample.saved, id: 'old', createdAt: 1 },
        { ...sample.saved, id: 'new', createdAt: 3 },
        { ...sample.saved, id: 'other', createdAt: 4, sha256: 'cd' },
        { ...sample.parked, id: 'not yet', createdAt: 5 },
      ]);
      assert.equal(store.bySha256(image.sha256)?.id, 'new');
      assert.equal(store.bySha256('ef'), undefined);
    });

    it('remembers how long tasks took, the newest first, by model and quality', () => {
      const store = window(1);
      for (let at = 1; at <= 50; at += 1) store.addDuration('m', 'low', at, at * 10 + 0.4);
      store.addDuration('m', 'high', 1, 7);
      assert.deepEqual(store.durations('m', 'high'), [7]);
      assert.deepEqual(store.durations('n', 'low'), []);
      const low = store.durations('m', 'low');
      assert.deepEqual([low.length, low[0], low.at(-1)], [40, 500, 110]);
    });

    it('tells why nothing new is started, to every window', () => {
      const [first, second] = [window(1), window(2)];
      assert.equal(second.pause(), undefined);
      first.setPause({ reason: 'credits' });
      assert.deepEqual(second.pause(), { reason: 'credits' });
      second.setPause(undefined);
      assert.equal(first.pause(), undefined);
    });
  });

  describe('the order of the queue', () => {
    it('is as jobs came, unless one is put before another or at the end', () => {
      const store = window(1);
      store.add([queued('a'), queued('b'), queued('c')]);
      store.reorder('c', 'a');
      assert.deepEqual(queue(store), ['c', 'a', 'b']);
      store.reorder('c', 'b');
      assert.deepEqual(queue(store), ['a', 'c', 'b']);
      store.reorder('a', undefined);
      assert.deepEqual(queue(store), ['c', 'b', 'a']);
      store.reorder('c', 'unknown');
      assert.deepEqual(queue(store), ['b', 'a', 'c']);
      store.add([queued('d')]);
      assert.deepEqual(queue(store), ['b', 'a', 'c', 'd']);
    });

    it('holds however often it is changed', () => {
      const store = window(1);
      store.add([queued('a'), queued('b'), queued('c')]);
      for (let times = 0; times < 80; times += 1) {
        const [, second, third] = queue(store);
        store.reorder(third!, second);
        assert.deepEqual(queue(store), ['a', third, second]);
      }
    });

    it('is not changed by a job that is not in it', () => {
      const store = window(1);
      store.add([queued('a'), queued('b'), { ...sample.running, id: 'r' }]);
      const before = queue(store);
      store.reorder('r', 'a');
      store.reorder('unknown', 'a');
      assert.deepEqual(queue(store), before);
    });

    it('decides who starts first', () => {
      const store = window(1);
      store.add([queued('a'), queued('b'), queued('c')]);
      store.reorder('c', 'a');
      assert.deepEqual(claim(store, { maxConcurrent: 2 }), ['c', 'a']);
    });
  });

  describe('taking up jobs', () => {
    it('starts no more than allowed, in all windows together', () => {
      const [first, second] = [window(1), window(2)];
      first.add(['a', 'b', 'c', 'd', 'e'].map((id) => queued(id)));
      assert.deepEqual(claim(first, { maxConcurrent: 2 }), ['a', 'b']);
      assert.deepEqual(claim(second, { maxConcurrent: 3 }), ['c']);
      assert.deepEqual(claim(second, { maxConcurrent: 3 }), []);
      first.advance('a', submitting);
      first.advance('a', { type: 'accepted', taskId: 't', at: 1 });
      assert.deepEqual(claim(first, { maxConcurrent: 3 }), []);
      first.advance('a', { type: 'failed', error: { code: 'server', message: 'x' }, at: 2 });
      assert.deepEqual(claim(first, { maxConcurrent: 3 }), ['d']);
    });

    it('starts nothing while the queue is paused, but goes on with what is under way', () => {
      const store = window(1);
      store.add([queued('a'), { ...sample.running, id: 'r' }, { ...sample.downloading, id: 'd' }]);
      store.setPause({ reason: 'person' });
      assert.deepEqual(claim(store, { maxConcurrent: 9 }), ['r', 'd']);
      store.setPause(undefined);
      assert.deepEqual(claim(store, { maxConcurrent: 9 }), ['a']);
    });

    it('takes no job twice, whatever window asks', () => {
      const [first, second] = [window(1), window(2)];
      first.add([queued('a')]);
      assert.deepEqual(claim(first), ['a']);
      assert.deepEqual([claim(second), claim(first)], [[], []]);
    });

    it('takes up again what this window has given up', () => {
      const store = window(1);
      store.add([queued('a')]);
      claim(store);
      assert.deepEqual(claim(store, { isAtWork: () => false }), ['a']);
    });

    it('leaves an image that waits for its workspace to a window that has it open', () => {
      const [first, second] = [window(1), window(2)];
      first.add([{ ...sample.parked, id: 'p' }, queued('a')]);
      const isOpen = (uri: string | undefined) => uri !== wish.workspaceUri;
      assert.deepEqual(claim(first, { isOpen, maxConcurrent: 1 }), ['a']);
      assert.deepEqual(claim(second), ['p']);
    });

    it('gives a job to another window when it was released', () => {
      const [first, second] = [window(1), window(2)];
      first.add([queued('a')]);
      claim(first);
      second.release('a');
      assert.deepEqual(claim(second), []);
      first.release('a');
      assert.deepEqual(claim(second), ['a']);
    });

    it('passes over jobs that have ended', () => {
      const store = window(1);
      store.add(
        [sample.saved, sample.cancelled, sample.stopped, sample.unconfirmed].map((job, index) => ({
          ...job,
          id: String(index),
        })),
      );
      assert.deepEqual(claim(store), []);
    });
  });

  describe('between windows', () => {
    it('lets nobody else move a job that a window works on', () => {
      const [first, second] = [window(1), window(2)];
      first.add([queued('a')]);
      claim(first);
      assert.throws(() => second.move('a', { type: 'cancelled' }), OwnedElsewhereError);
      assert.equal(first.advance('a', submitting).state, 'submitting');
    });

    it('lets a window that lost a job do nothing to it, but tell that it was accepted', () => {
      const [first, second] = [window(1), window(2)];
      first.add([queued('a')]);
      claim(first);
      first.advance('a', submitting);
      alive.delete(1);
      second.lookAround();
      assert.deepEqual(claim(second), ['a']);
      assert.throws(() => first.advance('a', { type: 'postponed' }), OwnedElsewhereError);
      const accepted = first.advance('a', { type: 'accepted', taskId: 'task-9', at: 1 });
      assert.equal(accepted.state, 'running');
      assert.equal(second.byTask('task-9')?.id, 'a');
      second.advance('a', { type: 'progressed', at: 4_000, progress: 10 });
    });

    it('frees the jobs of a window whose process is gone', () => {
      const [first, second] = [window(1), window(2)];
      first.add([queued('a')]);
      claim(first);
      crash(first, 1);
      second.lookAround();
      assert.deepEqual(claim(second), ['a']);
      assert.equal(second.move('a', { type: 'cancelled' }).state, 'cancelled');
    });

    it('frees the jobs of a window that says nothing any more, and not too early', () => {
      const [first, second] = [window(1), window(2, 'another-machine')];
      first.add([queued('a')]);
      claim(first);
      let looks = 0;
      while (claim(second).length === 0) {
        second.lookAround();
        looks += 1;
        assert.ok(looks < 20);
      }
      // One look to learn its beat, and four at which it stood still.
      assert.equal(looks, 5);
    });

    it('leaves its jobs to a window that lives, on whatever machine', () => {
      const [first, second] = [window(1), window(2, 'another-machine')];
      first.add([queued('a')]);
      claim(first);
      alive.delete(1);
      for (let looks = 0; looks < 20; looks += 1) {
        first.beat();
        second.lookAround();
        assert.deepEqual(claim(second), []);
      }
    });

    it('frees the jobs of a window that closes', () => {
      const [first, second] = [window(1), window(2)];
      first.add([queued('a')]);
      claim(first);
      open.shift()?.close();
      assert.deepEqual(claim(second), ['a']);
    });

    it('asks the window that works on a job, once', () => {
      const [first, second] = [window(1), window(2)];
      first.add([queued('a'), queued('b')]);
      claim(first);
      second.want('a', 'cancel');
      second.want('b', 'stop');
      assert.deepEqual(second.takeWanted(), []);
      assert.deepEqual(first.takeWanted(), [
        { id: 'a', wanted: 'cancel' },
        { id: 'b', wanted: 'stop' },
      ]);
      assert.deepEqual(first.takeWanted(), []);
    });

    it('asks nothing of a job that has ended', () => {
      const [first, second] = [window(1), window(2)];
      first.add([queued('a')]);
      claim(first);
      second.want('a', 'cancel');
      first.move('a', { type: 'cancelled' });
      assert.deepEqual(first.takeWanted(), []);
    });

    it('tells each window what others changed, once, and nothing of its own', () => {
      const [first, second] = [window(1), window(2)];
      assert.deepEqual(second.takeChanges(), []);
      first.add([queued('a'), queued('b')]);
      first.move('a', { type: 'uploading' });
      assert.deepEqual(
        second
          .takeChanges()
          .map(({ id, state }) => [id, state])
          .toSorted(),
        [
          ['a', 'uploading'],
          ['b', 'queued'],
        ],
      );
      assert.deepEqual([second.takeChanges(), first.takeChanges()], [[], []]);
      second.move('b', { type: 'cancelled' });
      assert.deepEqual(ids(first.takeChanges()), ['b']);
      assert.deepEqual(second.takeChanges(), []);
    });

    it('keeps two that write at the same time apart', () => {
      const [first, second] = [window(1), window(2)];
      for (let index = 0; index < 50; index += 1) {
        first.add([queued(`f${String(index)}`)]);
        second.add([queued(`s${String(index)}`)]);
      }
      assert.equal(first.countUnfinished(), 100);
      const taken = [first, second].flatMap((store) => claim(store, { maxConcurrent: 60 }));
      assert.equal(new Set(taken).size, taken.length);
      assert.equal(taken.length, 60);
    });

    it('does work alone that has to be done alone, and undoes it when it fails', () => {
      const store = window(1);
      assert.equal(
        store.exclusively(() => 7),
        7,
      );
      assert.throws(
        () =>
          store.exclusively(() => {
            store.add([queued('a')]);
            throw new Error('stop');
          }),
        /stop/,
      );
      assert.equal(store.countUnfinished(), 0);
    });
  });
});
