import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { LocalizedError } from '../../../src/editor/errors/localizedError.ts';
import { toLocalizedError } from '../../../src/editor/errors/errorActions.ts';
import { jobsByIds } from '../../../src/commands/jobsByIds.ts';
import { endJobs } from '../../../src/editor/jobUi/endJobs.ts';
import { createJobActions, type JobActionDeps } from '../../../src/editor/jobUi/jobActions.ts';
import type { Engine } from '../../../src/jobs/engine.ts';
import type { Job, SavedJob } from '../../../src/jobs/job.ts';
import { TransitionError } from '../../../src/jobs/transition.ts';
import { OwnedElsewhereError } from '../../../src/jobs/store/storeErrors.ts';
import { workspaceFolder } from '../hostContext.ts';

const spec = {
  id: 'a',
  prompt: 'a fox',
  model: 'gpt-image-1.5-lite',
  size: '1024x1024',
  quality: 'auto',
  references: [],
  createdAt: 1,
  variation: 1,
  idempotencyKey: 'image-studio-a',
  destination: { folderUri: 'file:///images', name: 'fox' },
};
const running: Job = { ...spec, state: 'running', taskId: 'task-1', acceptedAt: 2 };
const unconfirmed: Job = {
  ...spec,
  state: 'unconfirmed',
  error: { code: 'network', message: 'Lost' },
};

function savedIn(folder: vscode.Uri): SavedJob {
  const uri = vscode.Uri.joinPath(folder, 'again.png').toString();
  const image = { uri, sha256: 'ab', sizeBytes: 1, width: 1, height: 1, savedAt: 4 };
  const finished = { resultUrl: 'https://x.example/a.png', finishedAt: 3 };
  return { ...spec, taskId: 'task-1', acceptedAt: 2, ...finished, ...image, state: 'saved' };
}

describe('what a click does about a job', () => {
  const calls: string[] = [];
  let current: Job;
  let mayUpload: () => Promise<void>;
  /** What stands in its place already. */
  let inPlace: Job | undefined;
  const engine = {
    get: () => current,
    // As it answers for a job of another window, whatever the state of that job.
    cancel: () => calls.push('cancel') > 0,
    stop: () => calls.push('stop') > 0,
    retry(id: string) {
      calls.push('retry');
      return inPlace
        ? { job: inPlace, isNew: false }
        : { job: { ...current, id: `${id}2` }, isNew: true };
    },
    retriesOf: () => (inPlace ? [inPlace] : []),
    whenFree: (work: () => unknown) => Promise.resolve(work()),
  } as unknown as Engine;
  const deps: Partial<JobActionDeps> = {
    engine,
    costOf: () => 'about 5 credits, as last time',
    ensureMayUpload: async (references) => {
      calls.push(`may upload ${references.join(' ')}`);
      await mayUpload();
    },
  };
  const actions = createJobActions(deps as JobActionDeps);
  const { showWarningMessage, showInformationMessage } = vscode.window;
  const informed: unknown[][] = [];

  beforeEach(() => {
    calls.length = 0;
    informed.length = 0;
    inPlace = undefined;
    mayUpload = () => Promise.resolve();
    const firstButton = (...args: unknown[]) => Promise.resolve(args[2]);
    const closed = (...args: unknown[]) => Promise.resolve(void informed.push(args));
    Object.assign(vscode.window, {
      showWarningMessage: firstButton,
      showInformationMessage: closed,
    });
  });

  afterEach(() => {
    Object.assign(vscode.window, { showWarningMessage, showInformationMessage });
  });

  it('stops a paid job of another window, instead of asking that window to cancel it', async () => {
    current = running;
    await actions.end(running);
    assert.deepEqual(calls, ['stop']);
  });

  it('asks once about all that are paid, and cancels the others for nothing', async () => {
    const jobs: Job[] = [
      running,
      { ...running, id: 'b' },
      { ...spec, id: 'c', state: 'queued' },
      { ...spec, id: 'd', state: 'cancelled' },
    ];
    const engineOfMany = {
      get: (id: string) => jobs.find((job) => job.id === id),
      cancel: (id: string) => calls.push(`cancel ${id}`) > 0,
      stop: (id: string) => calls.push(`stop ${id}`) > 0 && id !== 'b',
      whenFree: (work: () => unknown) => Promise.resolve(work()),
    } as unknown as Engine;
    const asked: string[] = [];
    const answers = [undefined, 'Stop Watching'];
    const ask = (question: string) => {
      asked.push(question);
      return Promise.resolve(answers.shift());
    };
    Object.assign(vscode.window, { showWarningMessage: ask });
    await endJobs(engineOfMany, jobs);
    assert.deepEqual(calls, ['cancel c']);
    calls.length = 0;
    await endJobs(engineOfMany, jobs);
    assert.deepEqual(calls, ['cancel c', 'stop a', 'stop b']);
    assert.deepEqual(asked, Array(2).fill('2 of 3 images are submitted and paid.'));
    // One moved on while the question was there.
    assert.match(String(informed[0]?.[0]), /^This image cannot be stopped now/);
  });

  it('is done about all images of a line, however many', () => {
    const get = (id: string) => (id === 'gone' ? undefined : { ...running, id });
    const ids = Array.from({ length: 100 }, (_, index) => String(index));
    assert.deepEqual(
      jobsByIds({ get }, ids).map(({ id }) => id),
      ids,
    );
    for (const wrong of [[], ['gone'], [1], Array<string>(1_001).fill('a')])
      assert.throws(() => jobsByIds({ get }, wrong), { code: 'badRequest' });
  });

  it('pays no second time for a notice that is older than its answer', async () => {
    current = { ...unconfirmed, isSettled: true };
    await assert.rejects(actions.submitAgain(unconfirmed), { code: 'conflict' });
    assert.deepEqual(calls, []);
    current = unconfirmed;
    await actions.submitAgain(unconfirmed);
    assert.deepEqual(calls, ['may upload ', 'retry']);
  });

  it('says that an image is tried again already, and where the one is that was saved', async () => {
    const failed: Job = { ...spec, state: 'failed', error: unconfirmed.error, failedAt: 2 };
    current = failed;
    inPlace = { ...running, id: 'b' };
    assert.deepEqual(await actions.tryAgain(failed), [failed]);
    assert.match(
      String(informed[0]?.[0]),
      /already being tried again\. Nothing more was requested/,
    );
    assert.deepEqual(await actions.makeAgain(failed), []);
    assert.deepEqual(calls, ['may upload ', 'retry'], 'without a question about paying');
    assert.equal(informed.length, 2);
    const saved = {
      uri: 'file:///images/fox.png',
      sha256: 'ab',
      sizeBytes: 1,
      width: 1,
      height: 1,
    };
    const finished = { ...running, resultUrl: 'https://x.example/a.png', finishedAt: 3 };
    inPlace = { ...finished, ...saved, id: 'b', state: 'saved', savedAt: 4 };
    await actions.tryAgain(failed);
    assert.deepEqual(informed[2], ['This image was tried again already, and is saved.', 'Open']);
    inPlace = failed;
    assert.deepEqual(
      await actions.tryAgain(failed),
      [],
      'one that moved on is replaced by nothing',
    );
  });

  it('uploads nothing again that the user does not want uploaded', async () => {
    const failed: Job = {
      ...spec,
      state: 'failed',
      references: ['file:///a.png'],
      error: { code: 'server', message: 'Down' },
      failedAt: 2,
    };
    current = failed;
    mayUpload = () => Promise.reject(new LocalizedError('forbidden', 'Never.'));
    await assert.rejects(actions.tryAgain(failed), { code: 'forbidden' });
    await assert.rejects(actions.makeAgain(failed), { code: 'forbidden' });
    assert.deepEqual(calls, ['may upload file:///a.png', 'may upload file:///a.png']);
    mayUpload = () => Promise.resolve();
    await actions.tryAgain(failed);
    assert.deepEqual(calls.slice(2), ['may upload file:///a.png', 'retry']);
  });

  it('says what it costs to make an image again, and makes none without a yes', async () => {
    const asked: unknown[][] = [];
    const closed = (...args: unknown[]) => Promise.resolve(void asked.push(args));
    Object.assign(vscode.window, { showWarningMessage: closed });
    current = running;
    await assert.rejects(actions.makeAgain(running), { code: 'cancelled' });
    assert.deepEqual(calls, []);
    const [[question, options] = []] = asked;
    assert.equal(question, 'Make this image again?');
    assert.match((options as vscode.MessageOptions).detail ?? '', /paid again: about 5 credits/);
  });

  const failed: Job = { ...spec, state: 'failed', error: unconfirmed.error, failedAt: 2 };

  it('says that an image has moved on, and asks for nothing, by a button of an old notice', async () => {
    for (const gone of [undefined, running]) {
      current = gone as Job;
      for (const press of [
        () => actions.tryAgain(failed),
        () => actions.makeAgain(failed),
        () => actions.lookUp(unconfirmed),
        () => actions.saveAs(failed),
        () => actions.makeRoom(failed),
        () => actions.resume(failed),
      ])
        await assert.rejects(press(), { code: 'conflict' });
    }
    assert.deepEqual([calls, informed], [[], []]);
  });

  it('makes no image again whose file is there again', async () => {
    const saved = savedIn(workspaceFolder());
    await vscode.workspace.fs.writeFile(vscode.Uri.parse(saved.uri), new Uint8Array([1]));
    current = saved;
    assert.deepEqual(await actions.makeAgain({ ...failed, taskId: 'task-1' }), []);
    assert.deepEqual(calls, []);
    assert.match(String(informed[0]?.[0]), /again\.png is there\. Nothing was requested\./);
    await vscode.workspace.fs.delete(vscode.Uri.parse(saved.uri));
    await actions.makeAgain(saved);
    assert.deepEqual(calls, ['may upload ', 'retry']);
  });

  it('is told with a code and words of ours, whatever failed', () => {
    const full = Object.assign(new Error('disk full'), { code: 'ERR_SQLITE_ERROR' });
    for (const [thrown, code] of [
      [new TransitionError(running, { type: 'settled' }), 'conflict'],
      [new OwnedElsewhereError('a'), 'conflict'],
      [full, 'writeFailed'],
      ['nonsense', 'internal'],
    ] as const) {
      const error = toLocalizedError(thrown);
      assert.equal(error.code, code);
      assert.match(error.message, /[a-z]\.$|: .+/);
      assert.equal(toLocalizedError(error), error);
    }
  });
});
