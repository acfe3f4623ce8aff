/** One task. Its state is a pure function of the time, its planned outcome and its drawn image. */
import { createHash } from 'node:crypto';
import type { CreateRequest } from './createRequest.ts';
import type { TaskFault } from './faults.ts';
import type { TaskRecord, TaskStatus } from './types.ts';

/** At most one fault of each kind. */
export type Outcome = { readonly [Kind in TaskFault['kind']]?: Extract<TaskFault, { kind: Kind }> };

export interface TaskPlan {
  readonly id: string;
  readonly key: string;
  readonly idempotencyKey?: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly request: CreateRequest;
  readonly createdAt: number;
  readonly durationMs: number;
  readonly credits: number;
  readonly estimatedS: number;
  readonly outcome: Outcome;
}

/** The format of its image. */
export function formatOf({ outcome, request }: TaskPlan): 'png' | 'webp' | 'jpeg' {
  const asked = request.format === 'webp' || request.format === 'jpeg' ? request.format : 'png';
  return outcome.imageFormat?.format ?? asked;
}

export interface TaskError {
  readonly code: string;
  readonly message: string;
}

export interface DrawnImage {
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly mimeType: string;
}

export function drawnImage(bytes: Buffer, mimeType: string): DrawnImage {
  return { bytes, mimeType, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** How much of its time a task waits before it is worked on. */
const pendingShare = 0.1;

export class Task {
  readonly plan: TaskPlan;
  readonly startsAt: number;
  readonly endsAt: number;
  status: TaskStatus = 'pending';
  progress = 0;
  finishedAt: number | undefined;
  error: TaskError | undefined;
  #image: DrawnImage | undefined;
  #drawnAt = 0;
  /** Why no image was drawn. */
  trouble: TaskError | undefined;
  creditsUsed = 0;
  queries = 0;
  emptyAnswers = 0;
  unknownAnswers = 0;
  resultFetches = 0;
  resultDelivered = 0;

  constructor(plan: TaskPlan) {
    this.plan = plan;
    this.startsAt = plan.createdAt + plan.durationMs * pendingShare;
    this.endsAt = plan.createdAt + plan.durationMs;
  }

  get image(): DrawnImage | undefined {
    return this.#image;
  }

  setImage(image: DrawnImage, now: number): void {
    this.#image = image;
    this.#drawnAt = now;
  }

  get isFinished(): boolean {
    return this.finishedAt !== undefined;
  }

  /** Moves on to `now`; true when the task has just ended. */
  advance(now: number): boolean {
    if (this.isFinished) return false;
    if (now >= this.startsAt) this.status = 'processing';
    const share = (now - this.startsAt) / (this.endsAt - this.startsAt);
    const progress = Math.min(99, Math.max(this.status === 'processing' ? 1 : 0, share * 100));
    if (Number.isFinite(progress)) this.progress = Math.max(this.progress, Math.floor(progress));
    if (this.plan.outcome.stuck !== undefined || now < this.endsAt) return false;
    return this.#end();
  }

  #end(): boolean {
    const { failed, cancelled } = this.plan.outcome;
    if (cancelled !== undefined) this.status = 'cancelled';
    else if (failed !== undefined || this.trouble !== undefined) {
      this.status = 'failed';
      this.error = failed === undefined ? this.trouble : failureOf(failed);
    } else if (this.image === undefined) return false;
    else this.status = 'completed';
    this.progress = this.status === 'completed' ? 100 : 0;
    // The time of the end, not of the query that finds it.
    this.finishedAt = Math.max(this.endsAt, this.#drawnAt);
    return true;
  }

  record(resultUrl: string): TaskRecord {
    const { id, key, idempotencyKey, request, body, createdAt, credits } = this.plan;
    const image = this.status === 'completed' ? this.image : undefined;
    return {
      id,
      key,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      prompt: request.prompt,
      body,
      createdAt,
      ...(this.finishedAt === undefined ? {} : { finishedAt: this.finishedAt }),
      status: this.status,
      progress: this.progress,
      ...(image && { sha256: image.sha256, sizeBytes: image.bytes.length, resultUrl }),
      ...(this.error && { error: this.error }),
      creditsReserved: this.isFinished ? 0 : credits,
      creditsUsed: this.creditsUsed,
      queries: this.queries,
      resultFetches: this.resultFetches,
      resultDelivered: this.resultDelivered,
    };
  }
}

export function failureOf(fault: { readonly code?: string; readonly message?: string }): TaskError {
  return {
    code: fault.code ?? 'generation_failed_no_content',
    message: fault.message ?? 'The model returned no image',
  };
}
