import { statSync } from 'node:fs';
import type { Chance } from '../chance.ts';
import type { MountName, Plan, Trouble } from '../plan.ts';
import type { Disk } from './disk.ts';
import type { EncoderFault } from './encoder.ts';
import type { Exchange, NetworkFault } from './network.ts';
import { documented, type TaskFate } from './provider.ts';
import type { Scheduler } from './scheduler.ts';
import { isWrite, type SimDatabase, type StoreFault } from './simDatabase.ts';
import type { FileCall, FileFault } from './simFiles.ts';
import type { SimWindow } from './simWindow.ts';

export interface TroublesOptions {
  plan: Plan;
  scheduler: Scheduler;
  disk: Disk;
  chances: Record<'network' | 'disk' | 'store' | 'tasks' | 'encoder', Chance>;
}

/** What is wrong with the world just now, and whom it meets. */
export class Troubles {
  /** Stores that have lost an index, by the number of their file. */
  readonly damagedStores = new Set<number>();
  readonly #options: TroublesOptions;
  readonly #all: { trouble: Trouble; fromMs: number; untilMs: number }[] = [];

  constructor(options: TroublesOptions) {
    this.#options = options;
  }

  /** @returns how long it lasts, in milliseconds. */
  begin(trouble: Trouble): number {
    const { scheduler, plan } = this.#options;
    const fromMs = scheduler.nowMs;
    const untilMs = Math.min(fromMs + trouble.forMs, plan.lengthMs);
    this.#all.push({ trouble, fromMs, untilMs });
    return untilMs - fromMs;
  }

  endAll(): void {
    this.#all.length = 0;
  }

  isForgetful(): boolean {
    return this.#active('forgetful').length > 0;
  }

  networkFaultOf({ route }: Exchange): NetworkFault | undefined {
    const { network } = this.#options.chances;
    return this.#active('network').find(
      (trouble) =>
        (trouble.route === 'any' || trouble.route === route) && network.isHit(trouble.share),
    )?.fault;
  }

  encoderFault(): EncoderFault | undefined {
    const { encoder } = this.#options.chances;
    return this.#active('encoder').find(({ share }) => encoder.isHit(share))?.fault;
  }

  /** `path#mode` stands for the mode of a copy. */
  fileFaultOf(call: FileCall, path: string): FileFault | undefined {
    const mount = mountOf(path);
    const code = this.#traitOf(call, path, mount);
    if (code !== undefined) return { code };
    const { disk } = this.#options.chances;
    return this.#active('disk').find(
      (trouble) => trouble.mount === mount && trouble.call === call && disk.isHit(trouble.share),
    );
  }

  /** What the file system of this path never does. */
  #traitOf(call: FileCall, path: string, mount: MountName): string | undefined {
    const { plan, disk } = this.#options;
    const traits = plan.traits[mount];
    if (!traits) return undefined;
    if (call === 'link') return traits.linkCode;
    if (call === 'copyfile')
      return traits.refusesMode && path.endsWith('#mode') ? 'late' : undefined;
    if (!disk.isFolder(path)) return undefined;
    if (call === 'mkdir') return traits.mkdirCode;
    return call === 'open' && traits.refusesFolders ? 'EPERM' : undefined;
  }

  storeFaultOf(
    database: SimDatabase,
    sql: string,
    { nowMs }: SimWindow,
  ): { fault: StoreFault; leftMs: number } | undefined {
    if (this.damagedStores.size > 0 && sql.includes('max(seq)')) {
      const inode = statSync(database.path, { throwIfNoEntry: false })?.ino ?? -1;
      if (this.damagedStores.has(inode)) return { fault: 'corrupt', leftMs: Infinity };
    }
    const { plan, chances } = this.#options;
    const isReading = !isWrite(sql);
    // Without a shared journal, whoever reads may have to wait as well.
    if (isReading && plan.hasSharedMemory) return undefined;
    for (const { trouble, fromMs, untilMs } of this.#all)
      if (trouble.type === 'store' && nowMs >= fromMs && nowMs < untilMs)
        if (mayMeet(trouble.fault, isReading) && chances.store.isHit(trouble.share))
          return { fault: trouble.fault, leftMs: untilMs - nowMs };
    return undefined;
  }

  fateOfTask(): TaskFate {
    const chance = this.#options.chances.tasks;
    const fate: TaskFate = {
      takesMs: chance.between(8_000, 90_000),
      outcome: 'completed',
      emptyMs: 0,
      lateMs: 0,
      dialect: documented,
    };
    for (const { type: _, forMs: __, share, ...changed } of this.#active('tasks'))
      if (chance.isHit(share)) Object.assign(fate, changed);
    return fate;
  }

  #active<T extends Trouble['type']>(type: T): Extract<Trouble, { type: T }>[] {
    const { nowMs } = this.#options.scheduler;
    return this.#all.flatMap(({ trouble, fromMs, untilMs }) =>
      trouble.type === type && nowMs >= fromMs && nowMs < untilMs
        ? [trouble as Extract<Trouble, { type: T }>]
        : [],
    );
  }
}

/** What is damaged is known by its file, and a full disk can be read. */
function mayMeet(fault: StoreFault, isReading: boolean): boolean {
  return isReading ? fault === 'busy' || fault === 'ioerr' : fault !== 'corrupt';
}

/** The file system that a path is on. */
export function mountOf(path: string): MountName {
  if (path.startsWith('/project/')) return 'work';
  return path.startsWith('/shared/') ? 'shared' : 'home';
}
