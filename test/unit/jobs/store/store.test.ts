import assert from 'node:assert/strict';
import type { Job } from '../../../../src/jobs/job.ts';
import { TransitionError } from '../../../../src/jobs/transition.ts';
import { PlaceTakenError } from '../../../../src/jobs/store/storeErrors.ts';
import { image, sample } from '../sampleJobs.ts';
import { claim, idsOf, queueOf, StoreFixture } from './storeFixture.ts';

describe('the store', () => {
  const fixture = new StoreFixture().use();

  describe('keeping jobs', () => {
    it('gives back what was put in, also after it was closed', () => {
      const jobs = Object.values(sample).map((job, index): Job => ({
        ...job,
        id: `j${String(index)}`,
      }));
      const first = fixture.window(1);
      first.add(jobs);
      fixture.open.pop()?.close();
      const second = fixture.window(1);
      for (const job of jobs) assert.deepEqual(second.get(job.id), job);
      assert.equal(second.get('unknown'), undefined);
    });

    it('adds all of several jobs, or none', () => {
      const store = fixture.window(1);
      assert.throws(() =>
        store.add([fixture.queued('a'), fixture.queued('b'), fixture.queued('a')]),
      );
      assert.equal(store.countUnfinished(), 0);
      assert.deepEqual(store.listRecent(10), []);
    });

    it('moves a job, and says what it became', () => {
      const store = fixture.window(1);
      store.add([fixture.queued('a')]);
      const moved = store.move('a', { type: 'uploading' });
      assert.equal(moved.state, 'uploading');
      assert.deepEqual(store.get('a'), moved);
    });

    it('changes nothing when a move is not allowed', () => {
      const store = fixture.window(1);
      store.add([fixture.queued('a')]);
      const before = store.get('a');
      assert.throws(() => store.move('a', { type: 'workspaceAwaited' }), TransitionError);
      assert.throws(() => store.move('unknown', { type: 'uploading' }), /unknown/);
      assert.deepEqual(store.get('a'), before);
    });

    it('gives the place of a file that is made of a result to no other', () => {
      const store = fixture.window(1);
      const { target: _, ...first } = sample['downloading'] as Job & { target?: unknown };
      store.add([
        { ...first, id: 'a' },
        { ...first, id: 'b' },
      ]);
      const target = { uri: 'file:///images/fox.webp', sha256: 'ab' };
      store.move('a', { type: 'placing', target, isConverted: true });
      store.move('a', { type: 'placing', target, isConverted: true });
      for (const more of [{}, { isConverted: true as const }])
        assert.throws(() => store.move('b', { type: 'placing', target, ...more }), PlaceTakenError);
    });

    it('gives one place to one job, however it is spelled, until its image is saved', () => {
      const store = fixture.window(1);
      const uri = 'file:///images/F%C3%B6x.png';
      const other = 'file:///images/fo%CC%88x.png';
      const { target: _, ...first } = sample['downloading'] as Job & { target?: unknown };
      store.add([
        { ...first, id: 'a' },
        { ...first, id: 'b' },
      ]);
      const place = (id: string, at: string) =>
        store.move(id, { type: 'placing', target: { uri: at, sha256: 'ab' } });
      place('a', uri);
      place('a', uri);
      assert.throws(() => place('b', other), PlaceTakenError);
      store.move('a', { type: 'stopped' });
      assert.throws(() => place('b', other), PlaceTakenError);
      store.move('a', { type: 'resumed' });
      store.move('a', { type: 'saved', image: { ...image, uri }, at: 1 });
      place('b', other);
    });

    it('lists what is unfinished in the order of the queue, and the newest first', () => {
      const store = fixture.window(1);
      store.add([fixture.queued('a'), fixture.queued('b'), fixture.queued('c')]);
      store.move('b', { type: 'cancelled' });
      assert.deepEqual(queueOf(store), ['a', 'c']);
      assert.equal(store.countUnfinished(), 2);
      assert.deepEqual(idsOf(store.listRecent(2)), ['c', 'b']);
    });

    it('lists several made in the same moment, the last first', () => {
      const store = fixture.window(1);
      store.add(['a', 'b', 'c'].map((id) => ({ ...fixture.queued(id), createdAt: 7 })));
      assert.deepEqual(idsOf(store.listRecent(3)), ['c', 'b', 'a']);
    });

    it('finds a job by its task', () => {
      const store = fixture.window(1);
      store.add([{ ...sample.running, id: 'a', taskId: 'task-a' }, fixture.queued('b')]);
      assert.equal(store.byTask('task-a')?.id, 'a');
      assert.equal(store.byTask('task-b'), undefined);
      assert.deepEqual([...store.knownTasks(0)], ['task-a']);
      assert.deepEqual([...store.knownTasks(Number.MAX_SAFE_INTEGER)], []);
    });

    it('finds the newest image with a content', () => {
      const store = fixture.window(1);
      store.add([
        { ...sample.saved, id: 'old', createdAt: 1 },
        { ...sample.saved, id: 'new', createdAt: 3 },
        { ...sample.saved, id: 'other', createdAt: 4, sha256: 'cd' },
        { ...sample.waitingForWorkspace, id: 'not yet', createdAt: 5 },
      ]);
      assert.equal(store.bySha256(image.sha256)?.id, 'new');
      assert.equal(store.bySha256('ef'), undefined);
    });

    it('finds the newest image of a file', () => {
      const store = fixture.window(1);
      const uri = 'file:///site/a%20b.png';
      store.add([
        { ...sample.saved, id: 'old', createdAt: 1, uri },
        { ...sample.saved, id: 'new', createdAt: 3, uri },
        { ...sample.saved, id: 'other', createdAt: 4, uri: `${uri}2`, prompt: uri },
        { ...sample.waitingForWorkspace, id: 'not yet', createdAt: 5 },
      ]);
      assert.equal(store.byUri(uri)?.id, 'new');
      assert.equal(store.byUri('file:///site/a%20b'), undefined);
    });

    it('finds the image of which a file was made in another format', () => {
      const store = fixture.window(1);
      const converted = { ...image, uri: 'file:///site/made.webp' };
      store.add([
        { ...sample.saved, id: 'made', createdAt: 1, uri: 'file:///site/made.png', converted },
        { ...sample.saved, id: 'other', createdAt: 4, prompt: converted.uri },
      ]);
      assert.equal(store.byUri(converted.uri)?.id, 'made');
      assert.equal(store.byUri('file:///site/made.png')?.id, 'made');
      assert.equal(store.byUri('file:///site/made'), undefined);
    });

    it('remembers how long tasks took, the newest first, by model and quality', () => {
      const store = fixture.window(1);
      for (let at = 1; at <= 50; at += 1) store.addDuration('m', 'low', at, at * 10 + 0.4);
      store.addDuration('m', 'high', 1, 7);
      assert.deepEqual(store.durations('m', 'high'), [7]);
      assert.deepEqual(store.durations('n', 'low'), []);
      const low = store.durations('m', 'low');
      assert.deepEqual([low.length, low[0], low.at(-1)], [40, 500, 110]);
    });

    it('tells why nothing new is started, to every window', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      assert.equal(second.pause(), undefined);
      first.setPause({ reason: 'credits' }, undefined);
      assert.deepEqual(second.pause(), { reason: 'credits' });
      second.setPause(undefined, { reason: 'credits' });
      assert.equal(first.pause(), undefined);
    });

    it('ends no pause that another window has set meanwhile', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      const rateLimited = { reason: 'rateLimited', untilMs: 7, waitMs: 5 } as const;
      assert.equal(first.setPause(rateLimited, undefined), true);
      assert.equal(second.setPause({ reason: 'person' }, rateLimited), true);
      assert.equal(first.setPause(undefined, rateLimited), false);
      assert.deepEqual(first.pause(), { reason: 'person' });
    });
  });

  describe('the order of the queue', () => {
    it('is as jobs came, unless one is put before another or at the end', () => {
      const store = fixture.window(1);
      store.add([fixture.queued('a'), fixture.queued('b'), fixture.queued('c')]);
      store.reorder('c', 'a');
      assert.deepEqual(queueOf(store), ['c', 'a', 'b']);
      store.reorder('c', 'b');
      assert.deepEqual(queueOf(store), ['a', 'c', 'b']);
      store.reorder('a', undefined);
      assert.deepEqual(queueOf(store), ['c', 'b', 'a']);
      store.reorder('c', 'unknown');
      assert.deepEqual(queueOf(store), ['b', 'a', 'c']);
      store.add([fixture.queued('d')]);
      assert.deepEqual(queueOf(store), ['b', 'a', 'c', 'd']);
    });

    it('holds however often it is changed', () => {
      const store = fixture.window(1);
      store.add([fixture.queued('a'), fixture.queued('b'), fixture.queued('c')]);
      for (let times = 0; times < 80; times += 1) {
        const [, second, third] = queueOf(store);
        store.reorder(third!, second);
        assert.deepEqual(queueOf(store), ['a', third, second]);
      }
    });

    it('is not changed by a job that is not in it', () => {
      const store = fixture.window(1);
      store.add([fixture.queued('a'), fixture.queued('b'), { ...sample.running, id: 'r' }]);
      const before = queueOf(store);
      store.reorder('r', 'a');
      store.reorder('unknown', 'a');
      assert.deepEqual(queueOf(store), before);
    });

    it('decides who starts first', () => {
      const store = fixture.window(1);
      store.add([fixture.queued('a'), fixture.queued('b'), fixture.queued('c')]);
      store.reorder('c', 'a');
      assert.deepEqual(claim(store, { maxConcurrent: 2 }), ['c', 'a']);
    });
  });
});
