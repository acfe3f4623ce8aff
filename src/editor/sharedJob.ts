import { askedFileOf, type Job, type JobState } from '../jobs/job.ts';
import { wholeLine } from './say/plainLine.ts';

/** A job as other extensions are told it. Plain data of their own; changes to it are versioned. */
export interface SharedJob {
  readonly id: string;
  readonly state: JobState;
  readonly prompt: string;
  readonly model: string;
  readonly size: string;
  readonly quality: string;
  readonly references: readonly string[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly parentId?: string;
  readonly taskId?: string;
  readonly progress?: number;
  readonly credits?: number;
  readonly uri?: string;
  readonly error?: { readonly code: string; readonly message: string };
}

/** A copy without what is ours alone: keys that repeat a request, addresses that open an image. */
export function toSharedJob(job: Job): SharedJob {
  const { id, state, prompt, model, size, quality, createdAt, parentId } = job;
  const { taskId, progress, credits, error } = job as Partial<SharedJob>;
  const uri = job.state === 'saved' ? askedFileOf(job) : undefined;
  return {
    ...{ id, state, prompt, model, size, quality, createdAt },
    references: [...job.references],
    ...(parentId !== undefined && { parentId }),
    ...(taskId !== undefined && { taskId }),
    ...(progress !== undefined && { progress }),
    ...(credits !== undefined && { credits }),
    ...(uri !== undefined && { uri }),
    ...(error !== undefined && { error: { code: error.code, message: wholeLine(error.message) } }),
  };
}
