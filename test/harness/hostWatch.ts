import { strict as assert } from 'node:assert';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A small extension that watches the extension host it runs in; it holds that host itself, until it
 * has seen that twice. The environment names the folder for what it finds.
 */
export const hostWatchFolder = join(import.meta.dirname, 'fixtures', 'hostWatch');
export const hostWatchVariable = 'IMAGE_STUDIO_TEST_HOST_WATCH';

const ownName = 'hostWatch';

/** A turn of an extension host's event loop that took 50 ms or more. */
interface LongTurn {
  /** Without the time in which the host waited for a processor. */
  heldMs: number;
  gapMs: number;
  /** How much of it each extension took, by the name of its folder. */
  by: Record<string, number>;
  mostly: string[];
}

async function longTurns(folder: string): Promise<LongTurn[]> {
  const files = await readdir(folder);
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return texts
    .flatMap((text) => text.split('\n').filter(Boolean))
    .map((line) => JSON.parse(line) as LongTurn);
}

/**
 * A wait in a call, and a text that is made to be slow, hold a host for seconds. What takes less is
 * measured by the benchmark: how long work takes is a matter of the machine.
 */
const longestTurnMs = 500;
/** What the watch itself does is longer than this. */
const shownMs = 150;

/** Fails when an extension, by the beginning of its id, held a host for long in one turn. */
export async function assertNeverHeld(folder: string, extension: string): Promise<void> {
  const turns = await longTurns(folder);
  const longerThan = (name: string, limitMs: number) =>
    turns.filter(({ by }) =>
      Object.entries(by).some(([owner, ms]) => owner.startsWith(name) && ms > limitMs),
    );
  assert.deepEqual(longerThan(extension, longestTurnMs), []);
  assert.equal(longerThan(ownName, shownMs).length >= 2, true, 'the watch sees what it does');
}
