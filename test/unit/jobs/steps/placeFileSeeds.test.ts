import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { placeFile } from '../../../../src/jobs/steps/placeFile.ts';
import { seededRandom } from '../../../fakeEvolink/random.ts';
import {
  imagesFolder,
  isHidden,
  type Refusal,
  SteppedDisk,
  type SteppedWindow,
} from './steppedDisk.ts';

/** How a file system of a kind behaves. */
interface Kind {
  hasLinks: boolean;
  refuse: (call: string, random: () => number) => Refusal | undefined;
}

const linkRefusals = [
  'EPERM',
  'EACCES',
  'EISDIR',
  'ENOTSUP',
  'ENOSYS',
  'EXDEV',
  'EMLINK',
  'UNKNOWN',
];
const heldCalls = ['rename', 'rm', 'link', 'open'];

const kinds: Record<string, Kind> = {
  'with links': { hasLinks: true, refuse: () => undefined },
  'without links': {
    hasLinks: false,
    refuse: (call, random) => (call === 'link' ? { code: drawn(linkRefusals, random) } : undefined),
  },
  'with links, and a scanner': {
    hasLinks: false,
    refuse: (call, random) => held(call, random),
  },
  'without links, and a scanner': {
    hasLinks: false,
    refuse: (call, random) => (call === 'link' ? { code: 'EPERM' } : held(call, random)),
  },
  'that takes bytes and no rights, and no links': {
    hasLinks: false,
    refuse: (call) =>
      call === 'copyfile' || call === 'link' ? { code: 'EPERM', isLate: true } : undefined,
  },
  'that loses every third answer': {
    hasLinks: false,
    refuse: (call, random) =>
      heldCalls.includes(call) && random() < 0.3 ? { code: 'EPERM', isLate: true } : undefined,
  },
};

function held(call: string, random: () => number): Refusal | undefined {
  if (!heldCalls.includes(call) || random() > 0.2) return undefined;
  return { code: drawn(['EBUSY', 'EPERM', 'EACCES'], random) };
}

function drawn<T>(values: readonly T[], random: () => number): T {
  return values[Math.floor(random() * values.length)] as T;
}

/** What a store knows of a job. */
interface PlacedJob {
  id: string;
  bytes: string;
  target?: string;
  savedPath?: string;
}

/**
 * Some jobs of one name at once, in two windows that are killed at any step and come again, beside
 * files of a user's. @returns what went wrong.
 */
async function play(kind: Kind, seed: number, storesAreShared: boolean): Promise<string[]> {
  const random = seededRandom(seed);
  const faults: string[] = [];
  const whole = new Map<string, string>();
  const users = new Map<string, string>();
  const jobs: PlacedJob[] = Array.from({ length: 2 + Math.floor(random() * 3) }, (_, n) => ({
    id: `job-${String(n)}`,
    // Two tasks may bring the same image; each of them is to have its own.
    bytes:
      storesAreShared && random() < 0.3 ? 'the same image' : `image ${String(n)} of some bytes`,
  }));
  const images = new Set(jobs.map(({ bytes }) => bytes));
  const disk = new SteppedDisk({
    random,
    refuse: (call, path) =>
      dirname(path) === imagesFolder ? kind.refuse(call, random) : undefined,
    onStep,
  });
  for (const job of jobs) disk.put(`/temp/${job.id}.image`, job.bytes);
  disk.put(join(imagesFolder, 'notes.txt'), 'kept');
  users.set(join(imagesFolder, 'notes.txt'), 'kept');
  let killsLeft = 3;

  function onStep(): void {
    for (const [path, { data }] of disk.names) {
      if (dirname(path) !== imagesFolder || isHidden(path) || users.has(path)) continue;
      const text = data.toString();
      if (images.has(text)) whole.set(path, whole.get(path) ?? text);
      else if (text !== '' || kind.hasLinks) faults.push(`${path} held "${text}"`);
    }
    for (const [path, text] of [...whole, ...users])
      if (disk.text(path) !== text) faults.push(`${path} lost "${text}"`);
    // A user is as quick as anybody.
    const path = join(imagesFolder, drawn(['fox.png', 'fox-2.png', 'fox-3.png'], random));
    if (random() < 0.01 && !disk.names.has(path)) {
      // Within the milliseconds of a reservation, an empty file of a user's would be taken for it.
      const isReserving = disk.list(imagesFolder).some((name) => name.endsWith('.reserved'));
      const text = isReserving ? 'of a user' : drawn(['', 'of a user'], random);
      disk.put(path, text);
      users.set(path, text);
    }
    if (killsLeft > 0 && random() < 0.02) {
      killsLeft -= 1;
      drawn(windows, random).restart();
    }
  }

  function isChosenByOther(job: PlacedJob, path: string): boolean {
    return (
      storesAreShared &&
      jobs.some((other) => other !== job && !other.savedPath && other.target === path)
    );
  }

  async function placeOne(job: PlacedJob, window: SteppedWindow): Promise<void> {
    const savedPath = await placeFile(
      {
        sourcePath: `/temp/${job.id}.image`,
        sha256: createHash('sha256').update(job.bytes).digest('hex'),
        folderPath: imagesFolder,
        name: 'fox',
        extension: '.png',
        jobId: job.id,
        ...(job.target !== undefined && { earlierPath: job.target }),
        choose: (path) => {
          if (isChosenByOther(job, path)) return false;
          job.target = path;
          return true;
        },
      },
      window,
    );
    job.savedPath = savedPath;
    if (!disk.durableNames.get(savedPath)?.isSynced) faults.push(`${savedPath} is not durable`);
  }

  function openWindow(own: readonly PlacedJob[]) {
    let window = disk.openWindow();
    const start = () => {
      for (const job of own) if (job.savedPath === undefined) void tryOn(job, window);
    };
    const tryOn = async (job: PlacedJob, at: SteppedWindow): Promise<void> => {
      try {
        await placeOne(job, at);
      } catch (thrown) {
        // As a user does who presses "Try Again".
        if ((thrown as { syscall?: unknown }).syscall === undefined) throw thrown;
        await tryOn(job, at);
      }
    };
    start();
    return {
      restart(): void {
        window.kill();
        window = disk.openWindow();
        start();
      },
    };
  }

  const windows = [0, 1].map((n) => openWindow(jobs.filter((_, index) => index % 2 === n)));
  await disk.run();
  for (const job of jobs)
    if (disk.text(job.savedPath ?? '') !== job.bytes)
      faults.push(`${job.id} is not at ${String(job.savedPath)}`);
  const expected = [...users.keys(), ...jobs.map(({ savedPath }) => String(savedPath))].toSorted();
  const found = disk.list(imagesFolder).map((name) => join(imagesFolder, name));
  if (storesAreShared && found.join() !== expected.join())
    faults.push(`${found.join()} instead of ${expected.join()}`);
  return faults;
}

const seeds = 40;

describe('placing files of one name at once, in any order, on a file system', () => {
  for (const [name, kind] of Object.entries(kinds))
    for (const [place, storesAreShared] of [
      ['one store', true],
      ['stores of their own', false],
    ] as const)
      it(`${name}, from ${place}: none is lost, overwritten, half or twice`, async () => {
        for (let seed = 1; seed <= seeds; seed += 1)
          assert.deepEqual(await play(kind, seed, storesAreShared), [], `seed ${String(seed)}`);
      });
});
