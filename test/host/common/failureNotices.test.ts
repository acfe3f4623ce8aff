import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { explainFailure } from '../../../src/editor/errors/explainFailure.ts';
import { failureMessage } from '../../../src/editor/errors/messages.ts';
import type { JobActions } from '../../../src/editor/jobUi/jobActions.ts';
import { registerJobNotices } from '../../../src/editor/jobUi/jobNotices.ts';
import type { Engine } from '../../../src/jobs/engine.ts';
import type { FailedJob, Job, JobError } from '../../../src/jobs/job.ts';

const unpaid: Omit<FailedJob, 'error'> = {
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
  state: 'failed',
  failedAt: 2,
};
const paid: Omit<FailedJob, 'error'> = {
  ...unpaid,
  taskId: 'task-1',
  acceptedAt: 2,
  resultUrl: 'https://media.example/fox.png',
  finishedAt: 3,
  isRecoverable: true,
};

const failed = (error: JobError): FailedJob => ({ ...unpaid, error });
const paidButFailed = (error: JobError): FailedJob => ({ ...paid, error });

/** What is told, and the buttons, the first of which helps most. */
const notices: [what: string, jobs: FailedJob[], message: string, buttons: string[]][] = [
  [
    'a prompt that moderation refused',
    [failed({ code: 'moderated', message: 'No blood.' })],
    'EvoLink refused this prompt: No blood.',
    ['Change Prompt', 'Show Log'],
  ],
  [
    'variations of a prompt that moderation refused',
    [
      failed({ code: 'moderated', message: 'No blood.' }),
      { ...failed({ code: 'moderated', message: 'No blood.' }), id: 'b' },
    ],
    '2 images: EvoLink refused this prompt: No blood.',
    ['Change Prompt', 'Show Log'],
  ],
  [
    'an image that is paid, and has no place on the disk',
    [paidButFailed({ code: 'writeFailed', message: 'The disk is full.' })],
    'The image is paid and safe, but not in its folder yet: The disk is full.',
    ['Save As…', 'Try Again', 'Show Log'],
  ],
  [
    'an image that is paid, and could not be fetched',
    [paidButFailed({ code: 'network', message: 'Connection lost.' })],
    'EvoLink cannot be reached: Connection lost. The image is paid; fetching it again costs nothing.',
    ['Try Again', 'Check Connection', 'Show Log'],
  ],
  [
    'an image that was never accepted',
    [failed({ code: 'writeFailed', message: 'The disk is full.' })],
    'The image could not be saved: The disk is full.',
    ['Try Again', 'Show Log'],
  ],
];

describe('the notice of an image that failed', () => {
  const { showErrorMessage } = vscode.window;
  let told: { message: string; buttons: string[] }[];

  beforeEach(() => {
    told = [];
    const show = (message: string, ...buttons: string[]) => {
      told.push({ message, buttons });
      return Promise.resolve(undefined);
    };
    Object.assign(vscode.window, { showErrorMessage: show });
  });
  afterEach(() => {
    Object.assign(vscode.window, { showErrorMessage });
  });

  for (const [what, jobs, message, buttons] of notices)
    it(`says what is so, and offers what helps: ${what}`, async () => {
      let tell: (job: Job) => void = () => undefined;
      const engine = {
        onDidChangeJob: (listener: typeof tell) => ((tell = listener), () => undefined),
        onDidChangeQueue: () => () => undefined,
        pause: () => undefined,
        heldModels: () => ({}),
      } as unknown as Engine;
      const ends = { isOpen: () => false };
      const notice = registerJobNotices(engine, {} as JobActions, () => false, ends);
      jobs.forEach((job) => tell(job));
      for (let looks = 0; told.length === 0 && looks < 250; looks += 1)
        await new Promise((soon) => setTimeout(soon, 20));
      notice.dispose();
      assert.deepEqual(told, [{ message, buttons }]);
    });

  for (const [what, [job]] of notices)
    it(`does not repeat itself when it is asked why: ${what}`, () => {
      assert.ok(job);
      const sentence = failureMessage(job);
      for (const paragraph of explainFailure(job)) {
        assert.ok(!paragraph.includes(job.error.message), paragraph);
        assert.ok(!sentence.includes(paragraph), paragraph);
      }
    });
});
