import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { Page } from 'playwright-core';

import { editorEnvironment } from './editorEnvironment.ts';
import { codeServerArguments, installVsix } from './installVsix.ts';
import { linkExtension } from './linkExtension.ts';
import { installVSCode, type VSCodeInstallation, type VSCodeVersion } from './installVSCode.ts';
import { type OwnedProcess, startOwnedProcess } from './ownedProcess.ts';
import { descendantsOf } from './processTree.ts';
import { offlineSettings, quietSettings } from './quietSettings.ts';
import { waitUntil } from './waitUntil.ts';
import { WindowOpener, type WindowOptions } from './windowOpener.ts';
import { writeLanguagePack } from './writeLanguagePack.ts';

export type Theme = 'dark' | 'light' | 'highContrast' | 'highContrastLight';

type Settings = Readonly<Record<string, unknown>>;

export interface WorkbenchOptions {
  version: VSCodeVersion;
  /** A folder or a `.code-workspace` file that windows open; an empty window without one. */
  workspace?: string;
  /** The user's settings, secrets and installed extensions, and the browser's store. */
  dataDir: string;
  /** A packaged extension to install. */
  vsix?: string;
  /** The folder of an extension to use as it lies there. */
  extensionDevelopmentPath?: string;
  /** Changes to the environment of the extension hosts. */
  env?: Record<string, string | undefined>;
  /** Replaces the settings of an earlier start; quiet defaults are added. */
  userSettings?: Settings;
  machineSettings?: Settings;
  /** `false` opens workspaces in Restricted Mode. */
  trust?: boolean;
  /** Leaves the layout, the welcome and the questions of the editor as a new user meets them. */
  asInstalled?: true;
  /** The colour theme, by what it is; the version's own default of that kind. */
  theme?: Theme;
  /** The display language of extensions, as `zh-cn`; the editor's own texts stay English. */
  locale?: string;
  /** By default the one of the last start on `dataDir`, which keeps the browser's store valid. */
  port?: number;
}

/** A running VS Code, with windows to open in a browser. */
export interface Workbench {
  /** What a user opens in a browser. */
  readonly url: string;
  readonly dataDir: string;
  readonly port: number;
  readonly serverPid: number;
  readonly logPath: string;
  /** Opens a window; further windows share the profile, and each has an extension host. */
  open(options?: WindowOptions): Promise<Page>;
  /** The extension hosts that run now, the oldest first. */
  extensionHostPids(): Promise<number[]>;
  /** Ends an extension host at once, as a crash does. */
  killExtensionHost(pid: number): Promise<void>;
  /** Replaces the user's settings; open windows follow. */
  writeUserSettings(settings: Settings): Promise<void>;
  writeMachineSettings(settings: Settings): Promise<void>;
  /** Closes the windows and ends the server in order. */
  stop(): Promise<void>;
  /** Ends server, extension hosts and windows at once, as a power cut does. */
  kill(): Promise<void>;
}

const startMs = 30_000;
const goodbyeMs = 6000;

const themeNames: Record<VSCodeVersion, Record<Theme, string>> = {
  newest: {
    dark: 'Dark 2026',
    light: 'Light 2026',
    highContrast: 'Default High Contrast',
    highContrastLight: 'Default High Contrast Light',
  },
  oldest: {
    dark: 'Default Dark Modern',
    light: 'Default Light Modern',
    highContrast: 'Default High Contrast',
    highContrastLight: 'Default High Contrast Light',
  },
};

/** Starts VS Code as a user has it, with a packaged extension, for windows in a browser. */
export async function startWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const installation = await installVSCode(options.version);
  const dataDir = resolve(options.dataDir);
  const baseSettings: Settings = {
    ...(options.asInstalled ? offlineSettings : quietSettings),
    'workbench.colorTheme': themeNames[options.version][options.theme ?? 'dark'],
  };
  await writeSettings(dataDir, 'User', { ...baseSettings, ...options.userSettings });
  await writeSettings(dataDir, 'Machine', options.machineSettings ?? {});
  if (options.locale !== undefined) await writeLanguagePack(dataDir, options.locale);
  if (options.vsix !== undefined) await installVsix(installation, dataDir, options.vsix);
  if (options.extensionDevelopmentPath !== undefined) {
    await linkExtension(options.extensionDevelopmentPath, join(dataDir, 'extensions'));
  }
  const server = await startServer(installation, dataDir, options);
  try {
    const [, port] = await server.waitForLog(
      /HTTP server listening on http:\/\/127\.0\.0\.1:(\d+)/,
      startMs,
    );
    await writeFile(portPath(dataDir), String(port));
    return control(server, dataDir, Number(port), options, baseSettings);
  } catch (error) {
    await server.kill();
    throw error;
  }
}

function portPath(dataDir: string): string {
  return join(dataDir, 'port.txt');
}

async function startServer(
  installation: VSCodeInstallation,
  dataDir: string,
  options: WorkbenchOptions,
): Promise<OwnedProcess> {
  const lastPort = await readFile(portPath(dataDir), 'utf8').catch(() => '0');
  // The path of a socket may have about a hundred characters, which a deep folder exceeds.
  const socketName = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const args = [
    ...codeServerArguments(installation, dataDir),
    ...['--bind-addr', `127.0.0.1:${String(options.port ?? lastPort)}`],
    ...['--auth', 'none'],
    ...['--session-socket', join(tmpdir(), `vscode-${socketName}.sock`)],
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
    ...(options.trust === false ? [] : ['--disable-workspace-trust']),
    ...(options.locale === undefined ? [] : ['--locale', options.locale]),
  ];
  return startOwnedProcess(installation.node, args, {
    env: editorEnvironment(options.env),
    logPath: join(dataDir, 'server.log'),
  });
}

async function writeSettings(
  dataDir: string,
  scope: 'User' | 'Machine',
  settings: Settings,
): Promise<void> {
  await mkdir(join(dataDir, scope), { recursive: true });
  await writeFile(
    join(dataDir, scope, 'settings.json'),
    `${JSON.stringify(settings, undefined, 2)}\n`,
  );
}

function control(
  server: OwnedProcess,
  dataDir: string,
  port: number,
  options: WorkbenchOptions,
  baseSettings: Settings,
): Workbench {
  const address = new URL(`http://127.0.0.1:${String(port)}/`);
  if (options.workspace === undefined) address.searchParams.set('ew', 'true');
  else {
    const kind = options.workspace.endsWith('.code-workspace') ? 'workspace' : 'folder';
    address.searchParams.set(kind, resolve(options.workspace));
  }
  const windows = new WindowOpener(address.href, join(dataDir, 'browser'), options.locale);
  return {
    url: address.href,
    dataDir,
    port,
    serverPid: server.pid,
    logPath: server.logPath,
    open: (windowOptions) => windows.open(windowOptions),
    extensionHostPids: () => extensionHostPids(server.pid),
    killExtensionHost: (pid) => killExtensionHost(server.pid, pid),
    writeUserSettings: (settings) =>
      writeSettings(dataDir, 'User', { ...baseSettings, ...settings }),
    writeMachineSettings: (settings) => writeSettings(dataDir, 'Machine', settings),
    stop: async () => {
      await windows.close();
      await waitForExtensionHosts(server.pid);
      await server.stop();
    },
    kill: async () => {
      await server.kill();
      await windows.close();
    },
  };
}

async function extensionHostPids(serverPid: number): Promise<number[]> {
  const hosts = (await descendantsOf(serverPid)).filter((each) =>
    each.commandLine.includes('--type=extensionHost'),
  );
  return hosts.map((each) => each.pid).sort((a, b) => a - b);
}

/** Extensions may take some seconds to shut down after their window has closed. */
async function waitForExtensionHosts(serverPid: number): Promise<void> {
  const haveEnded = async () => (await extensionHostPids(serverPid)).length === 0;
  await waitUntil('the end of the extension hosts', haveEnded, goodbyeMs).catch(() => undefined);
}

async function killExtensionHost(serverPid: number, pid: number): Promise<void> {
  // A process id may have gone to someone else in the meantime.
  if (!(await extensionHostPids(serverPid)).includes(pid)) {
    throw new Error(`Process ${String(pid)} is not an extension host of this workbench`);
  }
  process.kill(pid, 'SIGKILL');
}
