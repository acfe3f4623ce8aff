import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startOfflineApi } from '../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../fakeEvolink/types.ts';
import { type HostileProxy, startHostileProxy } from '../faults/hostileProxy.ts';
import { apiRoutes, fileRoutes, misleadingResults, tricks } from '../faults/hostileTricks.ts';
import { assertNeverHeld, hostWatchFolder, hostWatchVariable } from '../harness/hostWatch.ts';
import { linkExtension } from '../harness/linkExtension.ts';
import { waitUntil } from '../harness/waitUntil.ts';
import type { SuiteResult } from '../suiteResult.ts';
import type { Lane } from './lanes.ts';

/** So long requests of any kind may meet a trick; then it is waited for one that is always made. */
const trickMs = 700;
const frequentRoute = 'GET /v1/credits';

/** What stands between the window and the offline EvoLink, and is told when to begin. */
interface HostileNetwork {
  api: HostileProxy;
  files: HostileProxy;
  controlUrl: string;
  close(): Promise<void>;
}

/** Runs a lane in a window whose provider plays all its tricks, one after the other. */
export async function runHostileLane(
  name: string,
  runLane: (lane: Lane, api: OfflineApi) => Promise<SuiteResult>,
): Promise<SuiteResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'image-studio-hostile-'));
  const dataDir = join(folder, 'data');
  const watchDir = join(folder, 'watch');
  await mkdir(watchDir);
  await linkExtension(hostWatchFolder, join(dataDir, 'extensions'));
  const api = await startOfflineApi({ taskMs: 300, drawing: 'fast' });
  const network = await startHostileNetwork(api);
  try {
    const lane: Lane = {
      name,
      version: 'newest',
      folder: 'hostile',
      dataDir,
      env: { [hostWatchVariable]: watchDir, IMAGE_STUDIO_TEST_LAUNCHER: network.controlUrl },
      machineSettings: {
        'imageStudio.apiBaseUrl': network.api.url,
        'imageStudio.filesBaseUrl': network.files.url,
        'imageStudio.uploadReferences': 'always',
      },
    };
    const result = await runLane(lane, api);
    return [
      result,
      await checked(`${name}: what is left of the key`, () => assertKeyIsNowhere(folder, api.key)),
      await checked(`${name}: turns of the extension host`, () =>
        assertNeverHeld(watchDir, 'image-studio'),
      ),
    ];
  } finally {
    await Promise.all([network.close(), api.close()]);
    await rm(folder, { recursive: true, force: true });
  }
}

async function startHostileNetwork(offline: OfflineApi): Promise<HostileNetwork> {
  const api = await startHostileProxy(offline.urls.api);
  const files = await startHostileProxy(offline.urls.files);
  let met = 0;

  /**
   * The window goes on with its work meanwhile.
   * @returns how many answers were tricks
   * @throws when nothing meets one of them
   */
  async function storm(): Promise<number> {
    for (const [index, [trickName, makeTrick]] of tricks.entries()) {
      const trick = makeTrick();
      const counted: typeof trick = (asked, response) => {
        met += 1;
        trick(asked, response);
      };
      const [, address, ownTrick] = misleadingResults[index % misleadingResults.length]!;
      if (ownTrick) api.own.set(address, ownTrick);
      api.misleadOnce(ownTrick ? `${api.url}${address}` : address);
      api.playOnce(apiRoutes, counted);
      files.playOnce(fileRoutes, counted);
      await sleep(trickMs);
      const isMet = () => !api.unmet().includes(frequentRoute);
      await waitUntil(`a request that meets the trick ${trickName}`, isMet);
    }
    return met;
  }

  const control = createServer((_, response) => {
    void storm()
      .catch(String)
      .then((answer) => response.end(JSON.stringify(answer)));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => control.once('listening', resolve));
  return {
    api,
    files,
    controlUrl: `http://127.0.0.1:${String((control.address() as AddressInfo).port)}/`,
    async close() {
      control.close();
      await Promise.all([api.close(), files.close()]);
    },
  };
}

/** Among all that the editor wrote: its logs, our log, the store, images. */
async function assertKeyIsNowhere(folder: string, key: string): Promise<void> {
  const spellings = [key, Buffer.from(key).toString('base64')];
  let logs = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const text = await readFile(path, 'latin1');
    if (entry.name === 'Image Studio.log' && text.length > 0) logs += 1;
    if (spellings.some((spelling) => text.includes(spelling))) throw new Error(path);
  }
  if (logs === 0) throw new Error('There is no log of ours');
}

async function checked(name: string, check: () => Promise<void>): Promise<SuiteResult> {
  const startedMs = performance.now();
  const durationMs = () => performance.now() - startedMs;
  try {
    await check();
    return { name, passed: 1, failed: 0, durationMs: durationMs() };
  } catch (thrown) {
    const failures = [{ title: name, reason: String(thrown) }];
    return { name, passed: 0, failed: 1, failures, durationMs: durationMs() };
  }
}
