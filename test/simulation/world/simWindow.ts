import type { Scheduler, Owner } from './scheduler.ts';

/** Thrown by the doors of a window that was killed, so that its turn ends. */
export class KilledError extends Error {
  constructor() {
    super('The window was killed');
    this.name = 'KilledError';
  }
}

/** `afterName`: a file has just got a name by a link or a rename. */
export type KillMoment = 'beforeCommit' | 'afterCommit' | 'afterName' | 'step';

/** A computer, or a container on one: what shares a clock on the wall and a table of processes. */
export interface Machine {
  name: string;
  /** What the wall clock shows at the beginning, and how far it was set since. */
  wallOffsetMs: number;
  lastPid: number;
  /** Processes that run. */
  readonly pids: Set<number>;
}

/**
 * A process with one window. When it is killed, its doors never answer again: what it awaits never
 * comes, and what it calls throws.
 */
export class SimWindow implements Owner {
  readonly name: string;
  readonly machine: Machine;
  readonly pid: number;
  readonly bornMs: number;
  isDead = false;
  frozenUntilMs = 0;
  /** Its page does not answer any more; the process goes on. */
  isHung = false;
  /** When it was last frozen or hung: others may have taken its jobs since. */
  hamperedMs = -Infinity;
  /** How long it was blocked in this turn. */
  blockedMs = 0;
  /** Numbers of the store's files that it has open, or had at its end. */
  readonly openStores = new Set<number>();
  #blockedUntilMs = -Infinity;
  readonly #scheduler: Scheduler;
  readonly #onDeath: (window: SimWindow, moment: string) => void;
  readonly #closers = new Set<() => void>();
  #fuse: { moment: KillMoment; left: number } | undefined;

  constructor(options: {
    name: string;
    machine: Machine;
    scheduler: Scheduler;
    onDeath: (window: SimWindow, moment: string) => void;
  }) {
    this.name = options.name;
    this.machine = options.machine;
    this.machine.lastPid += 1;
    this.pid = this.machine.lastPid;
    this.machine.pids.add(this.pid);
    this.#scheduler = options.scheduler;
    this.#onDeath = options.onDeath;
    this.bornMs = options.scheduler.nowMs;
  }

  /** To be called by every door that answers at once. @throws KilledError */
  requireAlive(): void {
    if (this.isDead) throw new KilledError();
  }

  /** Kills it at the so-manieth moment of this kind from now on. */
  lightFuse(moment: KillMoment, left: number): void {
    this.#fuse = { moment, left };
  }

  /** A moment at which it may be killed. @throws KilledError when it is. */
  pass(moment: KillMoment): void {
    this.requireAlive();
    if (this.#fuse?.moment !== moment) return;
    this.#fuse.left -= 1;
    if (this.#fuse.left > 0) return;
    this.kill(moment);
    throw new KilledError();
  }

  kill(moment: string): void {
    if (this.isDead) return;
    this.isDead = true;
    this.machine.pids.delete(this.pid);
    for (const close of this.#closers) close();
    this.#closers.clear();
    this.#onDeath(this, moment);
  }

  /** What the system does when the process ends. @returns what takes it back. */
  atDeath(close: () => void): () => void {
    this.#closers.add(close);
    return () => this.#closers.delete(close);
  }

  /** The whole process stands still for a while. */
  freeze(ms: number): void {
    this.frozenUntilMs = Math.max(this.frozenUntilMs, this.#scheduler.nowMs + ms);
    if (ms > 1_000) this.hamperedMs = this.frozenUntilMs;
  }

  /** It waits within its turn, and whatever comes next for it comes after that. */
  block(ms: number): void {
    this.blockedMs += ms;
    this.#blockedUntilMs = this.nowMs + ms;
    this.freeze(this.#blockedUntilMs - this.#scheduler.nowMs);
  }

  /** Virtual time as it has it: what it waits for passes within the event that makes it wait. */
  get nowMs(): number {
    return Math.max(this.#scheduler.nowMs, this.#blockedUntilMs);
  }

  /** Whether it has been at work all the time since `ms`. */
  isHealthySince(ms: number): boolean {
    return !this.isDead && !this.isHung && this.hamperedMs < ms;
  }

  /** An answer that comes later, and never to the dead. */
  answer<T>(afterMs: number, act: () => T): Promise<T> {
    this.pass('step');
    return new Promise((resolve) => {
      this.#scheduler.after(afterMs, this, () => {
        resolve((async () => act())());
      });
    });
  }
}
