/** The state of one offline server, behind its three origins. */
import { startingBehaviour } from './behaviour.ts';
import { Clock } from './clock.ts';
import { FaultBook } from './faultBook.ts';
import { FileStore } from './fileStore.ts';
import { Billing } from './billing.ts';
import { seededRandom } from './random.ts';
import { RequestLog } from './requestLog.ts';
import { formatOf, type Task } from './task.ts';
import { TaskStore } from './taskStore.ts';
import type { OfflineBehaviour, OfflineOptions, OriginName } from './types.ts';

export class ServerState {
  readonly #options: OfflineOptions;
  readonly clock = new Clock();
  readonly faults = new FaultBook();
  readonly log = new RequestLog();
  readonly behaviour: OfflineBehaviour;
  readonly originUrls: Record<OriginName, string> = { api: '', files: '', media: '' };
  files: FileStore;
  billing: Billing;
  tasks: TaskStore;
  #random: () => number;

  constructor(options: OfflineOptions) {
    this.#options = options;
    this.behaviour = startingBehaviour(options);
    this.#random = seededRandom(options.seed ?? 1);
    this.files = this.#newFiles();
    this.billing = new Billing(this.behaviour.credits);
    this.tasks = this.#newTasks();
  }

  newRequestId(): string {
    const digits = Array.from({ length: 12 }, () => String(Math.floor(this.#random() * 10)));
    return `req-${String(this.clock.now())}${digits.join('')}`;
  }

  resultUrl(task: Task): string {
    const extension = formatOf(task.plan);
    return `${this.originUrls.media}/images/${task.plan.id}.${extension}`;
  }

  configure(change: Partial<OfflineBehaviour>): void {
    Object.assign(this.behaviour, change);
    if (change.credits !== undefined) this.billing.setRemaining(change.credits);
  }

  reset(): void {
    this.clock.reset();
    this.faults.clear();
    this.log.clear();
    Object.assign(this.behaviour, { estimatedS: undefined }, startingBehaviour(this.#options));
    this.files.close();
    this.#random = seededRandom(this.#options.seed ?? 1);
    this.files = this.#newFiles();
    this.billing = new Billing(this.behaviour.credits);
    this.tasks = this.#newTasks();
  }

  #newFiles(): FileStore {
    return new FileStore(this.behaviour, this.clock, () => this.originUrls.files);
  }

  #newTasks(): TaskStore {
    const { behaviour, clock, billing, files } = this;
    return new TaskStore({ behaviour, clock, billing, files, random: () => this.#random() });
  }
}
