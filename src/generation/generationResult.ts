import * as vscode from 'vscode';
import type { ErrorCode } from '../appError.ts';
import { errorMessage, failureMessage } from '../editor/errors/messages.ts';
import { type HeldModels, holdOf } from '../jobs/heldModels.ts';
import { askedFileOf, type Job, type JobError } from '../jobs/job.ts';
import type { QueuePause } from '../jobs/queuePause.ts';
import { fillIn, nested } from '../editor/say/fillIn.ts';

/** What a command that makes images answers with. */
export interface GenerationResult {
  images: { uri: vscode.Uri; taskId: string; jobId: string }[];
  failures: { code: ErrorCode; message: string; jobId: string }[];
}

/** Of a request that was not submitted. A new one each time: whoever gets it may change it. */
export function emptyResult(): GenerationResult {
  return { images: [], failures: [] };
}

/** What became of jobs. One that has not ended counts as a failure, with the reason. */
export function toResult(
  jobs: readonly Job[],
  pause: QueuePause | undefined,
  held: HeldModels = {},
): GenerationResult {
  const result = emptyResult();
  for (const job of jobs) {
    if (job.state === 'saved') {
      const uri = vscode.Uri.parse(askedFileOf(job), true);
      result.images.push({ uri, taskId: job.taskId, jobId: job.id });
    } else {
      result.failures.push({ ...failureOf(job, pause, holdOf(held, job.model)), jobId: job.id });
    }
  }
  return result;
}

function failureOf(
  job: Job,
  pause: QueuePause | undefined,
  modelError: JobError | undefined,
): { code: ErrorCode; message: string } {
  switch (job.state) {
    case 'failed':
    case 'unconfirmed':
      return { code: job.error.code, message: failureMessage(job) };
    case 'queued':
      if (modelError)
        return {
          code: modelError.code,
          message: fillIn(
            vscode.l10n.t(
              '{0} The image waits until you choose another model, or try again; it has cost nothing.',
            ),
            nested(errorMessage(modelError)),
          ),
        };
      if (pause?.error && pause.reason !== 'credits')
        return {
          code: pause.error.code,
          message: fillIn(
            vscode.l10n.t('{0} The image waits, and goes on by itself.'),
            nested(errorMessage(pause.error)),
          ),
        };
      return {
        code: 'credits',
        message: vscode.l10n.t('Waits for credits, and goes on when the queue is continued.'),
      };
    case 'downloading':
      // It is being saved, and the user no longer waits for it.
      if (!job.isWaitingForWorkspace)
        return { code: 'cancelled', message: vscode.l10n.t('Cancelled.') };
      return {
        code: 'noWorkspace',
        message: vscode.l10n.t('Finished, and saved as soon as its workspace is open.'),
      };
    case 'uploading':
    case 'submitting':
    case 'running':
    case 'saved':
    case 'cancelled':
    case 'stopped':
      return { code: 'cancelled', message: vscode.l10n.t('Cancelled.') };
  }
}
