import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { JobActions } from '../../../src/editor/jobUi/jobActions.ts';
import { showJobPicker } from '../../../src/editor/jobUi/jobPicker.ts';
import type { Engine } from '../../../src/jobs/engine.ts';
import type { Job } from '../../../src/jobs/job.ts';

const spec = {
  model: 'gpt-image-1.5-lite',
  size: '1024x1024',
  quality: 'auto',
  references: [],
  createdAt: 1,
  variation: 1,
  idempotencyKey: 'image-studio-a',
  destination: { folderUri: 'file:///images', name: 'fox' },
};
const failed: Job = {
  ...{ ...spec, id: 'a', prompt: 'an old fox', state: 'failed', failedAt: 2 },
  error: { code: 'server', message: 'Down' },
};
const alone: Job = { ...failed, id: 'b', prompt: 'a lonely fox' };
const running: Job = {
  ...{ ...spec, id: 'c', prompt: 'an old fox', state: 'running', taskId: 't', acceptedAt: 3 },
  parentId: 'a',
};
const saved: Job = {
  ...{ ...running, state: 'saved', resultUrl: 'https://x.example/a.png', finishedAt: 4 },
  ...{ uri: 'file:///images/fox.png', sha256: 'ab', sizeBytes: 1, width: 1, height: 1, savedAt: 5 },
};

describe('the list of jobs', () => {
  const { createQuickPick } = vscode.window;
  let pick: vscode.QuickPick<vscode.QuickPickItem>;
  let standIn: Job;
  const engine = {
    listUnfinished: () => [standIn].filter(({ state }) => state === 'running'),
    listRecent: () => [standIn, failed, alone],
    listQueuedIds: () => [],
    countQueued: () => 0,
    heldModels: () => ({}),
    pause: () => undefined,
    retriesOf: ({ id }: Job) => (id === 'a' ? [standIn] : []),
    onDidChangeJob: () => () => undefined,
    onDidChangeQueue: () => () => undefined,
  } as unknown as Engine;
  const actions = {
    isFileMissing: () => Promise.resolve(false),
  } as unknown as JobActions;

  beforeEach(() => {
    Object.assign(vscode.window, {
      createQuickPick: () => (pick = createQuickPick.call(vscode.window)),
    });
  });

  afterEach(() => {
    pick.dispose();
    Object.assign(vscode.window, { createQuickPick });
  });

  function rowOf(prompt: string, status: RegExp) {
    const row = pick.items.find(
      ({ label, description = '' }) => label.includes(prompt) && status.test(description),
    );
    assert.ok(row, JSON.stringify(pick.items));
    return { status: row.description, buttons: row.buttons?.map(({ tooltip }) => tooltip) };
  }

  for (const [state, job, status] of [
    ['is under way', running, 'Failed · is being tried again'],
    ['is saved', saved, 'Failed · tried again, and saved'],
  ] as const)
    it(`offers no Try Again of a job in whose place another ${state}, and says so`, () => {
      standIn = job;
      showJobPicker(engine, actions);
      assert.deepEqual(rowOf('an old fox', /^Failed/), { status, buttons: ['Use This Prompt'] });
      assert.deepEqual(rowOf('a lonely fox', /^Failed/), {
        status: 'Failed',
        buttons: ['Try Again', 'Use This Prompt'],
      });
    });
});
