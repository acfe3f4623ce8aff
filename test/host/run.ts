import { createServer } from 'node:http';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOfflineApi } from '../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../fakeEvolink/types.ts';
import { makeCertificateAuthority } from '../harness/certificateAuthority.ts';
import { installDebian } from '../harness/installDebian.ts';
import { runInDesktop } from '../harness/runInDesktop.ts';
import { type ExtensionHostRun, runInExtensionHost } from '../harness/runInExtensionHost.ts';
import { startTinyproxy } from '../harness/startTinyproxy.ts';
import type { SuiteResult } from '../suiteResult.ts';
import { runHostileLane } from './hostileLane.ts';
import { hostileLaneName, type Lane, plainLanes, proxyLanesName } from './lanes.ts';

const root = join(import.meta.dirname, '..', '..');
/** Against a suite that stands still; a lane of many images takes minutes on a busy machine. */
const timeoutMs = 1_200_000;

/** Runs one suite in one host. Rejects, or ends with another code than 0, when it fails. */
type RunSuite = (run: Omit<ExtensionHostRun, 'onConsole'>) => Promise<unknown>;

/** Runs the plain lanes in the desktop build. */
export async function runDesktopSuites(): Promise<SuiteResult[]> {
  const results: SuiteResult[] = [];
  for (const lane of plainLanes) results.push(await runPlainLane(lane, runInDesktop));
  return results;
}

/** Runs one lane, by its name, in the real extension host. */
export async function runHostLane(name: string): Promise<SuiteResult[]> {
  if (name === proxyLanesName) return await runProxyLanes();
  if (name === hostileLaneName)
    return await runHostileLane(name, (lane, api) => runLane(lane, api, runInExtensionHost));
  const lane = plainLanes.find((each) => each.name === name);
  if (!lane) throw new Error(`There is no lane ${name}`);
  // What a test changes in a repository is what git says of it.
  await installDebian('git');
  return [await runPlainLane(lane, runInExtensionHost)];
}

async function runPlainLane(lane: Lane, runSuite: RunSuite): Promise<SuiteResult> {
  const api = await startOfflineApi({ taskMs: 300, drawing: 'fast' });
  try {
    return await runLane(lane, api, runSuite);
  } finally {
    await api.close();
  }
}

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
  const startedMs = performance.now();
  try {
    await runSuite({
      version: lane.version,
      workspace,
      extensionPath: root,
      testsPath: join(root, 'dist', 'test', 'host', 'index.cjs'),
      machineSettings: {
        'imageStudio.apiBaseUrl': api.urls.api,
        'imageStudio.filesBaseUrl': api.urls.files,
        ...lane.machineSettings,
      },
      ...(lane.dataDir !== undefined && { dataDir: lane.dataDir }),
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
    // A host whose tests failed has written what they came to.
    const results = await readResults(resultsPath).catch(() => ({ passed: 0, failed: 1 }));
    const failed = Math.max(results.failed, 1);
    return { ...results, failed, name: lane.name, durationMs: performance.now() - startedMs };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type LaneResults = Pick<SuiteResult, 'passed' | 'failed' | 'timings' | 'failures'>;

async function readResults(path: string): Promise<LaneResults> {
  return JSON.parse(await readFile(path, 'utf8')) as LaneResults;
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
