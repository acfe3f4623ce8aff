import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Client, createClient } from '../../src/evolink/client.ts';
import { createFilesClient } from '../../src/evolink/files.ts';
import { createTransport, type Timeouts, type Transport } from '../../src/evolink/transport.ts';
import { createEngine, type Engine, type NewJob } from '../../src/jobs/engine.ts';
import { placeFile } from '../../src/jobs/steps/placeFile.ts';
import {
  createReferenceUploads,
  type ReferenceUploads,
} from '../../src/jobs/references/referenceUploads.ts';
import { openStore, type Store, type StoreOptions } from '../../src/jobs/store/store.ts';
import type { PlaceRequest } from '../../src/jobs/steps/downloadStep.ts';
import type { PrepareReferences } from '../../src/jobs/steps/submitStep.ts';

export interface NodeEngineOptions {
  apiUrl: string;
  key: string;
  /** The files service, where references are uploaded to; without one they are passed on. */
  filesUrl?: string;
  removesMetadata?: boolean;
  keepsUploads?: boolean;
  /** Holds the store and what is unfinished. */
  stateFolder: string;
  maxConcurrent?: number;
  isOpen?: (workspaceUri: string | undefined) => boolean;
  now?: () => number;
  log?: (line: string) => void;
  /** See EngineOptions. */
  waitScale?: number;
  timeouts?: Timeouts;
  isAlive?: (pid: number) => boolean;
  onSetAside?: StoreOptions['onQuarantine'];
  prepareReferences?: PrepareReferences;
  /** See EngineOptions. */
  askWindow?: () => Promise<unknown>;
}

export interface NodeEngine {
  engine: Engine;
  client: Client;
  store: Store;
  /** Present with a `filesUrl`. */
  uploads?: ReferenceUploads;
  close(): Promise<void>;
}

/** The engine as the extension builds it, but for the editor: in plain Node, on real files. */
export function startNodeEngine(options: NodeEngineOptions): NodeEngine {
  const transport = createTransport({
    network: () => ({
      isProxyEnabled: false,
      noProxy: [],
      isStrictTls: true,
      useSystemCertificates: false,
    }),
    env: {},
    userAgent: 'image-studio-test',
    ...(options.timeouts && { timeouts: options.timeouts }),
  });
  const client = createClient({
    transport,
    apiBaseUrl: () => options.apiUrl,
    apiKey: () => Promise.resolve(options.key),
  });
  const store = openStore({
    path: join(options.stateFolder, 'jobs.sqlite'),
    window: { id: crypto.randomUUID(), pid: process.pid, host: hostname() },
    isAlive: options.isAlive ?? isAlive,
    ...(options.onSetAside && { onQuarantine: options.onSetAside }),
    ...(options.now && { now: options.now }),
  });
  const uploads = createUploads(options, store, transport);
  const passOn: PrepareReferences = (job) => Promise.resolve(job.references);
  const engine = createEngine({
    store,
    client,
    place: placeUri,
    tempFolder: join(options.stateFolder, 'scratch'),
    maxConcurrent: () => options.maxConcurrent ?? 4,
    isOpen: options.isOpen ?? (() => true),
    prepareReferences: options.prepareReferences ?? uploads?.prepare ?? passOn,
    ...(uploads && { uploads }),
    ...(options.now && { now: options.now }),
    ...(options.waitScale !== undefined && { waitScale: options.waitScale }),
    ...(options.log && { log: options.log }),
    ...(options.askWindow && { isWindowResponsive: options.askWindow }),
  });
  return {
    engine,
    client,
    store,
    ...(uploads && { uploads }),
    async close() {
      await engine.dispose();
      await transport.close();
    },
  };
}

function createUploads(
  { filesUrl, key, now, log, waitScale, ...rest }: NodeEngineOptions,
  store: Store,
  transport: Transport,
): ReferenceUploads | undefined {
  if (filesUrl === undefined) return undefined;
  const shared = { ...(now && { now }), ...(log && { log }) };
  const filesBaseUrl = () => filesUrl;
  const apiKey = () => Promise.resolve(key);
  return createReferenceUploads({
    ...shared,
    store,
    files: createFilesClient({ ...shared, transport, filesBaseUrl, apiKey }),
    openReference: (uri) =>
      Promise.resolve({ path: fileURLToPath(uri), dispose: () => Promise.resolve() }),
    removesMetadata: () => rest.removesMetadata ?? true,
    keepsUploads: () => rest.keepsUploads ?? false,
    ...(waitScale !== undefined && { waitScale }),
  });
}

async function placeUri(request: PlaceRequest): Promise<string> {
  const { folderUri, earlierUri, choose, ...rest } = request;
  const path = await placeFile({
    ...rest,
    folderPath: fileURLToPath(folderUri),
    ...(earlierUri !== undefined && { earlierPath: fileURLToPath(earlierUri) }),
    choose: (chosen) => {
      choose(pathToFileURL(chosen).href);
    },
  });
  return pathToFileURL(path).href;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A request of which only the prompt and the folder matter. */
export function newJob(prompt: string, folderPath: string): NewJob {
  return {
    prompt,
    model: 'gpt-image-1.5-lite',
    size: '1024x1024',
    quality: 'auto',
    references: [],
    destination: { folderUri: pathToFileURL(folderPath).href, name: '${promptSlug}' },
  };
}
