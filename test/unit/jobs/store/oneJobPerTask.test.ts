import assert from 'node:assert/strict';
import type { Job } from '../../../../src/jobs/job.ts';
import { TransitionError } from '../../../../src/jobs/transition.ts';
import type { Store } from '../../../../src/jobs/store/store.ts';
import { NoJobError } from '../../../../src/jobs/store/storeErrors.ts';
import { sample } from '../sampleJobs.ts';
import { claim, idsOf, StoreFixture } from './storeFixture.ts';

const submitting = { type: 'submitting', imageUrls: [] } as const;
const accepted = { type: 'accepted', taskId: 'task-9', at: 5 } as const;

describe('a task in the store', () => {
  const fixture = new StoreFixture().use();

  it('has one job: one whose answer comes when another stands for it fails, and says so', () => {
    const store = fixture.window(1);
    store.add([fixture.queued('asked')]);
    claim(store);
    store.advance('asked', submitting);
    store.add([{ ...sample.running, id: 'recovered', taskId: 'task-9' }]);
    const ended = store.advance('asked', accepted);
    assert.deepEqual([ended.state, 'error' in ended && ended.error.code], ['failed', 'conflict']);
    assert.equal(store.byTask('task-9')?.id, 'recovered');
    assert.deepEqual(idsOf(store.listUnfinished()), ['recovered']);
  });

  it('is not given by a user to a second job', () => {
    const store = fixture.window(1);
    store.add([
      { ...sample.saved, id: 'saved', taskId: 'task-9' },
      { ...sample.unconfirmed, id: 'open' },
    ]);
    assert.throws(() => store.move('open', accepted), TransitionError);
    assert.equal(store.get('open')?.state, 'unconfirmed');
  });

  it('becomes a job of its own when the one that asked has another by now', () => {
    const [first, second] = [fixture.window(1), fixture.window(2)];
    first.add([fixture.queued('a')]);
    claim(first);
    first.advance('a', submitting);
    fixture.alive.delete(1);
    second.reapDeadWindows();
    claim(second);
    second.advance('a', { ...accepted, taskId: 'task-8' });
    assert.throws(() => first.advance('a', accepted), TransitionError);
    const stray = second.byTask('task-9');
    assert.deepEqual([stray?.state, stray?.parentId], ['running', 'a']);
    assert.deepEqual(claim(second), [stray?.id]);
    assert.ok(idsOf(first.takeChanges()).includes(stray?.id ?? ''), 'told here too');
    assert.throws(() => first.advance('a', { ...accepted, taskId: 'task-8' }), TransitionError);
    assert.equal(first.listRecent(9).length, 2, 'and once only');
  });

  describe('whose job was removed before it was told of', () => {
    /** A job that was submitted, held up, given up by another window, and removed by a user. */
    function removed(): { held: Store; other: Store; asked: Job } {
      const [held, other] = [fixture.window(1), fixture.window(2)];
      held.add([fixture.queued('a')]);
      claim(held);
      const asked = held.advance('a', submitting);
      fixture.alive.delete(1);
      other.reapDeadWindows();
      claim(other);
      other.advance('a', { type: 'failed', at: 4, error: { code: 'server', message: 'no' } });
      clear(other);
      assert.equal(other.get('a'), undefined);
      return { held, other, asked };
    }

    function clear(store: Store): void {
      let isDone = false;
      while (!isDone) ({ isDone } = store.history.clearPart({}));
    }

    it('becomes a job of its own', () => {
      const { held, other, asked } = removed();
      assert.throws(() => held.advance('a', accepted, asked), TransitionError);
      const stray = other.byTask('task-9');
      assert.deepEqual([stray?.state, stray?.prompt], ['running', asked.prompt]);
      assert.ok(idsOf(held.takeChanges()).includes(stray?.id ?? ''), 'told here too');
      assert.throws(() => held.advance('a', accepted, asked), TransitionError);
      assert.equal(held.listRecent(9).length, 1, 'and once only');
    });

    it('becomes none when the job that saved it was removed as well', () => {
      const { held, other, asked } = removed();
      other.add([{ ...sample.saved, id: 'b', taskId: 'task-9' }]);
      clear(other);
      assert.throws(() => held.advance('a', accepted, asked), TransitionError);
      assert.deepEqual(held.listRecent(9), []);
    });

    it('becomes none where nobody knows what was asked for', () => {
      const { held } = removed();
      assert.throws(() => held.advance('a', accepted), NoJobError);
    });
  });

  it('is left to one job where a store of old has two', () => {
    const store = fixture.window(1);
    store.add([
      { ...sample.running, id: 'first', taskId: 'task-9' },
      { ...sample.running, id: 'second', taskId: 'task-9' },
      { ...sample.saved, id: 'saved', taskId: 'task-7' },
      { ...sample.downloading, id: 'again', taskId: 'task-7' },
    ]);
    assert.deepEqual(claim(store), ['first']);
    assert.deepEqual([store.get('second')?.state, store.get('again')?.state], ['failed', 'failed']);
    assert.deepEqual(idsOf(store.takeChanges()).toSorted(), ['again', 'second']);
  });
});
