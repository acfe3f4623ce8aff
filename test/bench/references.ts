import { spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import sharp from 'sharp';
import { projectFolder } from '../harness/cacheFolder.ts';
import { installDebian } from '../harness/installDebian.ts';
import { runInExtensionHost } from '../harness/runInExtensionHost.ts';
import { runProgram } from '../harness/runProgram.ts';
import { type Figure, median } from './figure.ts';
import type { ReferencesPlan, ReferencesResult, Turns } from './referencesRun.ts';
import type { ReferencesSuitePlan, ReferencesSuiteResult } from './referencesSuite.ts';

const megabyte = 1024 * 1024;
const references = 16;
const referenceBytes = 50 * megabyte;
const rounds = 15;
const memoryLimitBytes = 100 * megabyte;
const speedLimit = 0.95;

/**
 * A job with as many references as there may be, each as large as it may be; and 50 MB up and
 * 100 MB down against curl, in turn, with the same file and the same server, which is another
 * process.
 */
export async function measureReferences(): Promise<Figure[]> {
  const curl = await installDebian('curl');
  const folder = await mkdtemp(join(tmpdir(), 'image-studio-references-'));
  const server = await startServer();
  try {
    const paths = await writePhotos(folder);
    const plan: ReferencesPlan = { ...server.about, curl, folder, paths, rounds };
    // First: the download below makes results that are no images any more.
    const hostBytes = await measureInHost(server.about, folder, paths);
    const run = join(projectFolder, 'test', 'bench', 'referencesRun.ts');
    // A process of its own: what was measured before would hide what this takes.
    const output = await runProgram(process.execPath, [run, JSON.stringify(plan)]);
    return toFigures(JSON.parse(output) as ReferencesResult, hostBytes);
  } finally {
    server.end();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same references by the command, in the real extension host. @returns its peak of memory. */
async function measureInHost(
  server: Pick<ReferencesPlan, 'api' | 'files' | 'key'>,
  folder: string,
  paths: string[],
): Promise<number> {
  const results = join(folder, 'host.json');
  // Photos outside the workspace are asked for each time, whatever the setting says.
  const workspace = join(folder, 'photos');
  const plan: ReferencesSuitePlan = { paths, results };
  await runInExtensionHost({
    version: 'newest',
    workspace,
    extensionPath: projectFolder,
    testsPath: join(projectFolder, 'dist', 'test', 'bench', 'referencesSuite.cjs'),
    machineSettings: {
      'imageStudio.apiBaseUrl': server.api,
      'imageStudio.filesBaseUrl': server.files,
    },
    env: { IMAGE_STUDIO_BENCH_PLAN: JSON.stringify(plan), EVOLINK_API_KEY: server.key },
    timeoutMs: 120_000,
  });
  return (JSON.parse(await readFile(results, 'utf8')) as ReferencesSuiteResult).peakBytes;
}

function toFigures(result: ReferencesResult, hostBytes: number): Figure[] {
  const size = String(referenceBytes / megabyte);
  const perSecond = (references * referenceBytes) / megabyte / (result.jobMs / 1000);
  return [
    memoryFigure(
      `the engine's memory for ${String(references)} references of ${size} MB`,
      result.jobBytes,
    ),
    memoryFigure(`the extension host's memory for the same, by the command`, hostBytes),
    {
      name: `the same, read, hashed, without metadata, sent`,
      value: `${perSecond.toFixed(0)} MB/s`,
    },
    speedFigure(`upload of ${size} MB, speed / curl -F`, result.upload),
    memoryFigure('memory for a download of 100 MB', result.downloadBytes),
    speedFigure('download of 100 MB to a file, speed / curl -o', result.download),
  ];
}

function memoryFigure(name: string, bytes: number): Figure {
  return {
    name: `${name}, peak above base`,
    value: `${(bytes / megabyte).toFixed(0)} MB`,
    limit: `≤ ${String(memoryLimitBytes / megabyte)} MB`,
    isMet: bytes <= memoryLimitBytes,
  };
}

function speedFigure(name: string, { oursMs, curlMs }: Turns): Figure {
  const ratio = median(curlMs) / median(oursMs);
  return {
    name,
    value: `${ratio.toFixed(2)} × (${median(oursMs).toFixed(0)} ms / ${median(curlMs).toFixed(0)} ms)`,
    limit: `≥ ${String(speedLimit)} ×`,
    isMet: ratio >= speedLimit,
  };
}

/** The offline EvoLink in a process of its own, so that its memory and its work are its own. */
async function startServer() {
  const main = join(projectFolder, 'test', 'fakeEvolink', 'main.ts');
  const args = [main, '--json', '--fast', '--task-ms', '200'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const about = JSON.parse(line) as Pick<ReferencesPlan, 'api' | 'files' | 'control' | 'key'>;
    return { about, end: () => void child.kill() };
  }
  throw new Error('The offline EvoLink did not start');
}

/** Photos of exactly the size allowed, no two the same, each with a place to be left out. */
async function writePhotos(folder: string): Promise<string[]> {
  await mkdir(join(folder, 'photos'));
  const create = { width: 64, height: 64, channels: 3 as const, background: 'red' };
  const exif = { IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } };
  const photo = await sharp({ create }).jpeg().withExif(exif).toBuffer();
  const [head, end] = [photo.subarray(0, -2), photo.subarray(-2)];
  const filling = randomFillSync(Buffer.alloc(referenceBytes - photo.length));
  // 0xff would begin a marker.
  for (let at = 0; at < filling.length; at += 1) if (filling[at] === 0xff) filling[at] = 0xfe;
  const paths: string[] = [];
  for (let index = 0; index < references; index += 1) {
    const path = join(folder, 'photos', `photo-${String(index)}.jpg`);
    filling[0] = index;
    const file = await open(path, 'w');
    await file.writev([head, filling, end]);
    await file.close();
    paths.push(path);
  }
  return paths;
}
