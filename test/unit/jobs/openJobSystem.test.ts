import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpAnswer, Transport } from '../../../src/evolink/transport.ts';
import type { JobState } from '../../../src/jobs/job.ts';
import { nodePlatform } from '../../../src/jobs/nodePlatform.ts';
import {
  type JobSystem,
  type JobSystemOptions,
  openJobSystem,
} from '../../../src/jobs/openJobSystem.ts';
import type { Platform } from '../../../src/jobs/platform.ts';
import { storageLayout } from '../../../src/jobs/storageLayout.ts';
import { newJob } from '../../support/jobSystemOptions.ts';

const never = new AbortController().signal;

describe('the job system', () => {
  let folder: string;
  let open: JobSystem[];
  /** Of every request that was sent. */
  let sent: string[];
  let isClosed: boolean;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'job-system-'));
    [open, sent, isClosed] = [[], [], false];
  });
  afterEach(async () => {
    await Promise.all(open.map((system) => system.close()));
    await rm(folder, { recursive: true, force: true });
  });

  /** A provider whose tasks never end. */
  const transport: Transport = {
    send({ method, url }) {
      sent.push(`${method} ${new URL(url).pathname}`);
      const task = { id: `task-${String(sent.length)}`, status: 'pending', progress: 0 };
      const body = Readable.from([Buffer.from(JSON.stringify(task))]);
      return Promise.resolve<HttpAnswer>({ status: 200, headers: {}, body });
    },
    get: () => Promise.reject(new Error('There is no result')),
    close() {
      isClosed = true;
      return Promise.resolve();
    },
  };

  function openSystem(more: Partial<JobSystemOptions> = {}): JobSystem {
    const system = openJobSystem({
      storageFolder: join(folder, 'storage'),
      apiKey: () => Promise.resolve('key'),
      apiBaseUrl: () => 'https://api.example',
      filesBaseUrl: () => 'https://files.example',
      network: transport,
      isOpen: () => true,
      waitScale: 0.01,
      ...more,
    });
    open.push(system);
    return system;
  }

  const statesOf = ({ engine }: JobSystem, ids: readonly string[]) =>
    ids.map((id) => engine.get(id)?.state);

  const ask = ({ engine }: JobSystem, ...prompts: string[]) =>
    engine.add(prompts.map((prompt) => newJob(prompt, folder))).map(({ id }) => id);

  async function until(system: JobSystem, id: string, state: JobState): Promise<void> {
    while (system.engine.get(id)?.state !== state) await sleep(5);
  }

  it('starts nothing when it is opened: no timer, no request, no look at a file', async () => {
    const calls: string[] = [];
    const noted = <T extends object>(part: T): T =>
      Object.fromEntries(
        Object.entries(part).map(([name, call]: [string, (...args: unknown[]) => unknown]) => {
          const wrapped = (...args: unknown[]) => {
            calls.push(name);
            return call(...args);
          };
          return [name, wrapped];
        }),
      ) as T;
    const { clock, files, syncFiles } = nodePlatform;
    const platform: Platform = {
      ...nodePlatform,
      clock: noted(clock),
      files: noted(files),
      syncFiles: noted(syncFiles),
    };
    ask(openSystem(), 'left behind');
    const system = openSystem({ platform });
    await sleep(20);
    assert.deepEqual(
      new Set(calls.splice(0)),
      new Set(['mkdirSync', 'isOnNetworkSync', 'inodeSync', 'readdirSync', 'monotonicMs']),
    );
    assert.deepEqual([sent, statesOf(system, ids(system))], [[], ['queued']]);
    system.start();
    assert.ok(calls.includes('every') && calls.includes('readdir'), calls.join());
  });

  const ids = ({ engine }: JobSystem) => engine.listRecent(10).map(({ id }) => id);

  it('keeps what is asked for before its start, and marks it for the next window', async () => {
    const { unfinishedMarker } = storageLayout(join(folder, 'storage'));
    const idle = openSystem();
    assert.equal(existsSync(unfinishedMarker), false);
    const [id = ''] = ask(idle, 'later');
    await idle.close();
    assert.deepEqual([existsSync(unfinishedMarker), sent, isClosed], [true, [], true]);
    const next = openSystem();
    next.start();
    await until(next, id, 'running');
    next.engine.stop(id);
    while (existsSync(unfinishedMarker)) await sleep(5);
  });

  it('works on its own jobs only, when that is asked of it', async () => {
    const window = openSystem();
    const theirs = ask(window, 'of a window', 'of a window too');
    const temp = storageLayout(join(folder, 'storage')).temp;
    await mkdir(temp);
    await writeFile(join(temp, 'job.part'), '');
    const command = openSystem({ worksOn: 'own' });
    command.start();
    const own = ask(command, 'of a command');
    await until(command, own[0] ?? '', 'running');
    assert.deepEqual(statesOf(command, theirs), ['queued', 'queued']);
    assert.deepEqual(await readdir(temp), ['job.part']);
    await command.close();
    window.start();
    for (const id of theirs) await until(window, id, 'running');
  });

  it('keeps to the number of tasks that any window has set', async () => {
    const window = openSystem();
    window.engine.setMaxConcurrent(1);
    const command = openSystem();
    const [first = '', second = ''] = ask(command, 'first', 'second');
    command.start();
    await until(command, first, 'running');
    assert.deepEqual([command.store.maxConcurrent(), statesOf(command, [second])], [1, ['queued']]);
    command.engine.setMaxConcurrent(2);
    await until(command, second, 'running');
  });

  it('works with four tasks at once until a window says otherwise', () => {
    const system = openSystem();
    assert.equal(system.store.maxConcurrent(), 4);
    system.engine.setMaxConcurrent(7);
    assert.equal(openSystem().store.maxConcurrent(), 7);
  });

  it('refuses references that only an editor can read, and names them', async () => {
    const system = openSystem();
    system.start();
    const job = { ...newJob('like this', folder), references: ['virtual:/a/fox%20one.png'] };
    const [asked] = system.engine.add([job]);
    const [ended] = await system.engine.whenSettled([asked?.id ?? ''], never);
    assert.ok(ended?.state === 'failed');
    assert.deepEqual(
      [ended.error.code, ended.error.reference],
      ['badRequest', { name: 'fox one.png', problem: 'unreadable' }],
    );
    assert.deepEqual(sent, []);
  });

  it('tells every window that the history was cleared, in whichever it was', async () => {
    const [one, other] = [openSystem(), openSystem()];
    const told: string[] = [];
    one.onDidClearHistory(() => told.push('one'));
    other.onDidClearHistory(() => told.push('other'));
    other.start();
    one.engine.cancel(ask(one, 'a fox')[0]!);
    assert.equal((await one.history.summarize({})).over, 1);
    assert.equal(await one.history.clear({}), 1);
    assert.deepEqual(told, ['one']);
    while (!told.includes('other')) await sleep(5);
  });

  for (const state of ['submitting', 'running', 'downloading'] as const)
    it(`breaks off a job that is ${state} when it is closed, and gives it back`, async () => {
      const hanging = (signal: AbortSignal) =>
        new Promise<never>((_resolve, reject) => {
          const breakOff = () => {
            reject(new Error('broken off'));
          };
          signal.addEventListener('abort', breakOff);
          if (signal.aborted) breakOff();
        });
      const network: Transport = {
        ...transport,
        async send(request) {
          const answer = await transport.send(request);
          if (state === 'submitting' && request.method === 'POST')
            return await hanging(request.signal);
          if (state !== 'downloading') return answer;
          const results = ['https://media.example/fox.png'];
          const task = { id: 'task-1', status: 'completed', results };
          return { ...answer, body: Readable.from([Buffer.from(JSON.stringify(task))]) };
        },
        get(url, signal) {
          sent.push(`GET ${url}`);
          return hanging(signal);
        },
      };
      const first = openSystem({ network });
      first.start();
      const [id = ''] = ask(first, 'a fox');
      await until(first, id, state);
      // Never, if the job were not broken off.
      await first.close();
      open.pop();
      const before = sent.length;
      const next = openSystem({ network });
      next.start();
      while (sent.length === before) await sleep(5);
    });

  it('ends a clearing of the history when it is closed', async () => {
    const system = openSystem();
    const ids = ask(system, ...Array.from({ length: 100 }, () => 'a fox'));
    ids.forEach((id) => system.engine.cancel(id));
    const clearing = system.history.clear({});
    const outcome = assert.rejects(clearing, { code: 'cancelled' });
    await system.close();
    await outcome;
    const [next] = [openSystem()];
    const { over } = await next.history.summarize({});
    assert(over > 0 && over < 100, String(over));
  });
});
