import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TransitionError } from '../../../../src/jobs/transition.ts';
import { HeldBackError, OwnedElsewhereError } from '../../../../src/jobs/store/storeErrors.ts';
import { sample, spec } from '../sampleJobs.ts';
import { claim, idsOf, queueOf, StoreFixture } from './storeFixture.ts';

const submitting = { type: 'submitting', imageUrls: [] } as const;

describe('the windows of a store', () => {
  const fixture = new StoreFixture().use();

  describe('taking up jobs', () => {
    it('starts no more than allowed, in all windows together', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add(['a', 'b', 'c', 'd', 'e'].map((id) => fixture.queued(id)));
      assert.deepEqual(claim(first, { maxConcurrent: 2 }), ['a', 'b']);
      assert.deepEqual(claim(second, { maxConcurrent: 3 }), ['c']);
      assert.deepEqual(claim(second, { maxConcurrent: 3 }), []);
      first.advance('a', submitting);
      first.advance('a', { type: 'accepted', taskId: 't', at: 1 });
      assert.deepEqual(claim(first, { maxConcurrent: 3 }), []);
      first.advance('a', { type: 'failed', error: { code: 'server', message: 'x' }, at: 2 });
      assert.deepEqual(claim(first, { maxConcurrent: 3 }), ['d']);
    });

    it('starts others while results wait for their download or their place', () => {
      const store = fixture.window(1);
      const waiting = ['x', 'y', 'z'].map((id) => ({ ...sample.downloading, id, taskId: id }));
      store.add([...waiting, fixture.queued('a'), fixture.queued('b')]);
      assert.deepEqual(claim(store, { maxConcurrent: 1 }), ['x', 'y', 'z', 'a']);
      assert.deepEqual(claim(store, { maxConcurrent: 1 }), []);
    });

    it('starts nothing while the queue is paused, but goes on with what is under way', () => {
      const store = fixture.window(1);
      store.add([
        fixture.queued('a'),
        { ...sample.running, id: 'r' },
        { ...sample.downloading, id: 'd', taskId: 'task-d' },
      ]);
      store.setPause({ reason: 'person' }, undefined);
      assert.deepEqual(claim(store, { maxConcurrent: 9 }), ['r', 'd']);
      store.setPause(undefined, { reason: 'person' });
      assert.deepEqual(claim(store, { maxConcurrent: 9 }), ['a']);
    });

    it('takes no job twice, whatever window asks', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add([fixture.queued('a')]);
      assert.deepEqual(claim(first), ['a']);
      assert.deepEqual([claim(second), claim(first)], [[], []]);
    });

    it('takes up again what this window has given up', () => {
      const store = fixture.window(1);
      store.add([fixture.queued('a')]);
      claim(store);
      assert.deepEqual(claim(store, { isAtWork: () => false }), ['a']);
    });

    it('leaves an image that waits for its workspace to a window that has it open', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add([{ ...sample.waitingForWorkspace, id: 'p' }, fixture.queued('a')]);
      const isOpen = (uri: string | undefined) => uri !== spec.workspaceUri;
      assert.deepEqual(claim(first, { isOpen, maxConcurrent: 1 }), ['a']);
      assert.deepEqual(claim(second), ['p']);
    });

    it('gives a job to another window when it was released', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add([fixture.queued('a')]);
      claim(first);
      second.release('a');
      assert.deepEqual(claim(second), []);
      first.release('a');
      assert.deepEqual(claim(second), ['a']);
    });

    it('passes over jobs that have ended', () => {
      const store = fixture.window(1);
      store.add(
        [sample.saved, sample.cancelled, sample.stopped, sample.unconfirmed].map((job, index) => ({
          ...job,
          id: String(index),
        })),
      );
      assert.deepEqual(claim(store), []);
    });
  });

  describe('a long queue', () => {
    const isOpen = (uri: string | undefined) => uri === undefined;
    const virtual = {
      workspaceUri: 'vscode-vfs://github/a/b',
      references: ['vscode-vfs://x/a.png'],
    };

    it('is looked through in parts until what can be taken is found', () => {
      const store = fixture.window(1);
      store.add(Array.from({ length: 500 }, (_, n) => fixture.queued(`far ${String(n)}`, virtual)));
      store.add([fixture.queued('near', { workspaceUri: undefined })]);
      let looks = 0;
      while (claim(store, { isOpen, maxConcurrent: 1 }).length === 0) assert.ok((looks += 1) < 9);
      assert.ok(looks > 0, 'not in one');
      assert.deepEqual(claim(store, { maxConcurrent: 2 }), ['far 0'], 'from its front again');
    });

    it('gives the jobs that are asked for alone, from wherever they are', () => {
      const store = fixture.window(1);
      store.add(Array.from({ length: 1500 }, (_, n) => fixture.queued(String(n))));
      assert.deepEqual(claim(store, { isWorkedOn: (id) => id === '1400' }), ['1400']);
    });

    it('counts a job of its own that it gave up once', () => {
      const store = fixture.window(1);
      store.add([fixture.queued('a')]);
      claim(store, { maxConcurrent: 1 });
      assert.deepEqual(claim(store, { maxConcurrent: 1, isAtWork: () => false }), ['a']);
    });

    it('is cancelled in parts; what another window works on is left to that', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add(['a', 'b', 'c', 'd'].map((id) => fixture.queued(id)));
      claim(second, { maxConcurrent: 1 });
      const some = first.cancelQueued(3);
      assert.deepEqual([idsOf(some.cancelled), some.isDone], [['b', 'c'], false]);
      const rest = first.cancelQueued(3);
      assert.deepEqual([idsOf(rest.cancelled), rest.isDone], [['d'], true]);
      assert.deepEqual(second.controlRequests(), [{ id: 'a', wanted: 'cancel' }]);
      assert.deepEqual(queueOf(first), ['a']);
    });
  });

  describe('some of a queue', () => {
    it('is cancelled by its ids, in parts, and the others wait on', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add(['a', 'b', 'c', 'd', 'e'].map((id) => fixture.queued(id)));
      claim(second, { maxConcurrent: 1 });
      const named = ['gone', 'e', 'c', 'a'];
      const some = first.cancelQueued(2, named);
      assert.deepEqual([idsOf(some.cancelled), some.isDone], [['c'], false]);
      const rest = first.cancelQueued(2, named);
      assert.deepEqual([idsOf(rest.cancelled), rest.isDone], [['e'], true]);
      assert.deepEqual(second.controlRequests(), [{ id: 'a', wanted: 'cancel' }]);
      assert.deepEqual(queueOf(first), ['a', 'b', 'd']);
      assert.deepEqual(first.cancelQueued(2, []), { cancelled: [], isDone: true });
    });
  });

  describe('between windows', () => {
    it('lets nobody else move a job that a window works on', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add([fixture.queued('a')]);
      claim(first);
      assert.throws(() => second.move('a', { type: 'cancelled' }), OwnedElsewhereError);
      assert.equal(first.advance('a', submitting).state, 'submitting');
    });

    it('lets a window that lost a job do nothing to it, but tell that it was accepted', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add([fixture.queued('a')]);
      claim(first);
      first.advance('a', submitting);
      fixture.alive.delete(1);
      second.reapDeadWindows();
      assert.deepEqual(claim(second), ['a']);
      assert.throws(() => first.advance('a', { type: 'postponed' }), OwnedElsewhereError);
      const accepted = first.advance('a', { type: 'accepted', taskId: 'task-9', at: 1 });
      assert.equal(accepted.state, 'running');
      assert.equal(second.byTask('task-9')?.id, 'a');
      second.advance('a', { type: 'progressed', at: 4_000, progress: 10 });
    });

    it('frees the jobs of a window whose process is gone', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add([fixture.queued('a')]);
      claim(first);
      fixture.crash(first, 1);
      second.reapDeadWindows();
      assert.deepEqual(claim(second), ['a']);
      assert.equal(second.move('a', { type: 'cancelled' }).state, 'cancelled');
    });

    it('frees the jobs of a window that says nothing any more, and not too early', () => {
      const [first, second] = [fixture.window(1), fixture.window(2, 'another-machine')];
      first.add([fixture.queued('a')]);
      claim(first);
      let looks = 0;
      while (claim(second).length === 0) {
        second.reapDeadWindows();
        looks += 1;
        assert.ok(looks < 20);
      }
      // One look to learn its beat, and four at which it stood still.
      assert.equal(looks, 5);
    });

    it('looks up no process of a container that shares the host name alone', () => {
      const first = fixture.window(1, 'devbox boot-1 pid:[1]');
      first.add([fixture.queued('a')]);
      claim(first);
      fixture.alive.delete(1);
      const second = fixture.window(2, 'devbox boot-1 pid:[2]');
      second.reapDeadWindows();
      assert.deepEqual(claim(second), []);
    });

    it('leaves its jobs to a window that begins again after it was taken for dead', () => {
      const first = fixture.window(1);
      const others = [fixture.window(2, 'another-machine'), fixture.window(3, 'a-third-machine')];
      first.add([fixture.queued('a'), fixture.queued('b')]);
      first.heartbeat();
      // The one that forgets it first leaves the other with what it saw.
      for (let looks = 0; looks < 6; looks += 1) others.forEach((each) => each.reapDeadWindows());
      claim(first, { maxConcurrent: 1 });
      for (const other of others) {
        other.reapDeadWindows();
        assert.deepEqual(claim(other, { maxConcurrent: 1 }), []);
      }
    });

    it('leaves its jobs to a window that a locked store keeps from saying that it lives', () => {
      const [first, second] = [fixture.window(1), fixture.window(2, 'another-machine')];
      first.add([fixture.queued('a')]);
      claim(first);
      second.reapDeadWindows();
      const other = new DatabaseSync(join(fixture.folder, 'jobs.sqlite'));
      other.exec('BEGIN IMMEDIATE');
      for (let looks = 0; looks < 9; looks += 1)
        assert.throws(() => second.reapDeadWindows(), /locked/);
      other.close();
      second.reapDeadWindows();
      assert.deepEqual(claim(second), []);
    });

    it('leaves its jobs to a window that lives, on whatever machine', () => {
      const [first, second] = [fixture.window(1), fixture.window(2, 'another-machine')];
      first.add([fixture.queued('a')]);
      claim(first);
      fixture.alive.delete(1);
      for (let looks = 0; looks < 20; looks += 1) {
        first.heartbeat();
        second.reapDeadWindows();
        assert.deepEqual(claim(second), []);
      }
    });

    it('frees the jobs of a window that closes', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add([fixture.queued('a')]);
      claim(first);
      fixture.open.shift()?.close();
      assert.deepEqual(claim(second), ['a']);
    });

    it('asks the window that works on a job, until that is done or too late', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add([fixture.queued('a'), fixture.queued('b')]);
      claim(first);
      second.requestControl('a', 'cancel');
      second.requestControl('b', 'stop');
      assert.deepEqual(second.controlRequests(), []);
      const asked = [
        { id: 'a', wanted: 'cancel' },
        { id: 'b', wanted: 'stop' },
      ];
      assert.deepEqual(first.controlRequests(), asked);
      assert.deepEqual(first.controlRequests(), asked, 'it may have died before it did that');
      first.move('a', { type: 'cancelled' });
      first.dropControlRequest('b');
      assert.deepEqual(first.controlRequests(), []);
    });

    it('submits nothing that another window was asked to cancel', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add([fixture.queued('a')]);
      claim(first);
      second.requestControl('a', 'cancel');
      assert.throws(() => first.advance('a', submitting), TransitionError);
      first.release('a');
      assert.deepEqual(claim(first), []);
      assert.equal(first.get('a')?.state, 'cancelled');
    });

    it('submits again what was sent before another window was asked to cancel it', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add([fixture.queued('a')]);
      claim(first);
      first.advance('a', submitting);
      second.requestControl('a', 'cancel');
      // Its answer was lost, and it may be paid.
      assert.equal(first.advance('a', submitting).state, 'submitting');
    });

    it('submits nothing that it took before another window paused the queue or held the model', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add([fixture.queued('a'), fixture.queued('sent')]);
      claim(first);
      first.advance('sent', submitting);
      second.setPause({ reason: 'person' }, undefined);
      assert.throws(() => first.advance('a', submitting), HeldBackError);
      second.setPause(undefined, { reason: 'person' });
      const error = { code: 'forbidden', message: 'x' } as const;
      second.changeHeldModels(() => ({ [spec.model]: error }));
      assert.throws(() => first.advance('a', submitting), HeldBackError);
      assert.equal(first.get('a')?.state, 'queued');
      // It may be paid, and its answer is learned of by asking again.
      assert.equal(first.advance('sent', submitting).state, 'submitting');
      second.changeHeldModels(() => ({}));
      assert.equal(first.advance('a', submitting).state, 'submitting');
    });

    it('cancels what comes back to the queue after that was asked for', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add([fixture.queued('sent'), fixture.queued('never')]);
      claim(first);
      first.advance('sent', submitting);
      for (const id of ['sent', 'never']) second.requestControl(id, 'cancel');
      // So that nobody looks at the queue.
      second.setPause({ reason: 'person' }, undefined);
      assert.equal(first.advance('sent', { type: 'postponed' }).state, 'cancelled');
      first.release('never');
      assert.equal(first.get('never')?.state, 'cancelled');
      assert.deepEqual(
        new Set(first.takeChanges().map(({ id }) => id)),
        new Set(['never']),
        'and is told of it',
      );
    });

    it('cancels what nobody works on and was asked for, though its model is held', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add([fixture.queued('a'), fixture.queued('b')]);
      second.requestControl('a', 'cancel');
      second.requestControl('b', 'stop');
      const error = { code: 'forbidden', message: 'x' } as const;
      second.changeHeldModels(() => ({ [spec.model]: error }));
      assert.deepEqual(claim(first), []);
      assert.equal(first.get('a')?.state, 'cancelled');
      assert.equal(first.get('b')?.state, 'queued', 'one that waits cannot be stopped');
    });

    it('cancels all of a paused queue, also what a window that died was to cancel', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add([fixture.queued('a'), fixture.queued('b')]);
      claim(first);
      second.requestControl('a', 'cancel');
      second.setPause({ reason: 'person' }, undefined);
      fixture.crash(first, 1);
      second.reapDeadWindows();
      const { cancelled, isDone } = second.cancelQueued(10);
      assert.deepEqual([cancelled.map(({ id }) => id), isDone], [['a', 'b'], true]);
    });

    it('does what was asked of a window that died, and begins nothing of it', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add([fixture.queued('a'), { ...sample.running, id: 'r' }, fixture.queued('b')]);
      claim(first);
      second.requestControl('a', 'cancel');
      second.requestControl('r', 'stop');
      second.requestControl('b', 'stop');
      fixture.crash(first, 1);
      second.reapDeadWindows();
      assert.deepEqual(claim(second), ['b'], 'one that waits cannot be stopped');
      assert.deepEqual(
        second.takeChanges().map(({ id, state }) => [id, state]),
        [
          ['b', 'queued'],
          ['r', 'stopped'],
          ['a', 'cancelled'],
        ],
      );
    });

    it('asks nothing of a job that has ended', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add([fixture.queued('a')]);
      claim(first);
      second.requestControl('a', 'cancel');
      first.move('a', { type: 'cancelled' });
      assert.deepEqual(first.controlRequests(), []);
    });

    it('tells each window what others changed, once, and nothing of its own', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      assert.deepEqual(second.takeChanges(), []);
      first.add([fixture.queued('a'), fixture.queued('b')]);
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
      assert.deepEqual(idsOf(first.takeChanges()), ['b']);
      assert.deepEqual(second.takeChanges(), []);
    });

    it('keeps two that write at the same time apart', () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      for (let index = 0; index < 50; index += 1) {
        first.add([fixture.queued(`f${String(index)}`)]);
        second.add([fixture.queued(`s${String(index)}`)]);
      }
      assert.equal(first.countUnfinished(), 100);
      const taken = [first, second].flatMap((store) => claim(store, { maxConcurrent: 60 }));
      assert.equal(new Set(taken).size, taken.length);
      assert.equal(taken.length, 60);
    });

    it('does work alone that has to be done alone, and undoes it when it fails', () => {
      const store = fixture.window(1);
      assert.equal(
        store.exclusively(() => 7),
        7,
      );
      assert.throws(
        () =>
          store.exclusively(() => {
            store.add([fixture.queued('a')]);
            throw new Error('stop');
          }),
        /stop/,
      );
      assert.equal(store.countUnfinished(), 0);
    });
  });
});
