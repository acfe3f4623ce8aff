import assert from 'node:assert/strict';
import {
  firstSeedOf,
  firstTreeSeed,
  shareOfSeeds,
  treeSeedCount,
} from '../simulation/treeSeeds.ts';
import { partsOf, suitesNamed } from '../suites.ts';

describe('the simulation in npm test', () => {
  const files = [
    ['src/jobs/a.ts', 'one\ntwo\n'],
    ['src/jobs/b.ts', 'three\n'],
  ] as const;
  const first = firstSeedOf(files);

  it('tries each of its seeds once, in several processes', () => {
    assert.ok(suitesNamed(undefined).includes('simulation'));
    const parts = partsOf('simulation');
    const shares = parts.map(({ args }) => shareOfSeeds(Number(args[0]), Number(args[1])));
    assert.equal(parts.length, 2);
    assert.equal(new Set(parts.map(({ name }) => name)).size, parts.length);
    let next = 0;
    for (const { offset, count } of shares) {
      assert.equal(offset, next);
      next += count;
    }
    assert.equal(next, 2_000);
  });

  it('has the same seeds for the same tree, on any machine', () => {
    assert.equal(firstTreeSeed(), firstTreeSeed());
    assert.ok(Number.isSafeInteger(firstTreeSeed() + treeSeedCount));
    assert.equal(firstSeedOf(files.toReversed()), first);
    const onWindows = files.map(
      ([path, text]) => [path.replaceAll('/', '\\'), text.replaceAll('\n', '\r\n')] as const,
    );
    assert.equal(firstSeedOf(onWindows), first);
  });

  for (const [what, changed] of [
    ['a text', [files[0], ['src/jobs/b.ts', 'four\n']]],
    ['a name', [files[0], ['src/jobs/c.ts', 'three\n']]],
    ['a file more', [...files, ['src/jobs/c.ts', '']]],
    ['a file less', [files[0]]],
    ['where a text ends', [files[0], ['src/jobs/b.ts', 'three']]],
  ] as const)
    it(`has other seeds when ${what} is another`, () => {
      assert.ok(Math.abs(firstSeedOf(changed) - first) >= treeSeedCount);
    });
});
