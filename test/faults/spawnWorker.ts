import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { type FaultFixture, waitScale } from './fixture.ts';
import type { WorkerSettings } from './worker.ts';

const root = join(import.meta.dirname, '..', '..');
const bundle = join(root, 'dist', 'test', 'faults', 'worker.mjs');

/** One file starts in a fraction of the time that forty take. */
export async function buildWorker(): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, 'worker.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    logLevel: 'warning',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
}

export interface Worker {
  child: ChildProcess;
  /** Resolves with the first line from now on that fits; with undefined when the worker ends. */
  line(isWanted: (line: string) => boolean): Promise<string | undefined>;
  kill(): Promise<void>;
}

export function spawnWorker(
  fixture: FaultFixture,
  { maxConcurrent = 4, ...more }: Partial<WorkerSettings> = {},
): Worker {
  const { api, stateFolder } = fixture;
  const { key, urls } = api;
  const place = { apiUrl: urls.api, filesUrl: urls.files, key, storageFolder: stateFolder };
  const settings: WorkerSettings = { ...place, waitScale, maxConcurrent, ...more };
  const child = spawn(process.execPath, [bundle, JSON.stringify(settings)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout });
  return {
    child,
    line: (isWanted) =>
      new Promise((resolve) => {
        const hear = (line: string) => {
          if (!isWanted(line)) return;
          lines.off('line', hear);
          resolve(line);
        };
        lines.on('line', hear);
        void ended.then(() => resolve(undefined));
      }),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
