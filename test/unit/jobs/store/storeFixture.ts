import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job } from '../../../../src/jobs/job.ts';
import type { ClaimRules } from '../../../../src/jobs/store/claims.ts';
import { openStore, type Store } from '../../../../src/jobs/store/store.ts';
import { platformWith } from '../../../support/jobSystemOptions.ts';
import { spec } from '../sampleJobs.ts';

/** A store of its own for each test, and the windows that have it open. */
export class StoreFixture {
  folder = '';
  open: Store[] = [];
  /** Processes that run. */
  alive = new Set<number>();
  #created = 1000;

  /** To be called in a `describe`. */
  use(): this {
    beforeEach(async () => {
      this.folder = await mkdtemp(join(tmpdir(), 'store-'));
      this.open = [];
      this.alive = new Set([1, 2, 3]);
    });
    afterEach(async () => {
      for (const store of this.open.splice(0)) store.close();
      await rm(this.folder, { recursive: true });
    });
    return this;
  }

  /** A window of its own on the same file, known by its process. */
  window(pid: number, host = 'this-machine'): Store {
    const store = openStore({
      path: join(this.folder, 'jobs.sqlite'),
      platform: platformWith({
        processes: { pid, host, isAlive: (process) => this.alive.has(process) },
      }),
    });
    this.open.push(store);
    return store;
  }

  /** What a window leaves behind that never said goodbye. */
  crash(store: Store, pid: number): void {
    this.alive.delete(pid);
    this.open.splice(this.open.indexOf(store), 1);
  }

  queued(id: string, more: object = {}): Job {
    this.#created += 1;
    return { ...spec, id, createdAt: this.#created, ...more, state: 'queued' };
  }
}

export function claim(
  store: Store,
  { maxConcurrent = 100, ...more }: Partial<ClaimRules> & { maxConcurrent?: number } = {},
): string[] {
  store.setMaxConcurrent(maxConcurrent);
  const rules = { isOpen: () => true, isAtWork: () => true, ...more };
  return idsOf(store.claim(rules));
}

export function idsOf(jobs: readonly Job[]): string[] {
  return jobs.map(({ id }) => id);
}

/** Ids of what waits or is under way, in the order of the queue. */
export function queueOf(store: Store): string[] {
  return idsOf(store.listUnfinished());
}
