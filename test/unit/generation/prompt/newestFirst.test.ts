import assert from 'node:assert/strict';
import {
  mapInSlices,
  matching,
  newestFirst,
} from '../../../../src/generation/prompt/newestFirst.ts';

const { signal } = new AbortController();
const numbers = Array.from({ length: 2_000 }, (_, index) => index);

describe('images to choose from', () => {
  it('come the newest first, and last those whose time cannot be read', async () => {
    const times: Record<string, number> = { old: 1, new: 3, middle: 2 };
    const read = async (name: string) => times[name] ?? Promise.reject(new Error(name));
    assert.deepEqual(await newestFirst(['gone', 'old', 'new', 'middle'], read, signal), [
      ...['new', 'middle', 'old', 'gone'],
    ]);
  });

  it('are read a few at once, and no more of them when the user has left', async () => {
    let running = 0;
    let most = 0;
    let read = 0;
    const leaving = new AbortController();
    const timeOf = async (index: number) => {
      running += 1;
      read += 1;
      most = Math.max(most, running);
      if (read === 100) leaving.abort();
      await new Promise(setImmediate);
      running -= 1;
      return index;
    };
    await newestFirst(numbers, timeOf, leaving.signal);
    assert.ok(most > 1 && most <= 32, String(most));
    assert.ok(read <= 132, String(read));
  });

  it('are made rows in slices, between which other work is done', async () => {
    let others = 0;
    const timer = setInterval(() => (others += 1), 0);
    const seen = new Set<number>();
    const rows = await mapInSlices(
      numbers,
      (index) => {
        seen.add(others);
        const until = performance.now() + 0.02;
        while (performance.now() < until);
        return index * 2;
      },
      signal,
    );
    clearInterval(timer);
    assert.deepEqual(
      rows,
      numbers.map((index) => index * 2),
    );
    assert.ok(seen.size > 1, 'a timer ran in between');
  });

  it('are all searched, for each word, in any case and order', () => {
    const rows = numbers.map((index) => ({ label: `Images/fox ${String(index)}.JPG` }));
    const labels = (typed: string) => matching(rows, typed, 3).map(({ label }) => label);
    assert.deepEqual(labels(''), ['Images/fox 0.JPG', 'Images/fox 1.JPG', 'Images/fox 2.JPG']);
    assert.deepEqual(labels('1999 FOX'), ['Images/fox 1999.JPG']);
    assert.deepEqual(labels('fox 19 images/'), [
      ...['Images/fox 19.JPG', 'Images/fox 119.JPG', 'Images/fox 190.JPG'],
    ]);
    assert.deepEqual(labels('bear'), []);
  });
});
