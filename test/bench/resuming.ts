import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RunningJob } from '../../src/jobs/job.ts';
import { startOfflineApi } from '../fakeEvolink/startOfflineApi.ts';
import { openJobSystem } from '../../src/jobs/openJobSystem.ts';
import { jobSystemOptions } from '../support/jobSystemOptions.ts';
import { waitUntil } from '../harness/waitUntil.ts';
import type { Figure } from './figure.ts';
import { addRunning, fillStore, wish } from './fillStore.ts';

const unfinished = 100;
const finished = 10_000;

/** A start after a crash with a hundred paid images to fetch; and what ten thousand cost to keep. */
export async function measureResuming(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'image-studio-resume-'));
  try {
    const resumeMs = await resume(folder);
    const full = join(folder, 'full');
    await fillStore(full, finished);
    const { size } = await stat(join(full, 'jobs.sqlite'));
    const openFull = openMs(full);
    const empty = join(folder, 'empty');
    await fillStore(empty, 0);
    const openEmpty = openMs(empty);
    return [
      {
        name: `${String(unfinished)} unfinished jobs, from start to all saved`,
        value: `${(resumeMs / 1000).toFixed(1)} s`,
      },
      {
        name: `store of ${String(finished)} finished jobs`,
        value: `${(size / 1024 / 1024).toFixed(1)} MB`,
      },
      {
        name: 'opening that store and listing 60 jobs / an empty store',
        value: `${openFull.toFixed(1)} ms / ${openEmpty.toFixed(1)} ms`,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function resume(folder: string): Promise<number> {
  const api = await startOfflineApi({ taskMs: 100, drawing: 'fast', credits: 10_000 });
  try {
    const jobs = await Promise.all(
      Array.from({ length: unfinished }, (_, index) =>
        acceptedTask(api.urls.api, api.key, index, folder),
      ),
    );
    // An hour-old task is done; asked about while it is drawn, it would be asked again only later.
    await waitUntil('all tasks done', async () =>
      (await api.tasks()).every((task) => task.finishedAt !== undefined),
    );
    await addRunning(folder, jobs);
    const startedMs = performance.now();
    const { urls, key } = api;
    const place = { apiUrl: urls.api, filesUrl: urls.files, key, storageFolder: folder };
    const node = openJobSystem(jobSystemOptions(place));
    node.start();
    const staying = setInterval(() => undefined, 1_000);
    const ended = await node.engine.whenSettled(
      jobs.map((job) => job.id),
      new AbortController().signal,
    );
    const tookMs = performance.now() - startedMs;
    clearInterval(staying);
    await node.close();
    const lost = ended.filter((job) => job.state !== 'saved').length;
    if (lost > 0) throw new Error(`${String(lost)} of ${String(unfinished)} were not saved`);
    return tookMs;
  } finally {
    await api.close();
  }
}

/** A task at the server, and the job a window that died had for it. */
async function acceptedTask(
  apiUrl: string,
  key: string,
  index: number,
  folder: string,
): Promise<RunningJob> {
  const prompt = `left behind ${String(index)}`;
  const response = await fetch(`${apiUrl}/v1/images/generations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-image-1.5-lite', prompt }),
  });
  const { id: taskId } = (await response.json()) as { id: string };
  const folderUri = pathToFileURL(join(folder, 'out')).href;
  const acceptedAt = Date.now() - 3600_000;
  return { ...wish(prompt, index, folderUri), state: 'running', taskId, acceptedAt };
}

function openMs(folder: string): number {
  const startedMs = performance.now();
  const nobody = 'http://127.0.0.1:9';
  const place = { apiUrl: nobody, filesUrl: nobody, key: 'none', storageFolder: folder };
  const node = openJobSystem(jobSystemOptions(place));
  node.start();
  node.engine.listRecent(60);
  const tookMs = performance.now() - startedMs;
  void node.close();
  return tookMs;
}
