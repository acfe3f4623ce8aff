import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Timeouts } from '../../src/evolink/transport.ts';
import type { Job, NewJob } from '../../src/jobs/job.ts';
import {
  type JobSystem,
  type JobSystemOptions,
  openJobSystem,
} from '../../src/jobs/openJobSystem.ts';
import { startOfflineApi } from '../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi, OfflineOptions } from '../fakeEvolink/types.ts';
import { jobSystemOptions, newJob } from '../support/jobSystemOptions.ts';
import { countFaults } from './counters.ts';
import { type FolderWatch, watchFolder } from './watchFolder.ts';

/** Every wait of ours is a hundredth of what it is in production. */
export const waitScale = 0.01;
/** Long enough for a busy machine, short enough for a server that never answers. */
export const timeouts = { connectMs: 3_000, headersMs: 1_500, bodyIdleMs: 1_500 };

/** How a window differs from the others of a test. */
export interface WindowOptions extends Partial<JobSystemOptions> {
  maxConcurrent?: number;
  timeouts?: Timeouts;
}

/** A store, a place for images, and engines that work between them and the offline provider. */
export interface FaultFixture {
  api: OfflineApi;
  stateFolder: string;
  outFolder: string;
  watch: FolderWatch;
  /** A window that has started. */
  open(options?: WindowOptions): JobSystem;
  /** A window that works on nothing until it is started. */
  openIdle(options?: WindowOptions): JobSystem;
  close(): Promise<void>;
}

export async function openFixture(
  api: OfflineApi,
  places: { stateFolder?: string; outFolder?: string } = {},
): Promise<FaultFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'image-studio-faults-'));
  const { stateFolder = join(folder, 'state'), outFolder = join(folder, 'images') } = places;
  await mkdir(stateFolder, { recursive: true });
  const watch = watchFolder(outFolder);
  const systems: JobSystem[] = [];

  function openIdle({ timeouts: limits = timeouts, ...options }: WindowOptions = {}): JobSystem {
    const { urls, key } = api;
    const place = { apiUrl: urls.api, filesUrl: urls.files, key, storageFolder: stateFolder };
    const own = jobSystemOptions({ ...place, timeouts: limits });
    const system = openJobSystem({ ...own, waitScale, ...options });
    systems.push(system);
    return system;
  }

  return {
    api,
    stateFolder,
    outFolder,
    watch,
    openIdle,
    open({ maxConcurrent = 4, ...options } = {}) {
      const system = openIdle(options);
      system.engine.setMaxConcurrent(maxConcurrent);
      system.start();
      return system;
    },
    async close() {
      await Promise.all(systems.map((system) => system.close()));
      watch.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A scene for each test of a suite, all beside one offline EvoLink. To be called in the suite. */
export function useFixture(options: OfflineOptions): FaultFixture {
  const fixture = {} as FaultFixture;
  let api: OfflineApi;
  before(async () => {
    api = await startOfflineApi({ credits: 1e6, ...options });
  });
  after(() => api.close());
  beforeEach(async () => {
    await api.reset();
    Object.assign(fixture, await openFixture(api));
  });
  afterEach(async () => {
    await countFaults(api);
    await fixture.close();
  });
  return fixture;
}

export const never = new AbortController().signal;

/** Asks for one image per prompt. */
export function ask(node: JobSystem, fixture: FaultFixture, ...prompts: string[]): string[] {
  const jobs = node.engine.add(prompts.map((prompt) => newJob(prompt, fixture.outFolder)));
  return jobs.map((job) => job.id);
}

/** Asks by a window that begins no work, which is left to another. */
export async function leaveJobs(
  fixture: FaultFixture,
  newJobs: readonly NewJob[],
): Promise<string[]> {
  const node = fixture.openIdle();
  const jobs = node.engine.add(newJobs);
  await node.close();
  return jobs.map((job) => job.id);
}

/** Waits until the job fulfils a condition. Rejects for one that ended without. */
export function until(node: JobSystem, id: string, isSo: (job: Job) => boolean): Promise<Job> {
  return new Promise((resolve, reject) => {
    const check = () => {
      const job = node.engine.get(id);
      if (!job) return;
      if (isSo(job)) resolve(job);
      else if (job.state === 'saved') reject(new Error(`${job.prompt}: was saved before`));
      else return;
      stop();
    };
    const stop = node.engine.onDidChangeJob(check);
    check();
  });
}
