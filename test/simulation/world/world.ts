import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Job, JobState } from '../../../src/jobs/job.ts';
import { type JobSystem, openJobSystem } from '../../../src/jobs/openJobSystem.ts';
import { type Chance, chanceOf } from '../chance.ts';
import { Ledger, type Violation } from '../checks/ledger.ts';
import type { Plan, PlanEvent, Trouble, WindowName } from '../plan.ts';
import type { Trace } from '../trace.ts';
import { Disk } from './disk.ts';
import { createSimConverter } from './encoder.ts';
import { createSimTransport, type NetworkOptions } from './network.ts';
import { apiUrls, filesUrl, Provider } from './provider.ts';
import { imageOf } from './resultImage.ts';
import { Scheduler } from './scheduler.ts';
import { createSimPlatform } from './simPlatform.ts';
import { KilledError, type Machine, SimWindow } from './simWindow.ts';
import { StoreFile } from './storeFile.ts';
import { mountOf, Troubles } from './troubles.ts';

/** A window with what runs in it. */
export interface OpenWindow {
  window: SimWindow;
  system: JobSystem;
}

const startOfTimeMs = Date.UTC(2026, 2, 1, 9);
const reopenMs = 10_000;
/** An editor waits so long for an extension that closes. */
const closingMs = 5_000;
const plenty = 1e6;

/** A folder of memory, where there is one: the store writes through to its disk. */
const fastFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const folders = { work: '/project/images', shared: '/shared/images' } as const;
export type FolderName = keyof typeof folders;

/**
 * All that the job system meets: computers, windows, a disk, the way to the provider, and the
 * provider. It knows the whole truth.
 */
export class World {
  readonly plan: Plan;
  readonly trace: Trace;
  readonly scheduler: Scheduler;
  readonly disk: Disk;
  readonly provider: Provider;
  readonly ledger: Ledger;
  readonly store: StoreFile;
  readonly violations: Violation[] = [];
  /** Whom a user would use; a window that died is no longer there. */
  readonly windows = new Map<WindowName, OpenWindow>();
  /** Processes that run, with or without their window. */
  readonly running = new Set<OpenWindow>();
  readonly machines: readonly Machine[];
  /** All jobs that a user asked for, and the state that was last told of each. */
  readonly asked = new Map<string, JobState>();
  readonly storageFolder: string;
  readonly resultFolders: readonly string[] = Object.values(folders);
  readonly referencePaths: readonly string[];
  key = 'key-of-alice';
  apiUrl: string = apiUrls[0];
  /** Jobs may have gone with a store that no window could keep. */
  isStoreLost = false;
  /** Somebody took the store away, or put an old one in its place. */
  isHistoryLost = false;
  /** Names that were taken away may have come back. */
  wasPowerCut = false;
  isHealed = false;
  readonly #root: string;
  readonly #troubles: Troubles;
  readonly #opened = new Map<string, number>();
  readonly #chances: Record<
    'network' | 'disk' | 'store' | 'tasks' | 'encoder' | 'ids' | 'random' | 'ties',
    Chance
  >;
  readonly #cuts: { state: JobState; count: number }[] = [];
  #ids = 0;

  constructor(plan: Plan, trace: Trace) {
    this.plan = plan;
    this.trace = trace;
    const chance = (label: string) => chanceOf(plan.seed, label);
    this.#chances = {
      network: chance('network'),
      disk: chance('disk'),
      store: chance('store'),
      tasks: chance('tasks'),
      encoder: chance('encoder'),
      ids: chance('ids'),
      random: chance('random'),
      ties: chance('ties'),
    };
    this.scheduler = new Scheduler({
      chance: this.#chances.ties,
      onThrown: (thrown, owner) => this.onThrown(thrown, owner?.name ?? 'the world'),
    });
    const nowMs = () => this.scheduler.nowMs;
    this.disk = new Disk(
      nowMs,
      {
        onName: (change) => this.ledger.onName(change),
        onContent: (node) => this.ledger.onContent(node),
      },
      // Where a folder cannot be written through, its names are written at once.
      (folder) => plan.traits[mountOf(folder)]?.refusesFolders === true,
    );
    const { scheduler, disk } = this;
    this.#troubles = new Troubles({ plan, scheduler, disk, chances: this.#chances });
    this.provider = new Provider({
      nowMs,
      fateOf: () => this.#troubles.fateOfTask(),
      onTask: (task) => {
        const seconds = ((task.endsMs - task.createdMs) / 1000).toFixed(1);
        const what = `${task.id} will be ${task.outcome} in ${seconds} s`;
        this.trace.add('provider', `${what}: ${task.idempotencyKey}`);
        this.ledger.onTask(task);
      },
      hasBatch: () => plan.hasBatch,
      isForgetful: () => this.#troubles.isForgetful(),
    });
    this.ledger = new Ledger({
      provider: this.provider,
      nowMs,
      resultFolders: this.resultFolders,
      onViolation: (violation) => {
        this.trace.add('', `BROKEN ${violation.check}: ${violation.message}`);
        this.violations.push(violation);
      },
    });
    this.#root = mkdtempSync(join(fastFolder, 'image-studio-simulation-'));
    this.storageFolder = join(this.#root, 'home');
    mkdirSync(this.storageFolder);
    this.store = new StoreFile(
      join(this.storageFolder, 'jobs.sqlite'),
      join(this.#root, 'backup.sqlite'),
      nowMs,
    );
    for (const folder of ['/project/references', '/shared', this.storageFolder])
      this.disk.makeFolder(folder);
    this.referencePaths = [0, 1, 2].map((n) => `/project/references/reference-${String(n)}.png`);
    for (const path of this.referencePaths)
      this.disk.write(this.disk.create(path, 'open'), imageOf(path));
    this.machines = Array.from({ length: plan.machines }, (_, index) => ({
      name: `machine ${String(index + 1)}`,
      wallOffsetMs: startOfTimeMs,
      lastPid: 100,
      pids: new Set(),
    }));
  }

  dispose(): void {
    for (const { window } of [...this.running]) window.kill('the end');
    rmSync(this.#root, { recursive: true, force: true });
  }

  folderUri(folder: FolderName): string {
    return pathToFileURL(folders[folder]).href;
  }

  onThrown(thrown: unknown, who: string): void {
    if (isOfTheDead(thrown)) return;
    const text = thrown instanceof Error ? String(thrown.stack) : String(thrown);
    this.ledger.broken('unhandled', `in ${who}: ${text}`);
  }

  /** An event of the plan, but for what users do. */
  apply(event: PlanEvent): void {
    switch (event.type) {
      case 'open':
        this.open(event.window, this.#machine(event.machine), event.folders);
        return;
      case 'close':
        this.close(event.window);
        return;
      case 'kill':
        this.windows.get(event.window)?.window.kill('killed');
        return;
      case 'hang':
        this.#hang(event.window);
        return;
      case 'freeze':
        this.windows.get(event.window)?.window.freeze(event.forMs);
        return;
      case 'fuse':
        this.windows.get(event.window)?.window.lightFuse(event.moment, event.count);
        return;
      case 'powerCut':
        if (event.after) this.#cuts.push({ ...event.after });
        else this.#cutPower();
        return;
      case 'clock':
        this.#machine(event.machine).wallOffsetMs += event.byMs;
        this.ledger.haveClocksJumped = true;
        return;
      case 'key':
        this.setAccount(event.key, this.apiUrl);
        return;
      case 'baseUrl':
        this.setAccount(this.key, apiUrls[event.index] ?? apiUrls[0]);
        return;
      case 'storeFile':
        this.#changeStoreFile(event.how);
        return;
      case 'ask':
      case 'act':
        throw new Error('Users do that');
      default:
        this.#begin(event);
    }
  }

  #machine(index: number): Machine {
    return this.machines[index] ?? this.machines[0]!;
  }

  #begin(trouble: Trouble): void {
    const lastsMs = this.#troubles.begin(trouble);
    const { provider, store, scheduler } = this;
    const holder = trouble.type === 'revoked' ? provider.keys.get(trouble.key) : undefined;
    if (holder) {
      holder.isRevoked = true;
      scheduler.after(lastsMs, undefined, () => {
        holder.isRevoked = false;
      });
    }
    if (trouble.type === 'noCredits') {
      provider.credits.set(trouble.account, 0);
      scheduler.after(lastsMs, undefined, () => {
        provider.credits.set(trouble.account, plenty);
      });
    }
    if (trouble.type === 'store' && trouble.fault === 'corrupt' && store.inode !== undefined)
      this.#troubles.damagedStores.add(store.inode);
  }

  /** Opens a window, unless one of that name is there. */
  open(name: WindowName, machine: Machine, openFolders: readonly string[]): void {
    if (this.windows.has(name)) return;
    const number = (this.#opened.get(name) ?? 0) + 1;
    this.#opened.set(name, number);
    const window = new SimWindow({
      name: number === 1 ? name : `${name}${String(number)}`,
      machine,
      scheduler: this.scheduler,
      onDeath: (dead, moment) => this.#onDeath(dead, moment),
    });
    this.trace.add(window.name, `opens on ${machine.name}`);
    try {
      this.#start(name, window, openFolders);
    } catch (thrown) {
      if (thrown instanceof KilledError) return;
      this.trace.add(window.name, `cannot open: ${String(thrown)}`);
      if (!isRefusal(thrown)) this.onThrown(thrown, window.name);
      window.kill('cannot open');
      this.scheduler.after(reopenMs, undefined, () => this.open(name, machine, openFolders));
    }
  }

  #start(name: WindowName, window: SimWindow, openFolders: readonly string[]): void {
    const openUris = new Set(openFolders.map((folder) => this.folderUri(folder as FolderName)));
    const { scheduler, disk } = this;
    const system = openJobSystem({
      storageFolder: this.storageFolder,
      apiKey: () => window.answer(this.#chances.network.between(0, 5), () => this.key),
      apiBaseUrl: () => this.apiUrl,
      filesBaseUrl: () => filesUrl,
      network: createSimTransport(this.#networkOptions(), window),
      isOpen: (uri) => uri === undefined || openUris.has(uri),
      keepsUploads: () => this.plan.keepsUploads,
      converter: createSimConverter(window, this.#chances.encoder, () =>
        this.#troubles.encoderFault(),
      ),
      isWindowResponsive: () =>
        window.isHung ? new Promise(() => undefined) : window.answer(1, () => undefined),
      onQuarantine: ({ path, reason }: { path: string; reason: string }) => {
        this.trace.add(window.name, `puts the store aside as ${path} (${reason})`);
        if (reason !== 'damaged')
          this.ledger.broken('storeTaken', `a ${reason} store is put aside`);
      },
      log: (line) => this.trace.add(window.name, `  ${line}`),
      platform: createSimPlatform(
        {
          scheduler,
          disk,
          troubles: this.#troubles,
          chances: this.#chances,
          newId: () => this.#newId(),
          hasSharedMemory: this.plan.hasSharedMemory,
          onWeakCommit: () => this.store.beforeWeakCommit(),
        },
        window,
      ),
    });
    const open = { window, system };
    this.running.add(open);
    this.windows.set(name, open);
    system.engine.setMaxConcurrent(this.plan.maxConcurrent);
    system.engine.onDidChangeJob((job) => this.#onJob(window, job));
    system.start();
  }

  /** As an editor closes its window. */
  close(name: WindowName): void {
    const open = this.windows.get(name);
    if (!open) return;
    this.windows.delete(name);
    const { window, system } = open;
    this.trace.add(window.name, 'closes');
    this.scheduler.after(closingMs, undefined, () => window.kill('closed by force'));
    this.attempt(window, () => {
      system.close().then(
        () => window.kill('closed'),
        (thrown: unknown) => this.onThrown(thrown, window.name),
      );
    });
  }

  /** Runs what a user does in a window; it may be killed by that. */
  attempt(window: SimWindow, work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.onThrown(thrown, window.name);
    }
  }

  /** As a user sets another key, or another address. */
  setAccount(key: string, apiUrl: string): void {
    this.ledger.onImpatience();
    this.key = key;
    this.apiUrl = apiUrl;
    for (const { window, system } of this.windows.values())
      this.attempt(window, () => {
        system.engine.connectionChanged();
      });
  }

  /** No fault begins or lasts any more, and clocks are right. */
  heal(): void {
    this.isHealed = true;
    this.#troubles.endAll();
    for (const machine of this.machines) machine.wallOffsetMs = startOfTimeMs;
    this.store.makeReadable();
  }

  /** Shaped like a UUID, and short in what differs, to be read in a trace. */
  #newId(): string {
    this.#ids += 1;
    const random = this.#chances.ids
      .below(2 ** 32)
      .toString(16)
      .padStart(8, '0');
    return `${random}-0000-4000-8000-${String(this.#ids).padStart(12, '0')}`;
  }

  #networkOptions(): NetworkOptions {
    return {
      scheduler: this.scheduler,
      provider: this.provider,
      chance: this.#chances.network,
      faultOf: (exchange) => this.#troubles.networkFaultOf(exchange),
      onSent: (exchange, headers) => this.ledger.onSent(exchange, headers),
      onAskedToWait: (exchange, waitMs) => this.ledger.onAskedToWait(exchange, waitMs),
      onEnded: (exchange, outcome, wasSent) => {
        this.ledger.onEnded(exchange, wasSent);
        const { window, route, url, idempotencyKey } = exchange;
        const what = idempotencyKey ?? new URL(url).pathname;
        this.trace.add(window.name, `${route} ${what} → ${outcome}`);
      },
    };
  }

  #onJob(window: SimWindow, job: Job): void {
    this.scheduler.noteActivity();
    this.ledger.onRequest(job.idempotencyKey);
    this.#countToCut(job.state);
    if (this.asked.get(job.id) === job.state) return;
    this.asked.set(job.id, job.state);
    const task = 'taskId' in job ? ` ${job.taskId}` : '';
    const error = 'error' in job ? ` (${job.error.code}: ${job.error.message})` : '';
    this.trace.add(window.name, `job ${job.id.slice(0, 8)} is ${job.state}${task}${error}`);
    if (job.state === 'failed') this.ledger.onFailed(job);
  }

  #countToCut(state: JobState): void {
    for (const cut of this.#cuts) {
      if (cut.state !== state) continue;
      cut.count -= 1;
      if (cut.count !== 0) continue;
      const soonMs = this.#chances.disk.pick([0, 1, 5, 20, 1_000, 10_000]);
      this.scheduler.after(soonMs, undefined, () => {
        if (!this.isHealed) this.#cutPower();
      });
    }
  }

  /** Its page is gone, and the process does not know. */
  #hang(name: WindowName): void {
    const window = this.windows.get(name)?.window;
    if (!window) return;
    window.isHung = true;
    this.windows.delete(name);
  }

  #onDeath(dead: SimWindow, moment: string): void {
    this.trace.add(dead.name, `ends: ${moment}`);
    for (const [name, { window }] of this.windows) if (window === dead) this.windows.delete(name);
    for (const open of this.running) if (open.window === dead) this.running.delete(open);
    // What was in a file that is deleted has gone with it.
    const { inodes } = this.store;
    if ([...dead.openStores].some((inode) => !inodes.has(inode))) this.#loseStore();
  }

  #cutPower(): void {
    this.trace.add('plan', 'the power is cut');
    this.wasPowerCut = true;
    for (const { window } of [...this.running]) window.kill('the power is cut');
    this.disk.cutPower(this.#chances.disk);
    this.ledger.onPowerCut(this.disk.files());
    this.store.cutPower();
  }

  #changeStoreFile(how: 'deleted' | 'copied' | 'rewound' | 'newer'): void {
    const { store } = this;
    if (!store.exists) return;
    if (how === 'newer') {
      store.makeNewer();
      return;
    }
    if (how === 'copied') {
      store.copy();
      return;
    }
    this.isHistoryLost = true;
    const { inode } = store;
    if (how === 'deleted') store.delete();
    else if (!store.rewind()) return;
    this.ledger.onHistoryLost();
    const isKept = [...this.running].some(({ window }) => window.openStores.has(inode!));
    if (!isKept) this.#loseStore();
  }

  /** What users have set has gone with it. */
  #loseStore(): void {
    this.isStoreLost = true;
    this.ledger.pausedByUserMs = undefined;
  }
}

/** Whether it comes from a window that was killed, however it was wrapped. */
export function isOfTheDead(thrown: unknown): boolean {
  for (let at = thrown; at instanceof Error; at = at.cause)
    if (at instanceof KilledError) return true;
  return false;
}

/** A window may refuse to open over a store that it cannot use. */
function isRefusal(thrown: unknown): boolean {
  const { code } = (thrown ?? {}) as { code?: unknown };
  return typeof code === 'string';
}
