import assert from 'node:assert/strict';
import { toSharedJob } from '../../../src/editor/sharedJob.ts';
import type { Job } from '../../../src/jobs/job.ts';
import { editorLink, hostileTexts } from './say/hostileTexts.ts';

const spec = {
  id: 'a',
  prompt: 'a fox',
  model: 'gpt-image-1.5-lite',
  size: '1024x1024',
  quality: 'auto',
  references: ['https://example.com/a.png'],
  createdAt: 1,
};
const ours = {
  variation: 1,
  idempotencyKey: 'image-studio-a',
  destination: { folderUri: 'file:///images', name: 'fox' },
  workspaceUri: 'file:///',
};

describe('a job as other extensions are told it', () => {
  it('is what was promised, and nothing that is ours alone', () => {
    const job: Job = {
      ...spec,
      ...ours,
      state: 'downloading',
      taskId: 'task-1',
      acceptedAt: 2,
      credits: 3,
      resultUrl: 'https://media.example/secret',
      finishedAt: 4,
    };
    const shared = { ...spec, state: 'downloading', taskId: 'task-1', credits: 3 };
    assert.deepEqual(toSharedJob(job), shared);
  });

  it('names the file that was asked for, as the answer of a command does', () => {
    const original = { uri: 'file:///a.png', sha256: 'a', sizeBytes: 1, width: 1, height: 1 };
    const job = { ...spec, ...ours, ...original, state: 'saved' } as unknown as Job;
    assert.equal(toSharedJob(job).uri, original.uri);
    const converted = { ...original, uri: 'file:///a.webp' };
    assert.equal(toSharedJob({ ...job, converted } as Job).uri, converted.uri);
  });

  it('says why it failed by code and message alone', () => {
    const error = { code: 'network', message: 'No way', proxy: 'http://proxy', requestId: 'r' };
    const job = { ...spec, ...ours, state: 'failed', failedAt: 5, error } as Job;
    assert.deepEqual(toSharedJob(job).error, { code: 'network', message: 'No way' });
  });

  it('says so in one line that forms no link, as others may show it', () => {
    for (const message of Object.values(hostileTexts)) {
      const error = { code: 'server', message };
      const job = { ...spec, ...ours, state: 'failed', failedAt: 5, error } as Job;
      const shown = toSharedJob(job).error?.message ?? assert.fail();
      assert.doesNotMatch(shown, editorLink);
      assert.doesNotMatch(shown, /[\p{Cc}\u2028\u2029]/u);
      assert.ok(shown.length <= 1_001);
    }
  });

  it('is a copy: what others do to it changes no job', () => {
    const job: Job = { ...spec, ...ours, state: 'queued' };
    (toSharedJob(job).references as string[]).push('mine');
    assert.equal(job.references.length, 1);
  });
});
