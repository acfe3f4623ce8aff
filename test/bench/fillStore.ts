import { mkdir } from 'node:fs/promises';
import type { Job, RunningJob, SavedJob, JobSpec } from '../../src/jobs/job.ts';
import { nodePlatform } from '../../src/jobs/nodePlatform.ts';
import { storageLayout } from '../../src/jobs/storageLayout.ts';
import { openStore } from '../../src/jobs/store/store.ts';

/** A store with so many finished images in it, as months of use leave one. */
export async function fillStore(
  folder: string,
  count: number,
  factsOf: (index: number) => Partial<SavedJob> = () => ({}),
): Promise<void> {
  await addJobs(
    folder,
    Array.from({ length: count }, (_, index) => ({ ...savedJob(index), ...factsOf(index) })),
  );
}

/** Jobs that a window left while the provider drew them. */
export async function addRunning(folder: string, jobs: RunningJob[]): Promise<void> {
  await addJobs(folder, jobs);
}

async function addJobs(folder: string, jobs: Job[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const store = openStore({ path: storageLayout(folder).store, platform: nodePlatform });
  store.add(jobs);
  store.close();
}

const words = ['fox', 'lighthouse', 'harbour', 'forest', 'kitchen', 'robot', 'violin', 'bridge'];

function savedJob(index: number): SavedJob {
  const taskId = `task-unified-${String(index)}`;
  return {
    ...wish(
      `a ${words[index % words.length] ?? ''} in the style of number ${String(index)}`,
      index,
    ),
    state: 'saved',
    taskId,
    acceptedAt: index,
    credits: 2.5,
    actualModel: 'gpt-image-1.5-lite',
    resultUrl: `https://media.evolink.ai/${taskId}.png`,
    finishedAt: index + 60_000,
    uri: `file:///home/person/project/images/picture-${String(index)}.png`,
    sha256: index.toString(16).padStart(64, '0'),
    sizeBytes: 1_500_000,
    width: 1024,
    height: 1024,
    savedAt: index + 61_000,
  };
}

export function wish(prompt: string, index: number, folderUri = 'file:///tmp'): JobSpec {
  return {
    id: crypto.randomUUID(),
    prompt,
    model: 'gpt-image-1.5-lite',
    size: '1024x1024',
    quality: 'auto',
    references: [],
    createdAt: index,
    variation: 1,
    idempotencyKey: `image-studio-${crypto.randomUUID()}`,
    destination: { folderUri, name: '${promptSlug}' },
  };
}
