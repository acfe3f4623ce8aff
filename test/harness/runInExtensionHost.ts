import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { format } from 'node:util';

import { chromium, type Page } from 'playwright-core';

import { artifactsFolder, cacheFolder } from './cacheFolder.ts';
import { chromiumOptions } from './chromiumOptions.ts';
import { editorEnvironment } from './editorEnvironment.ts';
import { installVSCode, type VSCodeInstallation, type VSCodeVersion } from './installVSCode.ts';
import { quietSettings } from './quietSettings.ts';
import { type OwnedProcess, startOwnedProcess } from './ownedProcess.ts';
import { writeLanguagePack } from './writeLanguagePack.ts';

export interface ExtensionHostRun {
  version: VSCodeVersion;
  /** A folder or a `.code-workspace` file; an empty window without one. */
  workspace?: string;
  /** The folder of the extension under development. */
  extensionPath: string;
  /** A CommonJS file that exports `run(): Promise<void>`. */
  testsPath: string;
  /** Added to the environment of the extension host; `undefined` takes a name away. */
  env?: Record<string, string | undefined>;
  /** Settings of the machine scope. */
  machineSettings?: Record<string, unknown>;
  /** Settings of the user; those of `http.*` are of this scope, whoever reads them. */
  userSettings?: Record<string, unknown>;
  /** The profile's folder, kept afterwards; without one a new profile is made and removed. */
  dataDir?: string;
  /** The display language of extensions, as `zh-cn`; the editor's own texts stay English. */
  locale?: string;
  /** Opens the workspace as one that is not trusted. */
  restrictedMode?: boolean;
  /** Takes a line of the suite's console instead of this process's own console. */
  onConsole?: (type: string, line: string) => void;
  timeoutMs: number;
}

export interface ExtensionHostResult {
  /** 0 when `run()` resolved. */
  readonly code: number;
  /** What the suite has printed. */
  readonly log: string;
  /** How long it took from the start of the server to the verdict. */
  readonly durationMs: number;
}

const serverStartMs = 30_000;
const bootstrapPath = join(import.meta.dirname, 'fixtures/suiteBootstrap.cjs');

/** Marks a line of the suite, as the workbench's own log comes the same way. */
const suiteMark = '\u2063';

/**
 * Runs a test suite inside the extension host of the real VS Code, as the desktop build does with
 * `--extensionTestsPath`. Rejects when no verdict comes in time, with a screenshot of the window.
 */
export async function runInExtensionHost(run: ExtensionHostRun): Promise<ExtensionHostResult> {
  const installation = await installVSCode(run.version);
  const browserOptions = await chromiumOptions();
  const dataDir = run.dataDir ?? (await makeProfile());
  await writeSettings(dataDir, run);
  if (run.locale !== undefined) await writeLanguagePack(join(dataDir, 'data'), run.locale);
  const startedAt = performance.now();
  const server = await startServer(installation, dataDir, run);
  const windowLogPath = join(dataDir, 'window.log');
  const windowLog = createWriteStream(windowLogPath);
  let succeeded = false;
  try {
    const [, port] = await server.waitForLog(/agent listening on (\d+)/, serverStartMs);
    const browser = await chromium.launch({
      ...browserOptions,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const address = await windowAddress(`127.0.0.1:${port ?? ''}`, run);
      const verdict = await openAndAwaitVerdict(page, address, run, windowLog);
      succeeded = verdict.code === 0;
      return { ...verdict, durationMs: performance.now() - startedAt };
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
    windowLog.end();
    if (run.dataDir === undefined && succeeded) await rm(dataDir, { recursive: true });
    else if (!succeeded) console.error(`The editor's logs: ${server.logPath}, ${windowLogPath}`);
  }
}

async function makeProfile(): Promise<string> {
  const runs = join(cacheFolder, 'runs');
  await mkdir(runs, { recursive: true });
  return mkdtemp(join(runs, 'host-'));
}

async function writeSettings(dataDir: string, run: ExtensionHostRun): Promise<void> {
  for (const [scope, settings] of [
    ['Machine', run.machineSettings],
    ['User', { ...quietSettings, ...run.userSettings }],
  ] as const) {
    if (settings === undefined) continue;
    const folder = join(dataDir, 'data', scope);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'settings.json'), JSON.stringify(settings, undefined, 2));
  }
}

function startServer(
  installation: VSCodeInstallation,
  dataDir: string,
  run: ExtensionHostRun,
): Promise<OwnedProcess> {
  const args = [
    installation.serverMain,
    ...['--host', '127.0.0.1', '--port', '0'],
    '--without-connection-token',
    '--accept-server-license-terms',
    // Without it a built workbench ignores the payload in the URL.
    '--enable-smoke-test-driver',
    // The shell's start-up files must not change the extension host's environment.
    '--force-disable-user-env',
    ...['--telemetry-level', 'off'],
    ...(run.restrictedMode === true ? [] : ['--disable-workspace-trust']),
    ...(run.locale === undefined ? [] : ['--locale', run.locale]),
    ...['--server-data-dir', dataDir],
    ...['--extensions-dir', join(dataDir, 'extensions')],
  ];
  return startOwnedProcess(installation.node, args, {
    env: editorEnvironment({
      ...run.env,
      IMAGE_STUDIO_TEST_SUITE: resolve(run.testsPath),
      IMAGE_STUDIO_TEST_MARK: suiteMark,
    }),
    logPath: join(dataDir, 'server.log'),
  });
}

async function windowAddress(authority: string, run: ExtensionHostRun): Promise<string> {
  const remote = (path: string) => `vscode-remote://${authority}${resolve(path)}`;
  const address = new URL(`http://${authority}/`);
  if (run.workspace === undefined) address.searchParams.set('ew', 'true');
  else {
    const isFolder = (await stat(run.workspace)).isDirectory();
    address.searchParams.set(isFolder ? 'folder' : 'workspace', resolve(run.workspace));
  }
  const payload = [
    ['extensionDevelopmentPath', remote(run.extensionPath)],
    ['extensionTestsPath', remote(bootstrapPath)],
  ];
  address.searchParams.set('payload', JSON.stringify(payload));
  return address.href;
}

async function openAndAwaitVerdict(
  page: Page,
  address: string,
  run: ExtensionHostRun,
  windowLog: WriteStream,
): Promise<{ code: number; log: string }> {
  const lines: string[] = [];
  const onConsole = run.onConsole ?? ((_type, line) => console.log(line));
  await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
    const line = format(...args);
    if (!line.startsWith(suiteMark)) {
      windowLog.write(`[${type}] ${line}\n`);
      return;
    }
    lines.push(line.slice(suiteMark.length));
    onConsole(type, line.slice(suiteMark.length));
  });
  let deadline: NodeJS.Timeout | undefined;
  try {
    const verdict = new Promise<number>((resolve, reject) => {
      page.once('crash', () => reject(new Error('The window crashed')));
      deadline = setTimeout(() => {
        const lastLines = lines.slice(-20).join('\n');
        const seconds = run.timeoutMs / 1000;
        reject(
          new Error(
            `The suite gave no verdict within ${String(seconds)} s; it said:\n${lastLines}`,
          ),
        );
      }, run.timeoutMs);
      page
        .exposeFunction('codeAutomationExit', resolve)
        .then(() => page.goto(address))
        .catch(reject);
    });
    return { code: await verdict, log: lines.join('\n') };
  } catch (error) {
    throw await withScreenshot(error as Error, page);
  } finally {
    clearTimeout(deadline);
  }
}

async function withScreenshot(error: Error, page: Page): Promise<Error> {
  const path = join(
    artifactsFolder,
    `host-failure-${String(process.pid)}-${String(Date.now())}.png`,
  );
  try {
    await page.screenshot({ path });
    error.message += `\nThe window looked like ${path}`;
  } catch {
    // A closed window has no screenshot; the error says the rest.
  }
  return error;
}
