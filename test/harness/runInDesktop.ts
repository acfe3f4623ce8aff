import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';

import { cacheFolder } from './cacheFolder.ts';
import { quietSettings } from './quietSettings.ts';
import type { ExtensionHostRun } from './runInExtensionHost.ts';

/** As for `runInExtensionHost`; machine settings are a part of the user's in the desktop build. */
export type DesktopRun = Pick<
  ExtensionHostRun,
  | 'version'
  | 'workspace'
  | 'extensionPath'
  | 'testsPath'
  | 'env'
  | 'machineSettings'
  | 'userSettings'
  | 'restrictedMode'
>;

const downloads = { newest: '1.139.1', oldest: '1.106.3' } as const;

/** Runs the same suite in the desktop build, and resolves with 0 when `run()` resolved. */
export async function runInDesktop(run: DesktopRun): Promise<number> {
  if (process.platform === 'linux' && (process.env['DISPLAY'] ?? '') === '') {
    throw new Error('The desktop build needs a display. Try: xvfb-run -a npm run test:desktop');
  }
  const vscodeExecutablePath = await download(downloads[run.version]);
  // Not in the project: the path of a socket in it may have about a hundred characters.
  const dataDir = await mkdtemp(join(tmpdir(), 'vscode-desktop-'));
  try {
    await mkdir(join(dataDir, 'User'));
    const settings = { ...quietSettings, ...run.userSettings, ...run.machineSettings };
    await writeFile(join(dataDir, 'User/settings.json'), JSON.stringify(settings, undefined, 2));
    return await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: run.extensionPath,
      extensionTestsPath: run.testsPath,
      extensionTestsEnv: { ...run.env },
      launchArgs: launchArguments(run, dataDir),
    });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function download(version: string): Promise<string> {
  try {
    return await downloadAndUnzipVSCode({ version, cachePath: join(cacheFolder, 'desktop') });
  } catch (error) {
    throw new Error(
      `The desktop build of VS Code ${version} cannot be downloaded here ` +
        `(${(error as Error).message}). "npm run test:host" runs the same suite without it.`,
      { cause: error },
    );
  }
}

function launchArguments(run: DesktopRun, dataDir: string): string[] {
  return [
    ...(run.workspace === undefined ? [] : [run.workspace]),
    ...['--user-data-dir', dataDir],
    ...['--extensions-dir', join(dataDir, 'extensions')],
    '--disable-telemetry',
    '--skip-welcome',
    '--skip-release-notes',
    // There may be no keyring, whose place a fixed password takes.
    '--password-store=basic',
    ...(run.restrictedMode === true ? [] : ['--disable-workspace-trust']),
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
}
