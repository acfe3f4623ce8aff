import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SavedJob } from '../../src/jobs/job.ts';
import { startOfflineApi } from '../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../fakeEvolink/types.ts';
import { openJobSystem } from '../../src/jobs/openJobSystem.ts';
import { jobSystemOptions, newJob } from '../support/jobSystemOptions.ts';
import { type Figure, mean } from './figure.ts';

const taskMs = 60_000;
const jitter = 0.3;
const singles = 10;
const together = 16;

interface Watched {
  /** From "finished at the server" to "file in the workspace". */
  delaysMs: number[];
  /** Calls that asked for tasks, of one engine. */
  queries: number;
}

/** Real tasks of 60 s ± 30 %, in real time: each alone in an engine, and sixteen in one engine. */
export async function measureWatching(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'image-studio-bench-'));
  try {
    const runs = Array.from({ length: singles }, (_, index) =>
      watch(1, join(folder, String(index)), index),
    );
    const [sixteen, ...alone] = await Promise.all([
      watch(together, join(folder, 'many'), 99),
      ...runs,
    ]);
    return figures(alone, sixteen);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function watch(count: number, folder: string, seed: number): Promise<Watched> {
  const api = await startOfflineApi({ taskMs, jitter, drawing: 'fast', seed });
  await mkdir(folder, { recursive: true });
  const { urls, key } = api;
  const place = { apiUrl: urls.api, filesUrl: urls.files, key, storageFolder: folder };
  const node = openJobSystem(jobSystemOptions(place));
  node.engine.setMaxConcurrent(count);
  node.start();
  // The engine lets a process end; this one has to stay.
  const staying = setInterval(() => undefined, 1_000);
  try {
    const wanted = Array.from({ length: count }, (_, n) =>
      newJob(`picture ${String(n)}`, join(folder, 'out')),
    );
    const jobs = node.engine.add(wanted);
    const ids = jobs.map((job) => job.id);
    const ended = await node.engine.whenSettled(ids, new AbortController().signal);
    return { delaysMs: await delaysOf(ended as SavedJob[], api), queries: await queriesOf(api) };
  } finally {
    clearInterval(staying);
    await node.close();
    await api.close();
  }
}

async function delaysOf(jobs: SavedJob[], api: OfflineApi): Promise<number[]> {
  const tasks = new Map((await api.tasks()).map((task) => [task.id, task]));
  return jobs.map((job) => job.savedAt - (tasks.get(job.taskId)?.finishedAt ?? Number.NaN));
}

async function queriesOf(api: OfflineApi): Promise<number> {
  const requests = await api.log({ origin: 'api' });
  return requests.filter(({ route }) => route === 'query' || route === 'batch').length;
}

function figures(alone: Watched[], sixteen: Watched): Figure[] {
  const delays = alone.flatMap((run) => run.delaysMs);
  const queries = alone.map((run) => run.queries);
  return [
    {
      name: 'finished → saved, one task, mean',
      value: seconds(mean(delays)),
      limit: '≤ 1.2 s',
      isMet: mean(delays) <= 1_200,
    },
    { name: 'finished → saved, one task, worst', value: seconds(Math.max(...delays)) },
    {
      name: 'finished → saved, 16 at once, mean',
      value: seconds(mean(sixteen.delaysMs)),
      limit: '≤ 1.2 s',
      isMet: mean(sixteen.delaysMs) <= 1_200,
    },
    {
      name: 'queries, one task, mean',
      value: mean(queries).toFixed(1),
      limit: '≤ 12',
      isMet: mean(queries) <= 12,
    },
    {
      name: 'queries, one task, most',
      value: String(Math.max(...queries)),
      limit: '≤ 12',
      isMet: Math.max(...queries) <= 12,
    },
    {
      name: 'queries, 16 at once, all together',
      value: String(sixteen.queries),
      limit: '≤ 16, one a task',
      isMet: sixteen.queries <= 16,
    },
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
