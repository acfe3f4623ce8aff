/** All tasks of the server, with their credits and idempotency keys. */
import { createHash } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { CreateRequest } from './createRequest.ts';
import { drawImage } from './drawing/drawImage.ts';
import type { FileStore } from './fileStore.ts';
import type { Billing } from './billing.ts';
import { formatOf, Task } from './task.ts';
import type { Outcome, TaskPlan } from './task.ts';
import type { OfflineBehaviour } from './types.ts';

export interface NewTask {
  readonly key: string;
  readonly idempotencyKey?: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly request: CreateRequest;
  readonly outcome: Outcome;
}

/** What the store needs of the server around it. */
export interface TaskSurroundings {
  readonly behaviour: OfflineBehaviour;
  readonly clock: Clock;
  readonly billing: Billing;
  readonly files: FileStore;
  readonly random: () => number;
}

interface Replay {
  readonly bodyHash: string;
  readonly task: Task;
}

const idAlphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${name}:${canonicalJson(field)}`).join(',')}}`;
}

function hashOf(body: unknown): string {
  return createHash('sha256').update(canonicalJson(body)).digest('hex');
}

export class TaskStore {
  readonly #around: TaskSurroundings;
  readonly #tasks = new Map<string, Task>();
  readonly #replays = new Map<string, Replay>();

  constructor(around: TaskSurroundings) {
    this.#around = around;
  }

  /** Makes the task and reserves its credits. */
  create(newTask: NewTask): Task {
    const { behaviour, clock, billing } = this.#around;
    const credits = newTask.request.credits ?? behaviour.creditsPerTask;
    billing.reserve(credits);
    const createdAt = clock.now();
    const task = new Task({
      ...newTask,
      id: this.#newId(createdAt),
      createdAt,
      durationMs: this.#duration(newTask.outcome),
      credits,
      estimatedS: behaviour.estimatedS ?? Math.max(1, Math.ceil(behaviour.taskMs / 1000)),
    });
    this.#tasks.set(task.plan.id, task);
    this.#remember(task.plan, task);
    void this.#draw(task);
    return task;
  }

  /** The task of an earlier call with this key, or `clash` when the body was another. */
  replay(key: string, idempotencyKey: string, body: unknown): Task | 'clash' | undefined {
    const replay = this.#replays.get(`${key}\n${idempotencyKey}`);
    if (replay === undefined) return undefined;
    return replay.bodyHash === hashOf(body) ? this.#settle(replay.task) : 'clash';
  }

  /** A task that has not expired, as it is now. */
  find(id: string): Task | undefined {
    const task = this.#tasks.get(id);
    if (task === undefined || this.#isExpired(task)) return undefined;
    return this.#settle(task);
  }

  /** The task whose result this is, expired or not. */
  findForResult(id: string): Task | undefined {
    const task = this.#tasks.get(id);
    return task && this.#settle(task);
  }

  isResultExpired(task: Task): boolean {
    const { behaviour, clock } = this.#around;
    return clock.now() > (task.finishedAt ?? Infinity) + behaviour.resultLifeMs;
  }

  /** Oldest first, the expired ones too. */
  all(): Task[] {
    return [...this.#tasks.values()].map((task) => this.#settle(task));
  }

  /** What an account may list: newest first. */
  listFor(key: string): Task[] {
    return this.all()
      .filter((task) => task.plan.key === key && !this.#isExpired(task))
      .reverse();
  }

  /** The bytes behind a URL of this server's own, a result's or a file's. */
  readUrl(url: string): Buffer | undefined {
    const id = /\/images\/([^/]+)\.\w+$/.exec(url)?.[1];
    return this.#tasks.get(id ?? '')?.image?.bytes ?? this.#around.files.read(url);
  }

  #references(urls: readonly string[]): Buffer[] {
    return urls.map((url) => this.readUrl(url)).filter((bytes) => bytes !== undefined);
  }

  #isExpired(task: Task): boolean {
    const { behaviour, clock } = this.#around;
    return clock.now() > task.plan.createdAt + behaviour.taskLifeMs;
  }

  #newId(createdAt: number): string {
    let id: string;
    do {
      const letters = Array.from({ length: 8 }, () =>
        idAlphabet.charAt(Math.floor(this.#around.random() * idAlphabet.length)),
      );
      id = `task-unified-${String(Math.floor(createdAt / 1000))}-${letters.join('')}`;
    } while (this.#tasks.has(id));
    return id;
  }

  #duration(outcome: Outcome): number {
    const { behaviour, random } = this.#around;
    if (outcome.takes !== undefined) return outcome.takes.ms;
    return behaviour.taskMs * (1 + behaviour.jitter * (2 * random() - 1));
  }

  #remember(plan: TaskPlan, task: Task): void {
    if (plan.idempotencyKey === undefined || !this.#around.behaviour.idempotency) return;
    const replay = { bodyHash: hashOf(plan.body), task };
    this.#replays.set(`${plan.key}\n${plan.idempotencyKey}`, replay);
  }

  #settle(task: Task): Task {
    const { clock, files, billing } = this.#around;
    if (task.isFinished) return task;
    const now = clock.now();
    if (now >= task.startsAt) {
      const missing = task.plan.request.imageUrls.find((url) => files.isGone(url, task.startsAt));
      if (missing !== undefined) {
        const message = `Failed to fetch the reference image: ${missing}`;
        task.trouble = { code: 'image_processing_error', message };
      }
    }
    if (!task.advance(now)) return task;
    if (task.status === 'completed') {
      billing.charge(task.plan.credits);
      task.creditsUsed = task.plan.credits;
    } else billing.refund(task.plan.credits);
    return task;
  }

  async #draw(task: Task): Promise<void> {
    const { behaviour, clock } = this.#around;
    const { id, request } = task.plan;
    try {
      const image = await drawImage(
        {
          taskId: id,
          prompt: request.prompt,
          width: request.width,
          height: request.height,
          referenceCount: request.imageUrls.length,
          references: behaviour.drawing === 'fast' ? [] : this.#references(request.imageUrls),
        },
        behaviour.drawing,
        formatOf(task.plan),
      );
      task.setImage(image, clock.now());
    } catch (error) {
      // An image that cannot be drawn is a fault of this server: it must be seen in the test.
      task.trouble = { code: 'service_error', message: `Drawing failed: ${String(error)}` };
    }
  }
}
