import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { parentIdSql } from '../../../src/jobs/store/database.ts';
import type { Job, JobState } from '../../../src/jobs/job.ts';
import type { Store } from '../../../src/jobs/store/store.ts';
import { commandsOf } from './commandsOf.ts';
import { error, image, spec } from './sampleJobs.ts';
import { idsOf, StoreFixture } from './store/storeFixture.ts';

const paid = { taskId: 'task-1', acceptedAt: 2 };
const finished = { ...paid, resultUrl: 'https://files.example/a.png', finishedAt: 3 };
/** What a job may have become, and whether its image is there or may yet be. */
const fates = {
  queued: [{ state: 'queued' }, true],
  submitting: [{ state: 'submitting', attempt: 1, imageUrls: [] }, true],
  running: [{ ...paid, state: 'running' }, true],
  downloading: [{ ...finished, state: 'downloading' }, true],
  saved: [{ ...finished, ...image, state: 'saved', savedAt: 4 }, true],
  stopped: [{ ...paid, state: 'stopped' }, true],
  'paid and not saved': [
    { ...finished, state: 'failed', error, failedAt: 4, isRecoverable: true },
    true,
  ],
  unconfirmed: [{ state: 'unconfirmed', error }, true],
  failed: [{ state: 'failed', error, failedAt: 4 }, false],
  cancelled: [{ state: 'cancelled' }, false],
  settled: [{ state: 'unconfirmed', error, isSettled: true }, false],
} as const;

describe('a job that is tried again', () => {
  const fixture = new StoreFixture().use();
  let store: Store;
  /** Of two windows. */
  let here: ReturnType<typeof commandsOf>;
  let there: ReturnType<typeof commandsOf>;

  beforeEach(() => {
    store = fixture.window(1);
    here = commandsOf(store);
    there = commandsOf(fixture.window(2));
  });

  let createdAt = 0;

  function add(id: string, fate: keyof typeof fates, parentId?: string): void {
    createdAt += 1;
    const { parentId: _, ...plain } = spec;
    const parent = parentId !== undefined && { parentId };
    const [fields] = fates[fate];
    const idempotencyKey = `image-studio-${id}`;
    store.add([{ ...plain, ...parent, id, idempotencyKey, createdAt, ...fields }]);
  }

  /** Ids of all that were asked for. */
  const all = () => idsOf(store.listRecent(100));

  it('becomes one new job, whichever of two windows was first', () => {
    add('a', 'failed');
    const first = here.retry('a');
    const second = there.retry('a');
    assert.deepEqual([first.isNew, second.isNew], [true, false]);
    assert.equal(second.job.id, first.job.id);
    assert.equal(all().length, 2);
  });

  describe('for a file that was named', () => {
    const name = { name: 'hero', isExactName: true, extension: 'png' } as const;
    const destination = { ...spec.destination, ...name };

    function addFor(
      id: string,
      at: number,
      fate: 'failed' | 'running' | 'stopped' | 'queued',
      parentId?: string,
    ) {
      const { parentId: _, ...spared } = spec;
      const plain = { ...spared, ...(parentId !== undefined && { parentId }) };
      const own = { id, idempotencyKey: `image-studio-${id}`, createdAt: at, destination };
      store.add([{ ...plain, ...own, ...fates[fate][0] }]);
    }

    for (const fate of ['queued', 'running', 'stopped'] as const)
      it(`is not asked for beside a later request for it that is ${fate}`, () => {
        addFor('old', 1, 'failed');
        addFor('new', 2, fate);
        const { job, isNew } = here.retry('old');
        assert.deepEqual([job.id, isNew, all().length], ['new', false, 2]);
      });

    it('is asked for after one that failed, and beside the others of its own request', () => {
      addFor('old', 1, 'failed');
      addFor('variation', 1, 'failed');
      addFor('later', 2, 'failed');
      assert.equal(here.retry('old').isNew, true);
      assert.equal(here.retry('variation').isNew, true, 'beside what repeats the other');
    });

    it('is asked for beside the one that it repeats, which is paid and not saved', () => {
      addFor('old', 1, 'stopped');
      addFor('again', 2, 'failed', 'old');
      assert.equal(here.retry('again').isNew, true);
    });

    it('is asked for beside another that a user knows of', () => {
      addFor('old', 1, 'failed');
      addFor('again', 2, 'stopped', 'old');
      assert.equal(here.retry('old', { retries: ['again'] }).isNew, true);
    });
  });

  it('is submitted again once, though two windows were told that it may be paid', () => {
    add('a', 'unconfirmed');
    const [first, second] = [there.retry('a'), here.retry('a')];
    assert.deepEqual([first.isNew, second.isNew], [true, false]);
    assert.deepEqual(store.get('a'), { ...store.get('a'), isSettled: true });
    assert.equal(all().length, 2);
  });

  for (const [fate, [, isInPlace]] of Object.entries(fates))
    it(`${isInPlace ? 'is not asked for beside' : 'is asked for again after'} one that is ${fate}`, () => {
      add('a', 'failed');
      add('b', fate as keyof typeof fates, 'a');
      const { job, isNew } = here.retry('a');
      assert.equal(isNew, !isInPlace);
      assert.equal(job.id === 'b', isInPlace);
      assert.equal(all().length, isInPlace ? 2 : 3);
    });

  it('is one with those that it repeats, and with those that repeat the same', () => {
    add('a', 'failed');
    add('b', 'failed', 'a');
    add('c', 'cancelled', 'b');
    add('d', 'running', 'c');
    for (const id of ['a', 'b', 'c']) assert.equal(here.retry(id).job.id, 'd');
    add('e', 'failed');
    add('f', 'failed', 'e');
    add('g', 'running', 'e');
    assert.equal(here.retry('f').job.id, 'g', 'asked for since');
    assert.equal(all().length, 7);
  });

  it('is tried again for all that was saved before it was asked for', () => {
    add('a', 'saved');
    add('b', 'saved', 'a');
    add('c', 'failed', 'a');
    assert.ok(here.retry('c').isNew);
  });

  it('is the one to go on with when it was taken up meanwhile', () => {
    add('a', 'running');
    assert.deepEqual(here.retry('a'), { job: store.get('a'), isNew: false });
    add('b', 'saved');
    const seen: JobState = 'failed';
    assert.equal(here.retry('b', { state: seen }).job.id, 'b');
    assert.equal(all().length, 2);
  });

  it('is made again beside what a user knew of, and beside nothing else', () => {
    add('a', 'saved');
    add('b', 'saved', 'a');
    const seen = { state: 'saved', retries: ['b'] } as const;
    const again = here.retry('a', seen);
    assert.ok(again.isNew);
    assert.equal(there.retry('a', seen).job.id, again.job.id);
    assert.equal(all().length, 3);
  });

  it('knows which came later, though the clock was set back', () => {
    createdAt = 100;
    add('root', 'failed');
    add('a', 'failed', 'root');
    createdAt = 50;
    add('b', 'running', 'root');
    createdAt = 20;
    add('c', 'running', 'root');
    assert.deepEqual(idsOf(store.retriesOf(store.get('a') as Job)), ['b', 'c']);
    assert.equal(here.retry('a').job.id, 'c');
    assert.deepEqual(idsOf(store.retriesOf(store.get('root') as Job)), ['b', 'c']);
  });

  it('is no other while one may yet come, in whatever order a salvaged store has them', () => {
    for (const fate of ['running', 'saved'] as const) {
      const [root, retry, again] = [`root-${fate}`, `retry-${fate}`, `again-${fate}`];
      // What was under way is carried over before the history.
      add(root, 'failed');
      createdAt += 10;
      add(again, fate, root);
      createdAt -= 5;
      add(retry, 'failed', root);
      assert.equal(here.retry(retry).job.id, again);
    }
  });

  it('is found though jobs point at each other, or at one that is gone', () => {
    add('a', 'failed', 'b');
    add('b', 'failed', 'a');
    add('c', 'failed', 'gone');
    assert.ok(here.retry('a').isNew);
    assert.ok(!here.retry('b').isNew);
    assert.ok(here.retry('c').isNew);
  });

  it('is looked for by an index, which no row keeps a store from that cannot be read', () => {
    add('a', 'failed');
    for (const each of fixture.open.splice(0)) each.close();
    const path = join(fixture.folder, 'jobs.sqlite');
    const before = new DatabaseSync(path);
    before.exec("DROP INDEX jobs_by_parent; UPDATE jobs SET data = '{\"parentId' WHERE id = 'a'");
    before.close();
    fixture.window(1);
    const database = new DatabaseSync(path);
    const plan = database.prepare(`EXPLAIN QUERY PLAN SELECT * FROM jobs WHERE ${parentIdSql} = ?`);
    assert.match(String(plan.get('x')?.['detail']), /USING INDEX jobs_by_parent/);
    database.close();
  });

  for (const [fate, [state, mayCome]] of Object.entries(fates))
    it(`${mayCome && fate !== 'saved' ? 'keeps' : 'does not keep'} its file from a new job when ${fate}`, () => {
      const destination = {
        ...spec.destination,
        isExactName: true,
        extension: 'png',
      } as const;
      store.add([{ ...spec, id: 'a', destination, ...state }]);
      const ask = (name: string) => there.add([{ ...spec, destination: { ...destination, name } }]);
      if (mayCome && fate !== 'saved')
        assert.throws(() => ask(destination.name), { name: 'FileAwaitedError' });
      else assert.equal(ask(destination.name).length, 1);
      assert.equal(ask('another').length, 1);
    });

  it('is not tried again once another job was found to be its answer', () => {
    store.add([{ ...spec, id: 'a', state: 'unconfirmed', error, isSettled: true }]);
    const { job, isNew } = there.retry('a', { state: 'unconfirmed' });
    assert.deepEqual([job.id, isNew], ['a', false]);
  });
});
