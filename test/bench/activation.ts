import { cp, link, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../harness/cacheFolder.ts';
import { linkExtension } from '../harness/linkExtension.ts';
import { runInExtensionHost } from '../harness/runInExtensionHost.ts';
import type { ActivationTimes } from './activationSuite.ts';
import { type Figure, median } from './figure.ts';
import { fillStore } from './fillStore.ts';

const copies = 24;
const limit = 1.25;

/**
 * First activations of our extension against those of an empty one, in the same host, with an
 * empty store and with one of 10,000 finished jobs.
 */
export async function measureActivation(): Promise<Figure[]> {
  const fresh = await measure(0);
  const full = await measure(10_000);
  const ratio = median(fresh.ours) / median(fresh.empty);
  const fullRatio = median(full.ours) / median(full.empty);
  return [
    { name: 'activation, empty extension', value: ms(median(fresh.empty)) },
    { name: 'activation, ours', value: ms(median(fresh.ours)) },
    {
      name: 'activation, ours / empty extension',
      value: times(ratio),
      limit: `≤ ${String(limit)} ×`,
      isMet: ratio <= limit,
    },
    {
      name: 'the same with 10,000 finished jobs',
      value: times(fullRatio),
      limit: `≤ ${String(limit)} ×`,
      isMet: fullRatio <= limit,
    },
  ];
}

async function measure(finishedJobs: number): Promise<ActivationTimes> {
  const folder = await mkdtemp(join(tmpdir(), 'image-studio-activation-'));
  try {
    const dataDir = join(folder, 'data');
    const store = join(folder, 'store');
    if (finishedJobs > 0) await fillStore(store, finishedJobs);
    for (let index = 0; index < copies; index += 1) {
      await install(folder, dataDir, 'ours', index);
      if (finishedJobs > 0) await giveStore(store, dataDir, `bench.ours-${String(index)}`);
      await install(folder, dataDir, 'empty', index);
    }
    const workspace = join(folder, 'workspace');
    await mkdir(workspace);
    const results = join(folder, 'results.json');
    await runInExtensionHost({
      version: 'newest',
      workspace,
      dataDir,
      extensionPath: await makeRunner(folder),
      testsPath: join(projectFolder, 'dist', 'test', 'bench', 'activationSuite.cjs'),
      env: {
        IMAGE_STUDIO_BENCH_COPIES: String(copies),
        IMAGE_STUDIO_BENCH_RESULTS: results,
        EVOLINK_API_KEY: undefined,
      },
      timeoutMs: 120_000,
    });
    return JSON.parse(await readFile(results, 'utf8')) as ActivationTimes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An extension under development that the suite runs beside; it does nothing. */
async function makeRunner(folder: string): Promise<string> {
  const path = join(folder, 'runner');
  await writeExtension(path, { name: 'runner', main: './extension.cjs' }, emptySource);
  return path;
}

/** As the generator of extensions makes one: it imports `vscode`, and does nothing. */
const emptySource = "require('vscode');\nexports.activate = () => ({});\n";

/** A copy under its own name, so that each is activated for the first time when it is asked to. */
async function install(
  folder: string,
  dataDir: string,
  kind: 'ours' | 'empty',
  index: number,
): Promise<void> {
  const name = `${kind}-${String(index)}`;
  const path = join(folder, name);
  if (kind === 'empty') await writeExtension(path, { name, main: './extension.cjs' }, emptySource);
  else await copyOurs(path, name, `imageStudio${String(index)}`);
  await linkExtension(path, join(dataDir, 'extensions'));
}

/** The same file for all: what is measured must not wait for a disk that writes copies. */
async function giveStore(store: string, dataDir: string, id: string): Promise<void> {
  const storage = join(dataDir, 'data', 'User', 'globalStorage', id);
  await mkdir(storage, { recursive: true });
  await link(join(store, 'jobs.sqlite'), join(storage, 'jobs.sqlite'));
}

/** Our own files, with ids of another prefix, since no two extensions may have the same. */
async function copyOurs(path: string, name: string, prefix: string): Promise<void> {
  await mkdir(join(path, 'dist'), { recursive: true });
  await cp(join(projectFolder, 'package.nls.json'), join(path, 'package.nls.json'));
  for (const file of ['app.cjs', 'imageLinks.cjs', 'undici.cjs'])
    await cp(join(projectFolder, 'dist', file), join(path, 'dist', file));
  const source = await readFile(join(projectFolder, 'dist', 'extension.cjs'), 'utf8');
  await writeFile(join(path, 'dist', 'extension.cjs'), source.replaceAll(/\bimageStudio/g, prefix));
  const manifest = await readFile(join(projectFolder, 'package.json'), 'utf8');
  const renamed = JSON.parse(manifest.replaceAll(/\bimageStudio/g, prefix)) as Record<
    string,
    unknown
  >;
  const measured = { ...renamed, name, publisher: 'bench', activationEvents: [] };
  await writeFile(join(path, 'package.json'), JSON.stringify(measured));
}

async function writeExtension(path: string, facts: Record<string, unknown>, source: string) {
  const manifest = {
    publisher: 'bench',
    version: '0.0.1',
    engines: { vscode: '^1.106.0' },
    ...facts,
  };
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(path, 'extension.cjs'), source);
}

function ms(value: number): string {
  return `${value.toFixed(2)} ms`;
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)} ×`;
}
