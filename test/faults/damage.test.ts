import assert from 'node:assert/strict';
import { open, readdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { NewerStoreError } from '../../src/jobs/store/storeErrors.ts';
import { storageLayout } from '../../src/jobs/storageLayout.ts';
import { audit } from './audit.ts';
import { ask, never, until, useFixture } from './fixture.ts';
import { choicesFor } from './seed.ts';
import { counters } from './counters.ts';

const pageBytes = 4096;

describe('a store that cannot be read', () => {
  const fixture = useFixture({ taskMs: 100 });
  const path = () => storageLayout(fixture.stateFolder).store;

  /** A store with a past: some images saved, some paid and stopped. */
  async function makePast(): Promise<string[]> {
    const node = fixture.open({ maxConcurrent: 16 });
    const saved = ask(node, fixture, ...Array.from({ length: 12 }, (_, n) => `saved ${String(n)}`));
    await node.engine.whenSettled(saved, never);
    await fixture.api.configure({ taskMs: 400 });
    const paid = ask(node, fixture, ...Array.from({ length: 4 }, (_, n) => `paid ${String(n)}`));
    for (const id of paid) await until(node, id, (job) => job.state === 'running');
    await node.close();
    return [...saved, ...paid];
  }

  async function goesOn(): Promise<void> {
    const node = fixture.open();
    // Reads everything there is, and so meets the damage wherever it is.
    node.engine.listRecent(1_000);
    const unfinished = node.engine.listUnfinished().map((job) => job.id);
    const [added = ''] = ask(node, fixture, 'life goes on');
    const jobs = await node.engine.whenSettled([added, ...unfinished], never);
    const all = node.engine.listRecent(1_000);
    await node.close();
    assert.ok(jobs.every((job) => job.state === 'saved'));
    assert.ok(all.some((job) => job.id === added));
    counters['faults injected'] += 1;
  }

  async function asideFiles(): Promise<string[]> {
    const names = await readdir(fixture.stateFolder);
    return names.filter((name) => /^jobs\.sqlite\.(damaged|newer)-[\dTZ-]+$/.test(name));
  }

  it('is no database: it is put aside whole', async () => {
    await writeFile(
      path(),
      'This is not a database, and longer than its header would be. '.repeat(40),
    );
    const { size } = await stat(path());
    await goesOn();
    const [aside = ''] = await asideFiles();
    assert.match(aside, /damaged/);
    assert.equal((await stat(join(fixture.stateFolder, aside))).size, size);
  });

  it('is of a newer version: it is refused and left as it is, also while it is open', async () => {
    const past = await makePast();
    const open = fixture.open();
    const database = new DatabaseSync(path());
    database.exec('PRAGMA user_version = 99');
    assert.throws(() => fixture.open(), NewerStoreError);
    assert.throws(() => ask(open, fixture, 'not here'), NewerStoreError);
    assert.equal(open.store.trouble()?.kind, 'newer');
    assert.equal(open.engine.listRecent(100).length, past.length, 'it can still be read');
    await open.close();
    assert.deepEqual(await asideFiles(), []);
    assert.equal(database.prepare('SELECT count(*) AS n FROM jobs').get()?.['n'], past.length);
    database.close();
    counters['faults injected'] += 1;
  });

  it('is deleted while a task runs: that is saved, and goes on in a new one', async () => {
    const node = fixture.open();
    const [id = ''] = ask(node, fixture, 'deleted under it');
    await until(node, id, (job) => job.state === 'running');
    for (const suffix of ['', '-wal', '-shm']) await rm(path() + suffix, { force: true });
    const jobs = await node.engine.whenSettled([id], never);
    await node.close();
    assert.equal(jobs[0]?.state, 'saved');
    const next = fixture.open();
    assert.equal(next.engine.get(id)?.state, 'saved');
    await next.close();
    counters['faults injected'] += 1;
    await audit(fixture, jobs);
  });

  it('is replaced by an older copy while a task runs: what is known goes on', async () => {
    const node = fixture.open();
    await fixture.api.configure({ taskMs: 500 });
    node.engine.pauseQueue('person');
    const [id = ''] = ask(node, fixture, 'replaced under it');
    const copy = `${path()}.copy`;
    const database = new DatabaseSync(path());
    database.exec(`VACUUM INTO '${copy}'`);
    database.close();
    node.engine.continueQueue();
    await until(node, id, (job) => job.state === 'running');
    for (const suffix of ['-wal', '-shm']) await rm(path() + suffix, { force: true });
    await rename(copy, path());
    const jobs = await node.engine.whenSettled([id], never);
    await node.close();
    assert.equal(jobs[0]?.state, 'saved');
    counters['faults injected'] += 1;
    await audit(fixture, jobs);
  });

  it('is empty', async () => {
    await makePast();
    await truncate(path(), 0);
    await goesOn();
  });

  it('is cut off: it is put aside, and what can be read goes on', async () => {
    await makePast();
    const { size } = await stat(path());
    await truncate(path(), Math.floor(size / 2 / pageBytes) * pageBytes);
    await goesOn();
    assert.equal((await asideFiles()).length, 1);
  });

  it('has lost an index: every job is rescued, and every paid image saved', async () => {
    await makePast();
    await overwritePage(await rootOf('jobs_by_state'));
    const node = fixture.open();
    assert.equal(node.store.setAside?.reason, 'damaged');
    const ids = node.engine.listRecent(100).map((job) => job.id);
    assert.equal(ids.length, 16);
    const jobs = await node.engine.whenSettled(ids, never);
    await node.close();
    assert.ok(jobs.every((job) => job.state === 'saved'));
    counters['faults injected'] += 1;
    await audit(fixture, jobs);
  });

  it('is damaged while it is open, and found to be later', async () => {
    await makePast();
    await overwritePage(await rootOf('jobs_by_content'));
    const told: string[] = [];
    const node = fixture.open({ onQuarantine: ({ reason }) => told.push(reason) });
    assert.equal(node.store.setAside, undefined, 'a start does not read that page');
    const ids = node.engine.listRecent(100).map((job) => job.id);
    const jobs = await node.engine.whenSettled(ids, never);
    await node.close();
    assert.deepEqual(told, ['damaged']);
    assert.ok(jobs.every((job) => job.state === 'saved'));
    counters['faults injected'] += 1;
    await audit(fixture, jobs);
  });

  it('is damaged under two windows: both go on with the same new one', async () => {
    await makePast();
    const one = fixture.open();
    const other = fixture.open();
    await overwritePage(await rootOf('jobs_by_content'));
    const ids = ask(one, fixture, 'of one').concat(ask(other, fixture, 'of the other'));
    const all = one.engine.listRecent(100).map((job) => job.id);
    await Promise.all([one, other].map(({ engine }) => engine.whenSettled(all, never)));
    const jobs = await one.engine.whenSettled([...all, ...ids], never);
    await until(other, ids[0] ?? '', (job) => job.state === 'saved');
    await until(one, ids[1] ?? '', (job) => job.state === 'saved');
    await Promise.all([one.close(), other.close()]);
    assert.equal((await asideFiles()).length, 1);
    assert.ok(jobs.every((job) => job.state === 'saved'));
    counters['faults injected'] += 1;
    await audit(fixture, [...new Map(jobs.map((job) => [job.id, job])).values()]);
  });

  for (let round = 0; round < 12; round += 1) {
    it(`has random bytes in random places (${String(round)})`, async () => {
      const { below, random } = choicesFor(`damage ${String(round)}`);
      await makePast();
      const file = await open(path(), 'r+');
      const { size } = await file.stat();
      for (let hole = 0; hole <= below(6); hole += 1) {
        const noise = Buffer.from(Array.from({ length: 1 + below(900) }, () => below(256)));
        await file.write(noise, 0, noise.length, Math.floor(random() * (size - noise.length)));
      }
      await file.close();
      await goesOn();
    });
  }

  async function rootOf(name: string): Promise<number> {
    const database = new DatabaseSync(path());
    const row = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(name);
    database.close();
    return Number(row?.['rootpage']);
  }

  async function overwritePage(page: number): Promise<void> {
    const file = await open(path(), 'r+');
    await file.write(Buffer.alloc(pageBytes, 0x5a), 0, pageBytes, (page - 1) * pageBytes);
    await file.close();
  }
});
