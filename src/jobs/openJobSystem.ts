import { dirname } from 'node:path';
import { AppError } from '../appError.ts';
import type { Converter } from '../images/convert/converter.ts';
import { type Client, createClient } from '../evolink/client.ts';
import type { ClientPlatform } from '../evolink/clientPlatform.ts';
import { createCooldown } from '../evolink/cooldown.ts';
import { createFilesClient, type FilesClient } from '../evolink/files.ts';
import type { ModelRow } from '../evolink/models/modelRow.ts';
import { createTransport, type Transport, type TransportOptions } from '../evolink/transport.ts';
import { createEmitter, type Emitter } from './async/emitter.ts';
import { wait } from './async/timing.ts';
import { whenFree } from './async/whenFree.ts';
import { createEngine, type Engine, type EngineOptions } from './engine.ts';
import { createHistory, type History } from './history.ts';
import { createImageFiles, type ImageFiles } from './imageFiles/imageFiles.ts';
import { isFileUri } from './fileUri.ts';
import { nodePlatform } from './nodePlatform.ts';
import { closeAllToOthers, closeToOthersSync, ownFileMode, ownFolderMode } from './ownFiles.ts';
import type { CancelTimer, Platform } from './platform.ts';
import { createOpenReference, type ReadVirtualFile } from './references/openReference.ts';
import { createReferenceUploads, type ReferenceUploads } from './references/referenceUploads.ts';
import type { PlaceImage } from './steps/saveStep.ts';
import { placeOnDisk } from './steps/placeOnDisk.ts';
import { storageLayout } from './storageLayout.ts';
import { sweepStorage } from './sweepStorage.ts';
import { openStore, type Store, type StoreOptions } from './store/store.ts';
import { isBusy, isStoreError } from './store/storeErrors.ts';
import { createUnfinishedMarker } from './unfinishedMarker.ts';

export interface JobSystemOptions {
  /** The product's own folder on this machine, see `storageLayout`; made when it is missing. */
  storageFolder: string;
  /** The API key, read for every call; undefined when there is none. */
  apiKey: () => Promise<string | undefined>;
  /** Base URLs without a slash at their end, read for every call. */
  apiBaseUrl: () => string;
  filesBaseUrl: () => string;
  /** How to reach the network, or a ready transport in its place. It is closed with the system. */
  network: Omit<TransportOptions, 'log' | 'baseUrls'> | Transport;
  /** Whether the workspace folder is open here; true when there is none. */
  isOpen: (workspaceUri: string | undefined) => boolean;
  /**
   * Refuses a folder of this machine by throwing, before and after it was made for an image; the
   * job then fails and can be saved elsewhere. None is refused when absent.
   */
  checkFolder?: (folderUri: string) => Promise<void>;
  /** Puts images where the scheme is not `file:`. Without it they fail, and may be saved elsewhere. */
  placeVirtualImage?: PlaceImage;
  /** Reads references whose scheme is not `file:`. Without it they are refused. */
  readVirtualFile?: ReadVirtualFile;
  /**
   * Whether a file may be sent, asked before each; true when absent. `isAgreed` is false for an image
   * that the provider still had when its job was ordered, so that nobody was asked about it.
   */
  mayUpload?: (isAgreed: boolean) => boolean;
  /** Whether uploads stay, to be used again, until the provider deletes them; false when absent. */
  keepsUploads?: () => boolean;
  /** Whether JPEG and WebP are sent without place and camera; true when absent. */
  removesMetadata?: () => boolean;
  /** The models that are known; those of the product when absent. */
  models?: () => readonly ModelRow[];
  /** See EngineOptions. */
  isWindowResponsive?: () => PromiseLike<unknown>;
  /** See EngineOptions. */
  converter?: Converter;
  onUnconverted?: EngineOptions['onUnconverted'];
  onProvenanceLost?: EngineOptions['onProvenanceLost'];
  /** See EngineOptions. */
  worksOn?: 'own' | 'all';
  /** Called when the store had to be put aside, also while it is opened. */
  onQuarantine?: NonNullable<StoreOptions['onQuarantine']>;
  log?: (line: string) => void;
  /** `nodePlatform` when absent. */
  platform?: Platform;
  /** What waits of ours are multiplied by: 1, but for tests. */
  waitScale?: number;
}

export interface JobSystem {
  engine: Engine;
  store: Store;
  uploads: ReferenceUploads;
  client: Client;
  /**
   * What is left on the account of a key that is not stored, where the provider tells.
   * @throws EvolinkError `auth` when the key is refused; others as `Client.credits`
   */
  creditsOf: (key: string, signal: AbortSignal) => Promise<number | undefined>;
  files: FilesClient;
  history: History;
  /** Puts a whole file in a folder, over no other, as images are put there. */
  place: PlaceImage;
  imageFiles: ImageFiles;
  /** Called when jobs were removed, in this window or another. */
  onDidClearHistory: (listener: () => void) => () => void;
  /** Begins to work on jobs, and clears up what earlier runs left. Once only. */
  start(): void;
  /** Lets what runs come to a point from which another window can go on, and closes the store. */
  close(): Promise<void>;
}

/** Windows stay open for weeks. */
const sweepEveryMs = 24 * 3600_000;

/**
 * Puts store, engine, uploads and clients together: for a window, for tests, and for programs
 * without an editor. Opens the store and starts nothing. What is asked for before `start` waits
 * in the store, for this or another window.
 */
export function openJobSystem(options: JobSystemOptions): JobSystem {
  const { storageFolder, log, platform = nodePlatform } = options;
  const layout = storageLayout(storageFolder);
  openStorage(storageFolder, platform);
  const shared = { ...options, platform };
  const store = openStore({ ...shared, path: layout.store });
  if (store.setAside) options.onQuarantine?.(store.setAside);
  const transport = openTransport(options);
  const cooldown = createCooldown(platform.clock.monotonicMs);
  const common = { ...options, transport, cooldown, platform: clientPlatformOf(platform) };
  const client = createClient(common);
  const files = createFilesClient(common);
  const uploads = createReferenceUploads({
    ...shared,
    store,
    files,
    openReference: createOpenReference(layout.copies, options.readVirtualFile, platform),
    keepsUploads: options.keepsUploads ?? (() => false),
    removesMetadata: options.removesMetadata ?? (() => true),
  });
  const cleared: Emitter<void> = createEmitter(log);
  const engine = createEngine({
    ...shared,
    store,
    client,
    place: (request) => placeImage(request, options, platform),
    tempFolder: layout.temp,
    prepareReferences: uploads.prepare,
    uploads,
    liftCooldown: () => cooldown.lift(),
    onHistoryCleared: () => cleared.emit(),
  });
  const shutdown = new AbortController();
  const sweepContext = { store, layout, platform, log };
  let sweeping: Promise<unknown> | undefined;
  let cancelSweeps: CancelTimer | undefined;
  const sweep = () => sweepStorage(sweepContext, shutdown.signal);

  const marker = createUnfinishedMarker({
    path: layout.unfinishedMarker,
    store,
    files: platform.syncFiles,
    clock: platform.clock,
    ...(log && { log }),
  });
  engine.onDidChangeJob((job) => marker.onJob(job));

  return {
    engine,
    store,
    uploads,
    client,
    creditsOf(key, signal) {
      // Another account may ask now, whatever the first was told to wait for.
      const own = createCooldown(platform.clock.monotonicMs);
      const asked = { ...common, apiKey: () => Promise.resolve(key), cooldown: own };
      return createClient(asked).credits(signal);
    },
    files,
    place: (request) => placeImage(request, options, platform),
    imageFiles: createImageFiles({
      ...{ store, clock: platform.clock, tell: engine.tell, signal: shutdown.signal },
    }),
    history: createHistory({ ...sweepContext, onCleared: () => cleared.emit() }, shutdown.signal),
    onDidClearHistory: cleared.on,
    start() {
      engine.start();
      marker.update();
      if (options.worksOn === 'own') return;
      sweeping = Promise.all([closeAllToOthers(storageFolder, platform), sweep()]);
      cancelSweeps = platform.clock.every(sweepEveryMs, () => {
        sweeping = sweep();
      });
    },
    async close() {
      cancelSweeps?.();
      shutdown.abort();
      await engine.dispose();
      await sweeping;
      marker.dispose();
      await closeStore(store, platform.clock, log);
      await transport.close();
    },
  };
}

/** Makes the folder, and closes it to other users of the machine: prompts and images are in it. */
function openStorage(folder: string, { syncFiles, rights }: Platform): void {
  const { store, unfinishedMarker } = storageLayout(folder);
  // Those above it are the editor's.
  syncFiles.mkdirSync(dirname(folder), { recursive: true });
  syncFiles.mkdirSync(folder, { recursive: true, mode: ownFolderMode });
  closeToOthersSync(rights, ownFolderMode, folder);
  closeToOthersSync(rights, ownFileMode, store, `${store}-wal`, `${store}-shm`, unfinishedMarker);
}

function openTransport(options: JobSystemOptions): Transport {
  const { network, log, apiBaseUrl, filesBaseUrl } = options;
  if ('send' in network) return network;
  const baseUrls = () => [apiBaseUrl, filesBaseUrl].flatMap((read) => orNone(read));
  return createTransport({ ...network, baseUrls, ...(log && { log }) });
}

/** A setting that cannot be used is told of where it is needed, and stops no download. */
function orNone(baseUrl: () => string): string[] {
  try {
    return [baseUrl()];
  } catch {
    return [];
  }
}

async function placeImage(
  request: Parameters<PlaceImage>[0],
  { placeVirtualImage, checkFolder }: JobSystemOptions,
  platform: Platform,
): Promise<string> {
  if (isFileUri(request.folderUri)) return await placeOnDisk(request, platform, checkFolder);
  // A damaged row has none.
  if (placeVirtualImage && request.folderUri !== '') return await placeVirtualImage(request);
  throw new AppError('writeFailed', `Only the editor can write to ${request.folderUri}`);
}

function clientPlatformOf({ clock, random, randomId, unpackers }: Platform): ClientPlatform {
  return {
    now: clock.now,
    monotonicMs: clock.monotonicMs,
    wait: (ms, signal) => wait(clock, ms, signal),
    random,
    randomId,
    ...(unpackers && { unpackers }),
  };
}

/** A store that cannot be closed in peace is closed by the end of the process. */
async function closeStore(
  store: Store,
  clock: Platform['clock'],
  log: JobSystemOptions['log'],
): Promise<void> {
  try {
    await whenFree(clock, store.leave, closingMs).finally(() => store.close());
  } catch (thrown) {
    if (!isStoreError(thrown)) throw thrown;
    log?.(`The store could not be closed: ${thrown.message}`);
  }
}

/** An editor that closes gives its extensions a few seconds. */
const closingMs = 1_000;

const reopenMs = 200;
/** Windows that open at once make each other wait for moments, which nobody need know. */
const tellAfterMs = 3_000;

/**
 * Opens a job system as soon as no other program locks its store. @throws AppError `cancelled` by
 * the signal
 * @param onWait called once when that takes some seconds.
 */
export async function openJobSystemWhenFree(
  options: JobSystemOptions,
  signal: AbortSignal,
  onWait: () => void,
): Promise<JobSystem> {
  const { clock } = options.platform ?? nodePlatform;
  const startedMs = clock.monotonicMs();
  for (let isTold = false; ;) {
    try {
      return openJobSystem(options);
    } catch (thrown) {
      if (!isBusy(thrown)) throw thrown;
    }
    if (!isTold && clock.monotonicMs() - startedMs >= tellAfterMs) {
      isTold = true;
      onWait();
    }
    await wait(clock, reopenMs, signal);
  }
}
