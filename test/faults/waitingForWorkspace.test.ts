import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JobSystem } from '../../src/jobs/openJobSystem.ts';
import { storageLayout } from '../../src/jobs/storageLayout.ts';
import { newJob } from '../support/jobSystemOptions.ts';
import { audit } from './audit.ts';
import { never, useFixture } from './fixture.ts';

describe('an image whose workspace is not open', () => {
  const fixture = useFixture({ taskMs: 100 });
  const workspaceUri = 'file:///a/workspace/elsewhere';

  const isElsewhere = (uri: string | undefined) => uri !== workspaceUri;

  async function park(): Promise<{ away: JobSystem; id: string }> {
    const away = fixture.open({ isOpen: isElsewhere });
    const asked = { ...newJob('waits at home', fixture.outFolder), workspaceUri };
    const [job] = away.engine.add([asked]);
    assert.ok(job);
    const [parked] = await away.engine.whenSettled([job.id], never);
    assert.ok(parked?.state === 'downloading' && parked.isWaitingForWorkspace);
    const temp = await readdir(storageLayout(fixture.stateFolder).temp);
    assert.deepEqual(temp, [`${job.id}.image`]);
    assert.deepEqual(await readdir(fixture.outFolder), []);
    return { away, id: job.id };
  }

  it('waits in the store’s own folder, and is delivered where the workspace is open', async () => {
    const { away, id } = await park();
    const home = fixture.open();
    const jobs = await home.engine.whenSettled([id], never);
    assert.equal(jobs[0]?.state, 'saved');
    await Promise.all([home.close(), away.close()]);
    assert.equal((await fixture.api.tasks())[0]?.resultFetches, 1);
    await audit(fixture, jobs);
  });

  it('is delivered after every window was closed in between', async () => {
    const { away, id } = await park();
    await away.close();
    const home = fixture.open();
    const jobs = await home.engine.whenSettled([id], never);
    await home.close();
    assert.equal(jobs[0]?.state, 'saved');
    await audit(fixture, jobs);
  });

  it('is saved at once where a user wants it', async () => {
    const { away, id } = await park();
    const other = join(fixture.stateFolder, 'other');
    await mkdir(other);
    away.engine.redirect(id, pathToFileURL(other).href);
    const [job] = await away.engine.whenSettled([id], never);
    await away.close();
    assert.equal(job?.state, 'saved');
    assert.deepEqual(await readdir(other), ['waits-at-home.png']);
    assert.deepEqual(await readdir(fixture.outFolder), []);
    assert.equal((await fixture.api.log({ route: 'create' })).length, 1);
  });
});
