import type { Chance } from '../chance.ts';

/** Who an event belongs to. Nothing happens to the dead; what happens to the frozen happens later. */
export interface Owner {
  name: string;
  isDead: boolean;
  /** Virtual milliseconds until which nothing of it runs. */
  frozenUntilMs: number;
}

interface Event {
  atMs: number;
  /** Decides between events of the same moment. */
  tie: number;
  order: number;
  owner: Owner | undefined;
  run: () => void;
  isCancelled: boolean;
}

/** A timer that repeats. */
interface Repeated {
  periodMs: number;
  dueMs: number;
  owner: Owner;
  run: () => void;
  cancel: () => void;
}

/** Of the time since something happened, so much passes between two calls of a timer. */
const dozing = 0.1;

export interface SchedulerOptions {
  chance: Chance;
  /** An event threw. */
  onThrown: (thrown: unknown, owner: Owner | undefined) => void;
}

/** Captured before anything forbids real timers. */
const nextTurn = setImmediate;

/**
 * Virtual time: one queue of events, in the order of their time, and of chance where the time is the
 * same. Between two events everything runs that awaits nothing but what has happened.
 */
export class Scheduler {
  nowMs = 0;
  eventCount = 0;
  readonly #heap: Event[] = [];
  readonly #options: SchedulerOptions;
  readonly #repeated = new Set<Repeated>();
  #lastActivityMs = 0;
  #order = 0;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** @returns what takes the event back. */
  after(ms: number, owner: Owner | undefined, run: () => void): () => void {
    const event: Event = {
      atMs: this.nowMs + Math.max(0, Number.isFinite(ms) ? ms : 0),
      tie: this.#options.chance.next(),
      order: (this.#order += 1),
      owner,
      run,
      isCancelled: false,
    };
    this.#push(event);
    return () => {
      event.isCancelled = true;
    };
  }

  /**
   * Again and again. When nothing happens for long, all such timers slow down, as on a machine that
   * dozes: days pass in few steps. @returns what ends it.
   */
  every(periodMs: number, owner: Owner, run: () => void): () => void {
    const repeated: Repeated = { periodMs, dueMs: 0, owner, run, cancel: () => undefined };
    this.#repeated.add(repeated);
    this.#repeat(repeated, this.#quietPeriod(periodMs));
    return () => {
      this.#repeated.delete(repeated);
      repeated.cancel();
    };
  }

  #repeat(repeated: Repeated, afterMs: number): void {
    repeated.dueMs = this.nowMs + afterMs;
    repeated.cancel = this.after(afterMs, repeated.owner, () => {
      this.#repeat(repeated, this.#quietPeriod(repeated.periodMs));
      repeated.run();
    });
  }

  #quietPeriod(periodMs: number): number {
    return Math.max(periodMs, (this.nowMs - this.#lastActivityMs) * dozing);
  }

  /** Something has happened that matters: all timers are awake again. */
  noteActivity(): void {
    this.#lastActivityMs = this.nowMs;
    for (const repeated of this.#repeated) {
      if (repeated.owner.isDead) this.#repeated.delete(repeated);
      if (repeated.dueMs <= this.nowMs + repeated.periodMs) continue;
      repeated.cancel();
      this.#repeat(repeated, repeated.periodMs);
    }
  }

  /** Runs until `isDone`, asked after each event, or until nothing is left or `untilMs` is reached. */
  async run(untilMs: number, isDone: () => boolean): Promise<void> {
    await settle();
    while (!isDone()) {
      const event = this.#heap[0];
      if (!event || event.atMs > untilMs) {
        this.nowMs = Math.max(this.nowMs, untilMs);
        return;
      }
      this.#pop();
      if (event.isCancelled || event.owner?.isDead) continue;
      if (event.owner && event.owner.frozenUntilMs > event.atMs) {
        event.atMs = event.owner.frozenUntilMs;
        this.#push(event);
        continue;
      }
      this.nowMs = Math.max(this.nowMs, event.atMs);
      this.eventCount += 1;
      try {
        event.run();
      } catch (thrown) {
        this.#options.onThrown(thrown, event.owner);
      }
      await settle();
    }
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: Event, b: Event): boolean {
  if (a.atMs !== b.atMs) return a.atMs < b.atMs;
  if (a.tie !== b.tie) return a.tie < b.tie;
  return a.order < b.order;
}

/** Lets all promises and ticks run that wait for nothing outside. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    nextTurn(resolve);
  });
}
