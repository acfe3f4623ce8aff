import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { LocalizedError } from '../../../src/editor/errors/localizedError.ts';
import { toLocalizedError } from '../../../src/editor/errors/errorActions.ts';
import { createJobActions, type JobActionDeps } from '../../../src/editor/jobUi/jobActions.ts';
import type { Engine } from '../../../src/jobs/engine.ts';
import { type Job, TransitionError } from '../../../src/jobs/job.ts';
import { OwnedElsewhereError } from '../../../src/jobs/store/storeErrors.ts';

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

describe('what a click does about a job', () => {
  const calls: string[] = [];
  let current: Job;
  let mayUpload: () => Promise<void>;
  const engine = {
    get: () => current,
    // As it answers for a job of another window, whatever the state of that job.
    cancel: () => calls.push('cancel') > 0,
    stop: () => calls.push('stop') > 0,
    retry: () => calls.push('retry'),
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
  const { showWarningMessage } = vscode.window;

  beforeEach(() => {
    calls.length = 0;
    mayUpload = () => Promise.resolve();
    const firstButton = (...args: unknown[]) => Promise.resolve(args[2]);
    Object.assign(vscode.window, { showWarningMessage: firstButton });
  });

  afterEach(() => {
    Object.assign(vscode.window, { showWarningMessage });
  });

  it('stops a paid job of another window, instead of asking that window to cancel it', async () => {
    current = running;
    await actions.end(running);
    assert.deepEqual(calls, ['stop']);
  });

  it('pays no second time for a notice that is older than its answer', async () => {
    current = { ...unconfirmed, isSettled: true };
    await assert.rejects(actions.submitAgain(unconfirmed), { code: 'conflict' });
    assert.deepEqual(calls, []);
    current = unconfirmed;
    await actions.submitAgain(unconfirmed);
    assert.deepEqual(calls, ['may upload ', 'retry']);
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
    await assert.rejects(actions.makeAgain(running), { code: 'cancelled' });
    assert.deepEqual(calls, []);
    const [[question, options] = []] = asked;
    assert.equal(question, 'Make this image again?');
    assert.match((options as vscode.MessageOptions).detail ?? '', /paid again: about 5 credits/);
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
