import { createServer } from 'node:http';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOfflineApi } from '../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../fakeEvolink/types.ts';
import { makeCertificateAuthority } from '../harness/certificateAuthority.ts';
import type { VSCodeVersion } from '../harness/installVSCode.ts';
import { runInDesktop } from '../harness/runInDesktop.ts';
import { type ExtensionHostRun, runInExtensionHost } from '../harness/runInExtensionHost.ts';
import { startTinyproxy } from '../harness/startTinyproxy.ts';
import type { SuiteResult } from '../suiteResult.ts';

const root = join(import.meta.dirname, '..', '..');
const timeoutMs = 240_000;

interface Lane {
  name: string;
  version: VSCodeVersion;
  folder: 'common' | 'restricted' | 'trusted' | 'proxy';
  env?: Record<string, string | undefined>;
  workspaceSettings?: Record<string, unknown>;
  restrictedMode?: boolean;
}

/** Runs one suite in one host. Rejects, or ends with another code than 0, when it fails. */
type RunSuite = (run: Omit<ExtensionHostRun, 'onConsole'>) => Promise<unknown>;

/** The lanes that need no other program beside the editor, in the desktop build. */
export async function runDesktopSuites(): Promise<SuiteResult[]> {
  return await runPlainLanes(runInDesktop, () => true);
}

/** Runs every lane of test/host in the real extension host, and adds up what passed. */
export async function runHostSuites(only?: string): Promise<SuiteResult[]> {
  const wanted = (name: string) => only === undefined || name.includes(only);
  const results = await runPlainLanes(runInExtensionHost, wanted);
  if (wanted('proxy')) results.push(...(await runProxyLanes()));
  return results;
}

async function runPlainLanes(
  runSuite: RunSuite,
  wanted: (name: string) => boolean,
): Promise<SuiteResult[]> {
  const results: SuiteResult[] = [];
  const api = await startOfflineApi({ taskMs: 300, drawing: 'fast' });
  try {
    for (const lane of plainLanes)
      if (wanted(lane.name)) results.push(await runLane(lane, api, runSuite));
  } finally {
    await api.close();
  }
  return results;
}

/** A workspace that would send the key away and write outside itself. */
const hostileSettings = {
  'imageStudio.apiBaseUrl': 'https://thief.invalid',
  'imageStudio.filesBaseUrl': 'https://thief.invalid',
  'imageStudio.output.directory': '../outside',
};

const plainLanes: Lane[] = [
  { name: 'host 1.139', version: 'newest', folder: 'common' },
  { name: 'host 1.106', version: 'oldest', folder: 'common' },
  {
    name: 'host restricted',
    version: 'newest',
    folder: 'restricted',
    restrictedMode: true,
    workspaceSettings: hostileSettings,
  },
  {
    name: 'host trusted',
    version: 'newest',
    folder: 'trusted',
    workspaceSettings: { ...hostileSettings, 'imageStudio.output.directory': 'images' },
  },
];

async function runLane(lane: Lane, api: OfflineApi, runSuite: RunSuite): Promise<SuiteResult> {
  console.log(`\n— ${lane.name} —`);
  await api.reset();
  const folder = await mkdtemp(join(tmpdir(), 'image-studio-host-'));
  const workspace = join(folder, 'workspace');
  const resultsPath = join(folder, 'results.json');
  await mkdir(join(workspace, '.vscode'), { recursive: true });
  if (lane.workspaceSettings)
    await writeFile(
      join(workspace, '.vscode', 'settings.json'),
      JSON.stringify(lane.workspaceSettings),
    );
  try {
    const startedMs = performance.now();
    await runSuite({
      version: lane.version,
      workspace,
      extensionPath: root,
      testsPath: join(root, 'dist', 'test', 'host', 'index.cjs'),
      machineSettings: {
        'imageStudio.apiBaseUrl': api.urls.api,
        'imageStudio.filesBaseUrl': api.urls.files,
      },
      env: {
        IMAGE_STUDIO_TEST_LANE: lane.folder,
        IMAGE_STUDIO_TEST_RESULTS: resultsPath,
        IMAGE_STUDIO_TEST_CONTROL: api.urls.control,
        IMAGE_STUDIO_TEST_GREP: process.env['IMAGE_STUDIO_TEST_GREP'],
        EVOLINK_API_KEY: undefined,
        ...lane.env,
      },
      restrictedMode: lane.restrictedMode ?? false,
      timeoutMs,
    });
    const durationMs = performance.now() - startedMs;
    return { ...(await readResults(resultsPath)), name: lane.name, durationMs };
  } catch (thrown) {
    console.error(thrown);
    return { name: lane.name, passed: 0, failed: 1, durationMs: 0 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readResults(path: string): Promise<{ passed: number; failed: number }> {
  const stats = JSON.parse(await readFile(path, 'utf8')) as { passes: number; failures: number };
  return { passed: stats.passes, failed: stats.failures };
}

/** Real proxies between the extension host and an API whose authority only this run knows. */
async function runProxyLanes(): Promise<SuiteResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'image-studio-proxy-'));
  const authority = await makeCertificateAuthority(join(folder, 'authority'));
  const tls = await authority.issue(['127.0.0.1', 'localhost']);
  const api = await startOfflineApi({ taskMs: 300, drawing: 'fast', tls });
  const open = await startTinyproxy();
  const closed = await startTinyproxy({ user: 'fox', password: 'in the snow'.replaceAll(' ', '') });
  const stopped = await startTinyproxy();
  await stopped.stop();
  // The tests run in another process and ask here what the proxies saw.
  const launcher = createServer((_, response) => {
    void Promise.all([open.tunnels(), closed.tunnels()]).then(([ofOpen, ofClosed]) => {
      response.end(JSON.stringify({ open: ofOpen, closed: ofClosed }));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => launcher.once('listening', resolve));
  const { port } = launcher.address() as AddressInfo;
  const lane = (environment: 'none' | 'open'): Lane => ({
    name: `host proxy ${environment === 'none' ? 'in the settings' : 'in the environment'}`,
    version: 'newest',
    folder: 'proxy',
    env: {
      ...authority.trustEnvironment,
      IMAGE_STUDIO_TEST_LAUNCHER: `http://127.0.0.1:${String(port)}`,
      IMAGE_STUDIO_TEST_PROXIES: JSON.stringify({
        open: open.url,
        closed: closed.url,
        withPassword: closed.urlWithPassword,
        authorization: closed.authorization,
        stopped: stopped.url,
        environment,
      }),
      ...(environment === 'open' && { HTTPS_PROXY: open.url }),
    },
  });
  try {
    return [
      await runLane(lane('none'), api, runInExtensionHost),
      await runLane(lane('open'), api, runInExtensionHost),
    ];
  } finally {
    launcher.close();
    await Promise.all([open.stop(), closed.stop(), api.close()]);
    await rm(folder, { recursive: true, force: true });
  }
}
