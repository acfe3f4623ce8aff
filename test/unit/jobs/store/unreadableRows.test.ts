import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Job } from '../../../../src/jobs/job.ts';
import { nodePlatform } from '../../../../src/jobs/nodePlatform.ts';
import { salvageRecords, unsettledRecords } from '../../../../src/jobs/store/salvage.ts';
import type { Store } from '../../../../src/jobs/store/store.ts';
import { sample } from '../sampleJobs.ts';
import { claim, idsOf, StoreFixture } from './storeFixture.ts';

const texts = [
  '',
  '{',
  '{"id":"half',
  'null',
  '7',
  '"x"',
  '[]',
  '{}',
  '{"id":#}',
  '{"references":"x"}',
];

describe('a store with rows that cannot be read', () => {
  const fixture = new StoreFixture().use();
  const path = () => join(fixture.folder, 'jobs.sqlite');
  let store: Store;

  beforeEach(() => {
    store = fixture.window(1);
    // The index of saved images refuses a row of theirs that is no JSON.
    const others = Object.values(sample).filter(({ state }) => state !== 'saved');
    const damaged = others.flatMap((job, which) =>
      texts.map((_, n) => ({ ...job, taskId: undefined, id: `${String(which)}-${String(n)}` })),
    );
    store.add([
      ...(damaged as unknown as Job[]),
      { ...sample.downloading, taskId: 'task-9', id: 'paid' },
      { ...sample.saved, id: 'saved', taskId: 'task-8' },
    ]);
    const database = nodePlatform.openDatabase(path());
    texts.forEach((text, n) => {
      const sql = `UPDATE jobs SET data = replace(?, '#', '"' || id || '"') WHERE id LIKE ?`;
      database.prepare(sql).run(text, `%-${String(n)}`);
    });
    database.close();
  });

  it('lets what is paid be taken up, placed and saved', () => {
    assert.deepEqual(claim(store), ['paid']);
    const target = { uri: 'file:///images/fox-9.png', sha256: 'ab' };
    store.advance('paid', { type: 'placing', target });
    store.advance('paid', { type: 'placing', target, isConverted: true });
    const image = { ...target, sizeBytes: 7, width: 1, height: 1 };
    assert.equal(store.advance('paid', { type: 'saved', image, at: 9 }).state, 'saved');
    assert.equal(store.byUri(target.uri)?.id, 'paid');
    assert.ok(store.filePlaces.isTaken(target.uri));
  });

  it('shows the others, and finds them', () => {
    const filters = [
      {},
      { words: 'red fox' },
      { words: 'fo' },
      { size: sample.saved.size },
      { hasReferences: true },
      { isFavourite: false },
    ];
    for (const filter of filters) {
      const { keys } = store.gallery.query(filter);
      const found = store.gallery.read(keys).map(({ job }) => job.id);
      assert.deepEqual(found.toSorted(), ['paid', 'saved'], JSON.stringify(filter));
    }
    assert.deepEqual(store.gallery.prompts(9), [sample.saved.prompt]);
    assert.deepEqual(idsOf(store.listRecent(1_000)).toSorted(), ['paid', 'saved']);
    assert.deepEqual(idsOf(store.listOpen()), ['paid']);
    assert.ok(store.referencesFrom(0, 1_000).references.length > 0);
  });

  it('is cleared of those that are over', () => {
    const cleared: string[] = [];
    for (let isDone = false; !isDone;) {
      const part = store.history.clearPart({});
      for (const { references } of part.cleared) cleared.push(...references);
      ({ isDone } = part);
    }
    assert.deepEqual(cleared, sample.saved.references);
    assert.deepEqual(idsOf(store.listRecent(1_000)), ['paid']);
    assert.equal(store.history.count({}).over, 0);
  });

  it('gives what is paid to the store that takes its place', () => {
    const database = nodePlatform.openDatabase(path());
    try {
      assert.deepEqual(
        unsettledRecords(database).jobs.map(({ id }) => id),
        ['paid'],
      );
    } finally {
      database.close();
    }
    store.close();
    fixture.open.pop();
    const { jobs } = salvageRecords(path(), nodePlatform);
    assert.deepEqual(
      jobs.map(({ id }) => id),
      ['paid'],
    );
  });
});
