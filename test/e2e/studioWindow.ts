import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOfflineApi } from '../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi, OfflineOptions } from '../fakeEvolink/types.ts';
import { type Theme, startWorkbench, type Workbench } from '../harness/startWorkbench.ts';
import { hostWatchFolder, hostWatchVariable } from '../harness/hostWatch.ts';
import { packagedExtension } from './packagedExtension.ts';

export interface Studio {
  api: OfflineApi;
  workbench: Workbench;
  /** The folder that is open. */
  workspace: string;
  /** Everything the editor keeps. */
  dataDir: string;
  /** What the watch of the extension hosts finds, when there is one: see `assertNeverHeld`. */
  watchDir: string;
  stop(): Promise<void>;
}

export interface StudioOptions {
  api?: OfflineOptions;
  /** Files of the workspace, by their path. */
  files?: Record<string, string | Uint8Array>;
  /** Whether a key is in the environment; without, the user has to set one. */
  hasKey?: boolean;
  theme?: Theme;
  /** Leaves the editor as a new user meets it. */
  asInstalled?: true;
  /** `false` opens the workspace in Restricted Mode. */
  trust?: boolean;
  /** The display language, as `zh-cn`. */
  locale?: string;
  userSettings?: Record<string, unknown>;
  /** Beside the addresses of the offline EvoLink. */
  machineSettings?: Record<string, unknown>;
  /** The folder of an extension that is installed beside ours. */
  otherExtension?: string;
  /** Installs the watch of the extension hosts in its place. */
  watchesHosts?: boolean;
  /** Makes what `files` cannot. @returns what is opened: the folder, or a `.code-workspace`. */
  prepare?: (workspace: string) => Promise<string>;
}

/** The packaged extension in the real workbench, with an offline EvoLink and a workspace. */
export async function startStudio(options: StudioOptions = {}): Promise<Studio> {
  const api = await startOfflineApi({ taskMs: 4_000, drawing: 'full', ...options.api });
  const folder = await mkdtemp(join(tmpdir(), 'image-studio-e2e-'));
  const workspace = join(folder, 'workspace');
  const dataDir = join(folder, 'data');
  const watchDir = join(folder, 'watch');
  await mkdir(workspace);
  await mkdir(watchDir);
  for (const [path, content] of Object.entries(options.files ?? {})) {
    await mkdir(join(workspace, path, '..'), { recursive: true });
    await writeFile(join(workspace, path), content);
  }
  const otherExtension = options.watchesHosts === true ? hostWatchFolder : options.otherExtension;
  const workbench = await startWorkbench({
    version: 'newest',
    workspace: (await options.prepare?.(workspace)) ?? workspace,
    dataDir,
    vsix: await packagedExtension(),
    env: {
      EVOLINK_API_KEY: options.hasKey === false ? undefined : api.key,
      ...(options.watchesHosts === true && { [hostWatchVariable]: watchDir }),
    },
    machineSettings: {
      'imageStudio.apiBaseUrl': api.urls.api,
      'imageStudio.filesBaseUrl': api.urls.files,
      ...options.machineSettings,
    },
    ...(options.userSettings && { userSettings: options.userSettings }),
    ...(options.theme && { theme: options.theme }),
    ...(options.asInstalled && { asInstalled: options.asInstalled }),
    ...(options.trust !== undefined && { trust: options.trust }),
    ...(options.locale && { locale: options.locale }),
    ...(otherExtension !== undefined && { extensionDevelopmentPath: otherExtension }),
  });
  return {
    api,
    workbench,
    workspace,
    dataDir,
    watchDir,
    async stop() {
      await workbench.stop();
      await api.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
