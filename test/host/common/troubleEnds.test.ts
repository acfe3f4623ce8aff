import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { storeKey } from '../../../src/editor/askForApiKey.ts';
import type { JobActions } from '../../../src/editor/jobUi/jobActions.ts';
import { registerJobNotices } from '../../../src/editor/jobUi/jobNotices.ts';
import { registerTroubleWatch } from '../../../src/editor/jobUi/registerTroubleWatch.ts';
import { registerStatusBar } from '../../../src/editor/jobUi/statusBar.ts';
import {
  createTroubleEnds,
  type TroubleEnds,
  troubleTable,
} from '../../../src/editor/jobUi/troubleEnds.ts';
import { createEmitter } from '../../../src/jobs/async/emitter.ts';
import type { Job } from '../../../src/jobs/job.ts';
import { type JobSystem, openJobSystem } from '../../../src/jobs/openJobSystem.ts';
import type { QueuePause } from '../../../src/jobs/queuePause.ts';
import { storageLayout } from '../../../src/jobs/storageLayout.ts';
import { noticesOf } from '../../../src/studio/notices.ts';
import { jobSystemOptions, newJob } from '../../support/jobSystemOptions.ts';
import { freshApi } from '../hostContext.ts';

/** How each trouble that is said begins and ends, and what shows it meanwhile. */
interface Course {
  begin: (api: OfflineApi) => Promise<unknown>;
  end: (api: OfflineApi) => Promise<unknown>;
  status: RegExp;
  toast: RegExp;
  said: string;
}

const courses: Record<'key' | 'credits' | 'network', Course> = {
  key: {
    begin: (api) => api.configure({ keys: [{ key: api.key, state: 'disabled' }] }),
    end: (api) => api.configure({ keys: [api.key] }),
    status: /waiting for an API key/,
    toast: /API key/,
    said: 'The API key works.',
  },
  credits: {
    begin: (api) => api.configure({ credits: 0 }),
    end: (api) => api.configure({ credits: 1000 }),
    status: /out of credits/,
    toast: /credits/,
    said: 'There are credits again.',
  },
  network: {
    begin: (api) => api.configure({ offline: 'refuse' }),
    end: (api) => api.configure({ offline: false }),
    status: /cannot be reached/,
    toast: /reach|connect/i,
    said: 'EvoLink can be reached again.',
  },
};

/** A window of its own, with all that shows and says a trouble. */
describe('a trouble that is over', () => {
  let api: OfflineApi;
  let folder: string;
  let system: JobSystem;
  let parts: { dispose: () => unknown }[];
  let status: string;
  let toasts: { message: string; press: (button: string) => void }[];
  let said: { sentence: string; isLoud: boolean }[];
  const { showErrorMessage, showInformationMessage } = vscode.window;
  let informed: string[];

  beforeEach(async () => {
    api = await freshApi();
    folder = await mkdtemp(join(tmpdir(), 'image-studio-trouble-'));
    [status, toasts, said, informed] = ['', [], [], []];
    Object.assign(vscode.window, {
      showErrorMessage: (message: string) =>
        new Promise((press) => toasts.push({ message, press })),
      showInformationMessage: (message: string) => Promise.resolve(void informed.push(message)),
    });
    const { urls, key } = api;
    const place = { apiUrl: urls.api, filesUrl: urls.files, key, storageFolder: folder };
    system = openJobSystem({ ...jobSystemOptions(place), waitScale: 0.02 });
    const { engine } = system;
    const ends = createTroubleEnds(engine, (sentence, isLoud) => said.push({ sentence, isLoud }));
    const actions: Partial<JobActions> = { cancelQueue: (ids) => engine.cancelQueue(ids) };
    parts = [
      ends,
      registerStatusBar(engine, {
        update: ({ text = '' }) => (status = text),
        dispose: () => undefined,
      }),
      registerJobNotices(engine, actions as JobActions, () => false, ends),
    ];
    engine.setMaxConcurrent(4);
    system.start();
  });

  afterEach(async () => {
    Object.assign(vscode.window, { showErrorMessage, showInformationMessage });
    for (const part of parts) part.dispose();
    await system.close();
    await api.configure({ offline: false, credits: 1000, keys: [api.key], taskMs: 300 });
    await rm(folder, { recursive: true, force: true });
  });

  async function until(what: string, isSo: () => boolean): Promise<void> {
    for (const untilMs = performance.now() + 20_000; !isSo();) {
      const seen = JSON.stringify({ status, toasts, said, pause: system.engine.pause()?.reason });
      assert.ok(performance.now() < untilMs, `${what} did not come: ${seen}`);
      await sleep(20);
    }
  }

  function ask(count: number): string[] {
    const wanted = Array.from({ length: count }, (_, n) => newJob(`trouble ${String(n)}`, folder));
    return system.engine.add(wanted).map(({ id }) => id);
  }

  const stateOf = (id: string) => system.engine.get(id)?.state;
  const areSaved = (ids: readonly string[]) => () => ids.every((id) => stateOf(id) === 'saved');
  const notices = () => noticesOf(system.engine, false);

  async function isGone(): Promise<void> {
    await until('rest', () => status === '');
    assert.deepEqual(notices(), []);
    assert.equal(system.engine.pause(), undefined);
  }

  it('has a row in the table, each that can hold the queue', () => {
    const told = Object.entries(troubleTable).flatMap(([name, { over }]) => (over ? [name] : []));
    assert.deepEqual(told.toSorted(), [...Object.keys(courses), 'store'].toSorted());
  });

  for (const [name, course] of Object.entries(courses))
    it(`lets go on what waited, says so once, and leaves no sign: ${name}`, async () => {
      await course.begin(api);
      const ids = ask(2);
      await until('the trouble', () => course.status.test(status) && notices().length === 1);
      await until('its notification', () =>
        toasts.some(({ message }) => course.toast.test(message)),
      );
      await sleep(200);
      assert.deepEqual(said, []);
      await course.end(api);
      // As the window asks when a user is back.
      await system.engine.checkConnection();
      await until('all images', areSaved(ids));
      const sentence = `${course.said} 2 images go on.`;
      assert.deepEqual(said, [{ sentence, isLoud: true }]);
      await isGone();
    });

  it('is said once for causes that overlap, when the last of them is over', async () => {
    const { network, key, credits } = courses;
    await network.begin(api);
    const ids = ask(1);
    await until('the first', () => network.status.test(status));
    await key.begin(api);
    await network.end(api);
    await until('the second', () => key.status.test(status));
    await credits.begin(api);
    await key.end(api);
    await system.engine.checkConnection();
    await until('the third', () => credits.status.test(status));
    assert.deepEqual(said, []);
    await credits.end(api);
    await system.engine.checkConnection();
    await until('the image', areSaved(ids));
    assert.deepEqual(
      said.map(({ sentence }) => sentence),
      [`${network.said} ${key.said} ${credits.said} 1 image goes on.`],
    );
    await isGone();
  });

  it('is said where the key was entered, and nowhere else', async () => {
    await courses.key.begin(api);
    const ids = ask(1);
    await until('the trouble', () => courses.key.status.test(status));
    await courses.key.end(api);
    const apiKey = { store: () => Promise.resolve() } as never;
    const creditsOf = () => Promise.resolve(undefined);
    await storeKey({ apiKey, engine: system.engine, creditsOf }, api.key, {});
    await until('the image', areSaved(ids));
    assert.deepEqual([said, informed], [[], ['The API key works. 1 image goes on.']]);
    await isGone();
  });

  it('is said softly of images that were drawn all the time', async () => {
    await api.configure({ taskMs: 3_000 });
    const [id = ''] = ask(1);
    await until('the task', () => stateOf(id) === 'running');
    await courses.network.begin(api);
    await until('the trouble', () => courses.network.status.test(status));
    await courses.network.end(api);
    await until('its end', () => said.length > 0);
    const sentence = `${courses.network.said} 1 image goes on.`;
    assert.deepEqual(said, [{ sentence, isLoud: false }]);
    await until('the image', areSaved([id]));
    await isGone();
    assert.deepEqual([said.length, toasts], [1, []]);
  });

  it('is said of a list of images that was locked', async () => {
    await api.configure({ taskMs: 60_000 });
    const [id = ''] = ask(1);
    await until('the task', () => stateOf(id) === 'running');
    const other = new DatabaseSync(storageLayout(folder).store);
    other.exec('BEGIN EXCLUSIVE');
    await until('the trouble', () => system.engine.storeTrouble() === 'locked');
    other.exec('ROLLBACK');
    other.close();
    await until('its end', () => said.length > 0);
    assert.equal(said[0]?.sentence, 'The list of images can be used again. 1 image goes on.');
    system.engine.stop(id);
    await isGone();
  });

  it('is looked at when the window gets the focus: whoever topped up is back', async () => {
    const { onDidChangeWindowState } = vscode.window;
    let tell: ((state: vscode.WindowState) => void) | undefined;
    Object.assign(vscode.window, {
      onDidChangeWindowState: (listener: typeof tell) => {
        tell = listener;
        return new vscode.Disposable(() => (tell = undefined));
      },
    });
    try {
      parts.push(registerTroubleWatch(system.engine));
    } finally {
      Object.assign(vscode.window, { onDidChangeWindowState });
    }
    await courses.credits.begin(api);
    const ids = ask(1);
    await until('the trouble', () => courses.credits.status.test(status));
    await courses.credits.end(api);
    const asked = async () => (await api.log({ route: 'credits' })).length;
    const before = await asked();
    tell?.({ focused: false, active: false });
    await sleep(200);
    assert.equal(await asked(), before, 'nobody is back');
    tell?.({ focused: true, active: true });
    await until('the image', areSaved(ids));
    assert.deepEqual(
      said.map(({ sentence }) => sentence),
      ['There are credits again. 1 image goes on.'],
    );
    await isGone();
  });

  it('is ended by nobody who tries once more what is refused again, or cancels', async () => {
    await courses.credits.begin(api);
    const ids = ask(1);
    await until('the trouble', () => toasts.length === 1);
    system.engine.continueQueue();
    await until('the same again', () => toasts.length === 2);
    await system.engine.cancelQueue();
    assert.equal(stateOf(ids[0] ?? ''), 'cancelled');
    await courses.credits.end(api);
    const others = ask(1);
    await until('another image', areSaved(others));
    assert.deepEqual(said, []);
  });

  it('is no reason to cancel what is queued by then, though its notification is still there', async () => {
    await courses.credits.begin(api);
    const ids = ask(1);
    await until('the trouble', () => toasts.length === 1);
    await courses.credits.end(api);
    await system.engine.checkConnection();
    await until('the image', areSaved(ids));
    system.engine.pauseQueue('person');
    const [later = ''] = ask(1);
    for (const button of ['Cancel All', 'Continue']) toasts[0]?.press(button);
    await until('a word', () => informed.length > 0);
    assert.equal(informed[0], 'The images wait for this no longer. Nothing was done.');
    assert.equal(system.engine.pause()?.reason, 'person');
    assert.equal(stateOf(later), 'queued');
    system.engine.cancel(later);
  });

  const nothingDone = 'The images wait for this no longer. Nothing was done.';

  it('cancels by an old notification only the images that it named', async () => {
    await courses.credits.begin(api);
    const [named = ''] = ask(1);
    await until('the trouble', () => toasts.length === 1);
    const [later = ''] = ask(1);
    await until('the same again', () => toasts.length === 2);
    toasts[0]?.press('Cancel All');
    await until('the end of the named', () => stateOf(named) === 'cancelled');
    assert.equal(stateOf(later), 'queued');
    assert.equal(system.engine.pause()?.reason, 'credits');
    system.engine.cancel(later);
    assert.deepEqual(informed, []);
  });

  it('is over when what it held up has ended in another way, and its notification does nothing', async () => {
    await courses.credits.begin(api);
    const [first = ''] = ask(1);
    await until('the trouble', () => toasts.length === 1);
    await courses.credits.end(api);
    await api.fault({
      match: { route: 'create' },
      fault: { kind: 'status', status: 400, code: 'content_policy_violation' },
      times: 1,
    });
    system.engine.continueQueue();
    await until('its end', () => stateOf(first) === 'failed');
    system.engine.pauseQueue('person');
    const [later = ''] = ask(1);
    for (const button of ['Cancel All', 'Continue']) toasts[0]?.press(button);
    await until('a word', () => informed.length > 0);
    await sleep(100);
    assert.equal(informed[0], nothingDone);
    assert.equal(system.engine.pause()?.reason, 'person');
    assert.equal(stateOf(later), 'queued');
    system.engine.cancel(later);
  });

  it('is continued by no notification when a user has paused the queue since', async () => {
    await courses.credits.begin(api);
    const [first = ''] = ask(1);
    await until('the trouble', () => toasts.length === 1);
    system.engine.pauseQueue('person');
    toasts[0]?.press('Continue');
    await until('a word', () => informed.length > 0);
    assert.equal(system.engine.pause()?.reason, 'person');
    system.engine.cancel(first);
  });
});

describe('a trouble, by what the list of images says', () => {
  const waiting = { id: 'a', state: 'queued' } as Job;
  const accepted = { id: 'a', state: 'running', taskId: 't' } as Job;
  let job: Job;
  let isLocked: boolean;
  let pause: QueuePause | undefined;
  let said: string[];
  const queueChanged = createEmitter<undefined>();
  const jobChanged = createEmitter<Job>();
  const read = <T>(value: T): T => {
    if (isLocked) throw Object.assign(new Error('locked'), { code: 'ERR_SQLITE_ERROR' });
    return value;
  };
  let ends: TroubleEnds;

  beforeEach(() => {
    [job, isLocked, said] = [waiting, false, []];
    pause = { reason: 'credits' };
    ends = createTroubleEnds(
      {
        get: () => read(job),
        listUnfinished: () => read([job]),
        onDidChangeJob: jobChanged.on,
        onDidChangeQueue: queueChanged.on,
        pause: () => pause,
        storeTrouble: () => (isLocked ? 'locked' : undefined),
        trouble: () => undefined,
      },
      (sentence) => said.push(sentence),
    );
  });

  afterEach(() => {
    ends.dispose();
  });

  it('is over when the last that it held up has ended otherwise, though the queue does not change', () => {
    pause = undefined;
    queueChanged.emit(undefined);
    assert.equal(ends.isOpen('credits'), true);
    job = { ...waiting, state: 'cancelled' };
    jobChanged.emit(job);
    assert.equal(ends.isOpen('credits'), false);
    assert.deepEqual(said, []);
  });

  it('stays while the list cannot be read, and is said when it is over', () => {
    isLocked = true;
    queueChanged.emit(undefined);
    pause = undefined;
    queueChanged.emit(undefined);
    assert.equal(ends.isOpen('credits'), true);
    assert.deepEqual(said, []);
    isLocked = false;
    queueChanged.emit(undefined);
    assert.equal(ends.isOpen('credits'), true, 'what waited was not accepted yet');
    job = accepted;
    jobChanged.emit(job);
    assert.equal(ends.isOpen('credits'), false);
    assert.match(said.join(' '), /There are credits again\. 1 image goes on\.$/);
  });
});
