import type { Job, SubmittingJob } from '../job.ts';
import { type JobEvent, specOf, transition } from '../transition.ts';

export type Accepted = Extract<JobEvent, { type: 'accepted' }>;

/** A job whose task another job stands for. Nothing is lost: that one saves the image. */
export function failedAsKnown(job: Job, { taskId, at }: Pick<Accepted, 'taskId' | 'at'>): Job {
  const message = `Another image here stands for its task ${taskId} already`;
  return transition(job, { type: 'failed', at, error: { code: 'conflict', message } });
}

/** A job for a task that the one which asked for it can no longer take: the task is paid. */
export function strayJob(asked: Job, event: Accepted, id: string): Job {
  const submitting: SubmittingJob = {
    ...specOf(asked),
    id,
    parentId: asked.id,
    state: 'submitting',
    attempt: 1,
    imageUrls: [],
  };
  return transition(submitting, event);
}
