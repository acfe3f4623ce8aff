import type {
  CancelledJob,
  DownloadingJob,
  FailedJob,
  JobError,
  QueuedJob,
  RunningJob,
  SavedJob,
  StoppedJob,
  SubmittingJob,
  UnconfirmedJob,
  UploadingJob,
  JobSpec,
} from '../../../src/jobs/job.ts';
import type { SavedImage } from '../../../src/jobs/resultFiles.ts';

export const spec: JobSpec = {
  id: 'job-1',
  prompt: 'A red fox in the snow',
  model: 'gpt-image-1.5-lite',
  size: '1024x1024',
  quality: 'auto',
  references: ['https://example.com/a.png'],
  createdAt: 1000,
  parentId: 'job-0',
  variation: 1,
  idempotencyKey: 'image-studio-job-1',
  destination: { folderUri: 'file:///images', name: '${promptSlug}' },
  workspaceUri: 'file:///workspace',
};

export const error: JobError = { code: 'server', message: 'x' };
export const image: SavedImage = {
  uri: 'file:///images/fox.png',
  sha256: 'ab',
  sizeBytes: 7,
  width: 1024,
  height: 1024,
};

const paid = { taskId: 'task-1', acceptedAt: 2000, credits: 2.5, actualModel: 'gpt-image-1.5' };
const finished = { ...paid, resultUrl: 'https://files.example/a.png', finishedAt: 3000 };
const imageUrls = ['https://example.com/a.png'];

/** A job in every state there is, as rich as it can be. */
export const sample = {
  queued: { ...spec, state: 'queued' } satisfies QueuedJob,
  uploading: {
    ...spec,
    state: 'uploading',
    progress: 50,
    sentBytes: 20,
    totalBytes: 40,
  } satisfies UploadingJob,
  submitting: { ...spec, state: 'submitting', attempt: 1, imageUrls } satisfies SubmittingJob,
  'submitting again': {
    ...spec,
    state: 'submitting',
    attempt: 2,
    imageUrls,
  } satisfies SubmittingJob,
  running: {
    ...spec,
    ...paid,
    state: 'running',
    progress: 40,
    progressAt: 2500,
    estimatedMs: 60_000,
  } satisfies RunningJob,
  downloading: { ...spec, ...finished, state: 'downloading' } satisfies DownloadingJob,
  waitingForWorkspace: {
    ...spec,
    ...finished,
    state: 'downloading',
    isWaitingForWorkspace: true,
    target: { uri: image.uri, sha256: image.sha256 },
  } satisfies DownloadingJob,
  saved: { ...spec, ...finished, ...image, state: 'saved', savedAt: 4000 } satisfies SavedJob,
  'failed before it was paid': {
    ...spec,
    state: 'failed',
    error,
    failedAt: 4000,
  } satisfies FailedJob,
  'failed by the provider': {
    ...spec,
    ...paid,
    state: 'failed',
    error,
    failedAt: 4000,
  } satisfies FailedJob,
  'failed, recoverable': {
    ...spec,
    ...paid,
    state: 'failed',
    error,
    failedAt: 4000,
    isRecoverable: true,
  } satisfies FailedJob,
  'failed to be saved': {
    ...spec,
    ...finished,
    state: 'failed',
    error,
    failedAt: 4000,
    isRecoverable: true,
  } satisfies FailedJob,
  cancelled: { ...spec, state: 'cancelled' } satisfies CancelledJob,
  stopped: { ...spec, ...paid, state: 'stopped' } satisfies StoppedJob,
  'stopped with a result': { ...spec, ...finished, state: 'stopped' } satisfies StoppedJob,
  unconfirmed: { ...spec, state: 'unconfirmed', error } satisfies UnconfirmedJob,
};
