import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Job, JobSpec } from '../../../../src/jobs/job.ts';
import { nodePlatform } from '../../../../src/jobs/nodePlatform.ts';
import { openStore, type Store } from '../../../../src/jobs/store/store.ts';

const failed = { state: 'failed', failedAt: 1, error: { code: 'server', message: 'x' } };

describe('the gallery', () => {
  let folder: string;
  let store: Store;
  let made = 0;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'image-studio-gallery-'));
    store = open();
  });
  afterEach(async () => {
    store.close();
    await rm(folder, { recursive: true, force: true });
  });

  function open(): Store {
    return openStore({ path: join(folder, 'jobs.sqlite'), platform: nodePlatform });
  }

  function job(
    prompt: string,
    more: Partial<JobSpec> = {},
    state: object = { state: 'queued' },
  ): Job {
    made += 1;
    const spec: JobSpec = {
      id: `job-${String(made)}`,
      prompt,
      model: 'gpt-image-1.5-lite',
      size: '1024x1024',
      quality: 'auto',
      references: [],
      createdAt: 1_000 * made,
      variation: 1,
      idempotencyKey: `key-${String(made)}`,
      destination: { folderUri: 'file:///out', name: 'x' },
      ...more,
    };
    return { ...spec, ...state } as Job;
  }

  /** The prompts found, in the order shown. */
  function found(filter: Parameters<Store['gallery']['query']>[0] = {}): string[] {
    const { keys, createdAt } = store.gallery.query(filter);
    assert.equal(keys.length, createdAt.length);
    const rows = new Map(store.gallery.read(keys).map((row) => [row.key, row.job.prompt]));
    return keys.map((key) => rows.get(key) ?? '?');
  }

  it('has everything, the newest first', () => {
    store.add([job('one'), job('two')]);
    store.add([job('three')]);
    assert.deepEqual(found(), ['three', 'two', 'one']);
  });

  it('finds parts of words, in any order and case, and needs all of them', () => {
    store.add([job('A red fox in the snow'), job('a blue fox'), job('Red lighthouse')]);
    assert.deepEqual(found({ words: 'fox RED' }), ['A red fox in the snow']);
    assert.deepEqual(found({ words: 'house' }), ['Red lighthouse']);
    assert.deepEqual(found({ words: 'fox green' }), []);
  });

  it('takes any text to be words', () => {
    store.add([job('A red fox in the snow'), job('a null\0byte')]);
    assert.deepEqual(found({ words: 'red\0fox\u0007\u0085snow' }), ['A red fox in the snow']);
    assert.deepEqual(found({ words: '\0' }), ['a null\0byte', 'A red fox in the snow']);
    assert.deepEqual(found({ words: 'null\0byte' }), ['a null\0byte']);
    assert.deepEqual(found({ words: 'fox \ud83d' }), []);
    assert.deepEqual(found({ words: 'red '.repeat(100_000) }), ['A red fox in the snow']);
    assert.deepEqual(found({ words: 'é'.repeat(1_000_000) }), []);
  });

  it('finds what came after the first search', () => {
    store.add([job('an early bird')]);
    assert.deepEqual(found({ words: 'bird' }), ['an early bird']);
    store.add([job('a late bird')]);
    assert.deepEqual(found({ words: 'bird' }), ['a late bird', 'an early bird']);
  });

  it('finds one Chinese character, and signs that mean something to a search', () => {
    store.add([job('雪中的红色狐狸'), job('100% "wool" \\ _new_')]);
    assert.deepEqual(found({ words: '狐' }), ['雪中的红色狐狸']);
    assert.deepEqual(found({ words: '红色狐狸' }), ['雪中的红色狐狸']);
    for (const words of ['0%', '"w', '"wool"', '\\', '_n', "'; DROP"])
      assert.equal(found({ words }).length, words.startsWith("'") ? 0 : 1, words);
    assert.deepEqual(found({ words: '%' }).length, 1);
  });

  it('finds by workspace, size, references and favourites', () => {
    store.add([
      job('here', { workspaceUri: 'file:///a' }),
      job('there', { workspaceUri: 'file:///b', size: '1536x1024' }),
      job('edited', { references: ['file:///a/x.png'] }),
    ]);
    assert.deepEqual(found({ workspaceUri: 'file:///a' }), ['here']);
    assert.deepEqual(found({ size: '1536x1024' }), ['there']);
    assert.deepEqual(found({ hasReferences: true }), ['edited']);
    assert.deepEqual(found({ hasReferences: false }), ['there', 'here']);
    const [, key = 0] = store.gallery.query({}).keys;
    store.gallery.setFavourite([key], true);
    assert.deepEqual(found({ isFavourite: true }), ['there']);
    assert.ok(store.gallery.read([key])[0]?.isFavourite);
    store.gallery.setFavourite([key], false);
    assert.deepEqual(found({ isFavourite: true }), []);
  });

  it('leaves out what was taken out, until it is put back', () => {
    store.add([job('kept'), job('deleted', {}, failed)]);
    const [key = 0] = store.gallery.query({}).keys;
    store.gallery.setHidden([key], 1);
    assert.deepEqual(found(), ['kept']);
    assert.deepEqual(store.gallery.read([key]), []);
    store.gallery.setHidden([key], undefined);
    assert.deepEqual(found(), ['deleted', 'kept']);
  });

  it('shows what is under way, though a page takes it out that is older', () => {
    store.add([job('taken up since')]);
    store.gallery.setHidden(store.gallery.query({}).keys, 1);
    assert.deepEqual(found(), ['taken up since']);
  });

  it('leaves out what was cancelled, and what became another job', () => {
    const error = { code: 'unconfirmed', message: '' };
    store.add([
      job('cancelled', {}, { state: 'cancelled' }),
      job('open', {}, { state: 'unconfirmed', error }),
      job('settled', {}, { state: 'unconfirmed', error, isSettled: true }),
    ]);
    assert.deepEqual(found(), ['open']);
  });

  it('keeps marks through changes of the job', () => {
    store.add([job('a job')]);
    const [key = 0] = store.gallery.query({}).keys;
    store.gallery.setFavourite([key], true);
    const id = store.gallery.read([key])[0]?.job.id ?? '';
    store.move(id, { type: 'uploading' });
    assert.deepEqual(store.gallery.keysOf([id]), [key]);
    assert.deepEqual(found({ isFavourite: true }), ['a job']);
  });

  it('tells earlier prompts, each once', () => {
    store.add([job('a'), job('b'), job('a'), job('')]);
    assert.deepEqual(store.gallery.prompts(10), ['a', 'b']);
    assert.deepEqual(store.gallery.prompts(1), ['a']);
  });

  it('is there in a store of the version before it, with all its jobs', () => {
    store.add([job('from before')]);
    store.close();
    const database = new DatabaseSync(join(folder, 'jobs.sqlite'));
    database.exec('ALTER TABLE jobs DROP COLUMN is_favourite');
    database.exec('ALTER TABLE jobs DROP COLUMN hidden_at');
    database.exec('PRAGMA user_version = 1');
    database.close();
    store = open();
    assert.equal(store.setAside, undefined);
    assert.deepEqual(found({ words: 'before' }), ['from before']);
  });
});
