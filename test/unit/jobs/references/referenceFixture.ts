import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { nodeClientPlatform } from '../../../../src/evolink/clientPlatform.ts';
import { createFilesClient, type FilesClient } from '../../../../src/evolink/files.ts';
import { createTransport, type Transport } from '../../../../src/evolink/transport.ts';
import type { Job } from '../../../../src/jobs/job.ts';
import {
  createReferenceUploads,
  type ReferenceUploads,
  type ReferenceUploadsOptions,
} from '../../../../src/jobs/references/referenceUploads.ts';
import { openStore, type Store } from '../../../../src/jobs/store/store.ts';
import { startOfflineApi } from '../../../fakeEvolink/startOfflineApi.ts';
import type { FileRecord, OfflineApi } from '../../../fakeEvolink/types.ts';
import { direct, never } from '../../evolink/setup.ts';
import { platformWith } from '../../../support/jobSystemOptions.ts';
import { spec } from '../sampleJobs.ts';

export const hourMs = 3600_000;
export const megabyte = 1024 * 1024;

/** A real store and files service for each test of a suite, and a clock in its hands. */
export class ReferenceFixture {
  api!: OfflineApi;
  folder!: string;
  files!: FilesClient;
  store!: Store;
  uploads!: ReferenceUploads;
  now!: number;
  choices!: { removesMetadata: boolean; keepsUploads: boolean };
  log!: string[];
  /** References that were opened and closed again. */
  disposed!: string[];
  /** Time that passed without being waited for. */
  #passedMs = 0;
  readonly platform = platformWith({
    now: () => this.now,
    monotonicMs: () => performance.now() + this.#passedMs,
  });
  #transport!: Transport;
  #jobs = 0;

  /** To be called in a suite. */
  use(): this {
    before(async () => {
      this.api = await startOfflineApi();
    });
    after(() => this.api.close());
    beforeEach(() => this.#start());
    afterEach(async () => {
      this.store.close();
      await this.#transport.close();
      await rm(this.folder, { recursive: true, force: true });
    });
    return this;
  }

  async #start(): Promise<void> {
    await this.api.reset();
    this.folder = await mkdtemp(join(tmpdir(), 'references-'));
    this.now = Date.now();
    [this.log, this.disposed] = [[], []];
    this.choices = { removesMetadata: true, keepsUploads: false };
    const timeouts = { connectMs: 2_000, headersMs: 1_000, bodyIdleMs: 1_000 };
    this.#transport = createTransport({
      baseUrls: () => [],
      network: () => direct,
      env: {},
      userAgent: 'test',
      timeouts,
    });
    const { monotonicMs } = this.platform.clock;
    this.files = createFilesClient({
      transport: this.#transport,
      filesBaseUrl: () => this.api.urls.files,
      apiKey: () => Promise.resolve(this.api.key),
      platform: { ...nodeClientPlatform, now: () => this.now, monotonicMs },
    });
    this.store = this.open();
    this.uploads = this.make();
  }

  /** Lets time pass, by every clock. */
  pass(ms: number): void {
    this.now += ms;
    this.#passedMs += ms;
  }

  open(): Store {
    const store = openStore({ path: join(this.folder, 'jobs.sqlite'), platform: this.platform });
    store.setMaxConcurrent(100);
    return store;
  }

  make(more: Partial<ReferenceUploadsOptions> = {}): ReferenceUploads {
    return createReferenceUploads({
      store: this.store,
      files: this.files,
      openReference: (uri) =>
        Promise.resolve({
          path: fileURLToPath(uri),
          dispose: () => Promise.resolve(void this.disposed.push(uri)),
        }),
      removesMetadata: () => this.choices.removesMetadata,
      keepsUploads: () => this.choices.keepsUploads,
      log: (line) => this.log.push(line),
      platform: this.platform,
      waitScale: 0.001,
      ...more,
    });
  }

  /** A job this window works on. */
  begin(...references: string[]): Job {
    const id = `job-${String((this.#jobs += 1))}`;
    this.store.add([{ ...spec, id, references, state: 'queued' }]);
    this.store.claim({ isAtWork: () => false, isOpen: () => true });
    return this.store.advance(id, { type: 'uploading' });
  }

  /** Ends it, as the engine does. */
  async end(job: Job): Promise<void> {
    this.store.move(job.id, { type: 'cancelled' });
    await this.uploads.forget(job);
  }

  async prepare(job: Job, signal = never): Promise<readonly string[]> {
    return await this.uploads.prepare(job, signal);
  }

  async png(name: string, colour = 'red'): Promise<string> {
    return await this.write(name, await plain(colour).png().toBuffer());
  }

  /** One file of each colour. */
  async pngs(...colours: string[]): Promise<string[]> {
    return await Promise.all(colours.map((colour) => this.png(`${colour}.png`, colour)));
  }

  async write(name: string, bytes: Uint8Array): Promise<string> {
    await writeFile(join(this.folder, name), bytes);
    return pathToFileURL(join(this.folder, name)).href;
  }

  /** A PNG with megabytes behind its end, which decoders pass over. */
  async large(name: string, sizeBytes = 4 * megabyte): Promise<string> {
    const whole = await plain('red').png().toBuffer();
    return await this.write(name, Buffer.concat([whole, randomBytes(sizeBytes)]));
  }

  /** What lies on the service now. */
  async present(): Promise<FileRecord[]> {
    return (await this.api.files()).filter(({ deletedAt }) => deletedAt === undefined);
  }

  /** How often something was sent. */
  async sent(): Promise<number> {
    return (await this.api.log({ route: 'uploadStream' })).length;
  }
}

export function plain(colour: string, width = 20, height = 10) {
  return sharp({ create: { width, height, channels: 3, background: colour } });
}
