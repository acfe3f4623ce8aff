import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodePlatform } from '../../src/jobs/nodePlatform.ts';
import { openJobSystemWhenFree } from '../../src/jobs/openJobSystem.ts';
import { storageLayout } from '../../src/jobs/storageLayout.ts';
import { isStoreError } from '../../src/jobs/store/storeErrors.ts';
import { jobSystemOptions } from '../support/jobSystemOptions.ts';
import { audit } from './audit.ts';
import { counters } from './counters.ts';
import { ask, never, useFixture } from './fixture.ts';

describe('a store that cannot be used', () => {
  const fixture = useFixture({ taskMs: 100 });

  function openIn(storageFolder: string) {
    const { urls, key } = fixture.api;
    const place = { apiUrl: urls.api, filesUrl: urls.files, key, storageFolder };
    const isTold = () => assert.fail('it is not a matter of waiting');
    return openJobSystemWhenFree(jobSystemOptions(place), never, isTold);
  }

  it('is refused when its file cannot be opened, and opened once it can be', async () => {
    const path = storageLayout(fixture.stateFolder).store;
    await mkdir(path);
    await assert.rejects(openIn(fixture.stateFolder), isStoreError);
    await rm(path, { recursive: true });
    await (await openIn(fixture.stateFolder)).close();
    counters['faults injected'] += 1;
  });

  it('is refused when its folder cannot be made', async () => {
    const file = join(fixture.stateFolder, 'file');
    await writeFile(file, '');
    await assert.rejects(openIn(join(file, 'state')), { syscall: 'mkdir' });
    counters['faults injected'] += 1;
  });

  it('starts nothing while the pause that was asked for cannot be written', async () => {
    let isRefused = true;
    const node = fixture.open({
      platform: {
        ...nodePlatform,
        openDatabase(path) {
          const database = new DatabaseSync(path);
          const prepare = database.prepare.bind(database);
          database.prepare = (sql) => {
            if (sql.startsWith('UPDATE queue') && isRefused) throw ioError();
            return prepare(sql);
          };
          return database;
        },
      },
    });
    const fault = { kind: 'status', status: 429, retryAfter: 3_600 } as const;
    await fixture.api.fault({ match: { route: 'create' }, fault });
    const ids = ask(node, fixture, 'a patient panda');
    while ((await creates()) === 0 || node.engine.get(ids[0] ?? '')?.state !== 'queued')
      await sleep(10);
    isRefused = false;
    while (node.engine.pause()?.reason !== 'rateLimited') await sleep(10);
    assert.equal(await creates(), 1);
    node.engine.continueQueue();
    const jobs = await node.engine.whenSettled(ids, never);
    await node.close();
    assert.equal(jobs[0]?.state, 'saved');
    await audit(fixture, jobs);
  });

  const creates = async () => (await fixture.api.log({ route: 'create' })).length;

  it('takes no request while nothing can be written, and goes on by itself', async () => {
    let isRefused = false;
    const node = fixture.open({
      platform: {
        ...nodePlatform,
        openDatabase(path) {
          const database = new DatabaseSync(path);
          const exec = database.exec.bind(database);
          database.exec = (sql) => {
            if (sql.startsWith('BEGIN') && isRefused) throw ioError();
            exec(sql);
          };
          return database;
        },
      },
    });
    const ids = ask(node, fixture, 'before');
    isRefused = true;
    counters['faults injected'] += 1;
    assert.throws(() => ask(node, fixture, 'refused'), isStoreError);
    while (node.engine.storeTrouble() !== 'unusable') await sleep(20);
    isRefused = false;
    const jobs = await node.engine.whenSettled(ids, never);
    while (node.engine.storeTrouble() !== undefined) await sleep(20);
    await node.close();
    assert.equal(jobs[0]?.state, 'saved');
    assert.equal((await fixture.api.tasks()).length, 1);
    await audit(fixture, jobs);
  });
});

function ioError(): Error {
  return Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 3850 });
}
