import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { createFilesClient } from '../../src/evolink/files.ts';
import { createTransport } from '../../src/evolink/transport.ts';
import { inspectReference } from '../../src/jobs/references/inspectReference.ts';
import { writeBody } from '../../src/jobs/steps/writeBody.ts';
import { connectOffline } from '../fakeEvolink/connectOffline.ts';
import type { OfflineApi } from '../fakeEvolink/types.ts';
import { nodePlatform } from '../../src/jobs/nodePlatform.ts';
import { type JobSystem, openJobSystem } from '../../src/jobs/openJobSystem.ts';
import { directNetwork, jobSystemOptions, newJob } from '../support/jobSystemOptions.ts';
import { runProgram } from '../harness/runProgram.ts';

/** What is to be measured, and where. */
export interface ReferencesPlan {
  api: string;
  files: string;
  control: string;
  key: string;
  curl: string;
  folder: string;
  paths: string[];
  rounds: number;
}

/** The same work done in turn, in milliseconds. */
export interface Turns {
  oursMs: number[];
  curlMs: number[];
}

export interface ReferencesResult {
  /** Peak of memory above what the process had before. */
  jobBytes: number;
  /** From the request to the last byte sent. */
  jobMs: number;
  upload: Turns;
  downloadBytes: number;
  download: Turns;
}

const never = new AbortController().signal;
const downloadBytes = 100 * 1024 * 1024;
const maxReferenceBytes = 50 * 1024 * 1024;

/** Runs in a process of its own, and prints a ReferencesResult. */
async function main(plan: ReferencesPlan): Promise<void> {
  const api = await connectOffline(plan.control);
  const node = openJobSystem(
    jobSystemOptions({
      apiUrl: plan.api,
      filesUrl: plan.files,
      key: plan.key,
      storageFolder: await newFolder(plan, 'state'),
    }),
  );
  node.start();
  const staying = setInterval(() => undefined, 1_000);
  // What a user has who has drawn before: all is loaded, and the connections stand.
  await draw(node, plan, plan.paths.slice(0, 1));
  const job = await peakAbove(() => draw(node, plan, plan.paths));
  const upload = await measureUploads(plan);
  const { peakBytes, value: download } = await peakAbove(() => measureDownloads(plan, node, api));
  clearInterval(staying);
  await node.close();
  const result: ReferencesResult = {
    jobBytes: job.peakBytes,
    jobMs: job.value,
    upload,
    downloadBytes: peakBytes,
    download,
  };
  console.log(JSON.stringify(result));
}

async function newFolder({ folder }: ReferencesPlan, name: string): Promise<string> {
  await mkdir(join(folder, name), { recursive: true });
  return join(folder, name);
}

/** @returns the time until everything was sent. */
async function draw(
  { engine, store }: JobSystem,
  plan: ReferencesPlan,
  paths: readonly string[],
): Promise<number> {
  const references = paths.map((path) => pathToFileURL(path).href);
  const wish = { ...newJob('with references', await newFolder(plan, 'images')), references };
  const startedMs = performance.now();
  let sentMs = Number.NaN;
  const stop = engine.onDidChangeJob(({ state }) => {
    if (state === 'submitting') sentMs = performance.now() - startedMs;
  });
  const [job] = engine.add([wish]);
  const [ended] = await engine.whenSettled([job?.id ?? ''], never);
  stop();
  if (ended?.state !== 'saved') throw new Error(`The job ended: ${JSON.stringify(ended)}`);
  while (store.uploads.list().length > 0) await sleep(50);
  return sentMs;
}

async function peakAbove<T>(work: () => Promise<T>): Promise<{ peakBytes: number; value: T }> {
  const baseBytes = process.memoryUsage.rss();
  let highestBytes = baseBytes;
  const look = () => (highestBytes = Math.max(highestBytes, process.memoryUsage.rss()));
  const looking = setInterval(look, 5);
  const value = await work();
  clearInterval(looking);
  look();
  return { peakBytes: highestBytes - baseBytes, value };
}

/** Whoever goes first may find the disk busy, so they take turns at it. */
async function takeTurns(
  rounds: number,
  ours: (round: number) => Promise<number>,
  curl: (round: number) => Promise<number>,
): Promise<Turns> {
  const turns: Turns = { oursMs: [], curlMs: [] };
  // What was written before must not be on its way to the disk while this is measured.
  await runProgram('sync', []);
  await ours(-1);
  await curl(-1);
  for (let round = 0; round < rounds; round += 1) {
    const oursFirst = round % 2 === 0;
    if (oursFirst) turns.oursMs.push(await ours(round));
    turns.curlMs.push(await curl(round));
    if (!oursFirst) turns.oursMs.push(await ours(round));
  }
  return turns;
}

async function measureUploads(plan: ReferencesPlan): Promise<Turns> {
  const [path = ''] = plan.paths;
  const transport = plainTransport();
  const files = createFilesClient({
    transport,
    filesBaseUrl: () => plan.files,
    apiKey: () => Promise.resolve(plan.key),
  });
  const rules = { maxBytes: maxReferenceBytes, removesMetadata: true };
  const { source } = await inspectReference(path, 'photo', rules, nodePlatform.files);
  const clear = async () => {
    for (const { fileId } of await files.list(1, never)) await files.delete(fileId, never);
  };
  const ours = async (round: number) => {
    const startedMs = performance.now();
    await files.upload({ ...source, fileName: `ours-${String(round)}.jpg` }, never);
    const tookMs = performance.now() - startedMs;
    await clear();
    return tookMs;
  };
  const curl = async () => {
    const form = ['-F', 'upload_path=image-studio', '-F', `file=@${path};type=image/jpeg`];
    const tookMs = await timeOfCurl(plan, [...form, `${plan.files}/api/v1/files/upload/stream`]);
    await clear();
    return tookMs;
  };
  const turns = await takeTurns(plan.rounds, ours, curl);
  await transport.close();
  return turns;
}

async function measureDownloads(
  plan: ReferencesPlan,
  { client }: JobSystem,
  api: OfflineApi,
): Promise<Turns> {
  const url = await resultUrl(plan, client, api);
  const target = join(plan.folder, 'download');
  const whole = async () => {
    const { size } = await stat(target);
    if (size !== downloadBytes) throw new Error(`${String(size)} bytes arrived`);
    await rm(target);
  };
  const ours = async () => {
    const startedMs = performance.now();
    const { body } = await client.download(url, never);
    await writeBody(body, target, never, nodePlatform.files);
    const tookMs = performance.now() - startedMs;
    await whole();
    return tookMs;
  };
  const curl = async () => {
    const tookMs = await timeOfCurl(plan, ['-o', target, url]);
    await whole();
    return tookMs;
  };
  return await takeTurns(plan.rounds, ours, curl);
}

/** A result that has grown to 100 MB on its way. */
async function resultUrl(
  { folder }: ReferencesPlan,
  client: JobSystem['client'],
  api: OfflineApi,
): Promise<string> {
  const { model, prompt, size, quality } = newJob('large', folder);
  const wish = { model, prompt, size, quality, imageUrls: [] };
  const task = await client.createTask(wish, `image-studio-${crypto.randomUUID()}`, never);
  const fault = { kind: 'oversized', sizeBytes: downloadBytes } as const;
  await api.fault({ match: { route: 'result' }, times: 'always', fault });
  for (;;) {
    const [url] = (await client.getTask(task.id, never)).resultUrls;
    if (url !== undefined) return url;
    await sleep(100);
  }
}

/** As curl itself counts it, without the start of its process. */
async function timeOfCurl({ curl, key }: ReferencesPlan, args: string[]): Promise<number> {
  const quiet = ['--silent', '--show-error', '--fail', '--noproxy', '*'];
  const auth = ['-H', `Authorization: Bearer ${key}`];
  const output = await runProgram(curl, [...quiet, ...auth, '-w', '\n%{time_total}', ...args]);
  return Number(output.trim().split('\n').at(-1)) * 1000;
}

function plainTransport() {
  return createTransport({
    baseUrls: () => [],
    network: () => directNetwork,
    env: {},
    userAgent: 'image-studio-bench',
  });
}

await main(JSON.parse(process.argv[2] ?? '') as ReferencesPlan);
process.exit(0);
