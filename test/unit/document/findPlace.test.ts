import assert from 'node:assert/strict';
import { createPlaceFinder } from '../../../src/document/findPlace.ts';

const places = Array.from({ length: 140 }, (_, index) => `place ${String(index)}`);

function finderOf(there: string[] = [], elsewhere?: string) {
  const state = { looked: 0, searched: 0, nowMs: 0, isCancellationRequested: false };
  const find = createPlaceFinder<string>({
    isFile: (place) => {
      state.looked += 1;
      return Promise.resolve(there.includes(place));
    },
    nowMs: () => state.nowMs,
  });
  const searchOf = (text: string) => ({
    text,
    find: () => {
      state.searched += 1;
      return Promise.resolve(elsewhere);
    },
  });
  return {
    state,
    there,
    forget: find.forget,
    /** @param text what is searched for elsewhere too */
    find: (text = 'fox.png') => find(places, searchOf(text), state),
    atPlaces: () => find(places, undefined, state),
  };
}

describe('the file of a link', () => {
  it('is the first of its places, behind which none is looked at', async () => {
    const { state, find } = finderOf(['place 5', 'place 3', 'place 99']);
    assert.equal(await find(), 'place 3');
    assert.ok(state.looked < 20, String(state.looked));
    assert.equal(state.searched, 0);
  });

  it('is found at the last of them, and elsewhere', async () => {
    assert.equal(await finderOf(['place 139']).find(), 'place 139');
    assert.equal(await finderOf([], 'in a folder').find(), 'in a folder');
  });

  it('is searched for elsewhere once, however many links are broken and however often asked', async () => {
    const { state, find } = finderOf();
    const names = Array.from({ length: 40 }, (_, index) => `${String(index)}.png`);
    for (let moves = 0; moves < 10; moves += 1)
      assert.deepEqual(new Set(await Promise.all(names.map(find))), new Set([undefined]));
    assert.equal(state.searched, names.length);
    state.nowMs = 10_000;
    await find('0.png');
    assert.equal(state.searched, names.length + 1);
  });

  it('is searched for once by all who ask at the same time', async () => {
    const { state, find } = finderOf();
    await Promise.all(Array.from({ length: 16 }, () => find('wren.png')));
    assert.equal(state.searched, 1);
  });

  it('is searched for again when files have come or gone', async () => {
    const { state, find, forget } = finderOf();
    await find();
    forget();
    await find();
    assert.equal(state.searched, 2);
  });

  it('is remembered elsewhere as long as it is there', async () => {
    const { state, there, find } = finderOf(['in a folder'], 'in a folder');
    for (let moves = 0; moves < 10; moves += 1) assert.equal(await find(), 'in a folder');
    assert.equal(state.searched, 1);
    there.length = 0;
    await find();
    assert.equal(state.searched, 2);
  });

  it('is remembered for so many links, and no more', async () => {
    const { state, find } = finderOf();
    for (let index = 0; index <= 500; index += 1) await find(`${String(index)}.png`);
    await find('500.png');
    assert.equal(state.searched, 501);
    await find('0.png');
    assert.equal(state.searched, 502);
  });

  it('is found at its place as soon as it is there', async () => {
    const { there, find, atPlaces } = finderOf();
    assert.equal(await find(), undefined);
    assert.equal(await atPlaces(), undefined);
    there.push('place 139');
    assert.equal(await find(), 'place 139');
    assert.equal(await atPlaces(), 'place 139');
  });

  it('is found elsewhere after a link of the same places that is of those alone', async () => {
    const { state, find, atPlaces } = finderOf([], 'in a folder');
    assert.equal(await atPlaces(), undefined);
    assert.equal(state.searched, 0);
    assert.equal(await find(), 'in a folder');
    assert.equal(await atPlaces(), undefined);
  });

  it('is looked for no further when nobody waits, which is no miss', async () => {
    const { state, find } = finderOf(['place 139']);
    state.isCancellationRequested = true;
    assert.equal(await find(), undefined);
    assert.deepEqual([state.looked, state.searched], [0, 0]);
    state.isCancellationRequested = false;
    assert.equal(await find(), 'place 139');
  });

  it('is not missed for good by a search that was broken off', async () => {
    const state = { isCancellationRequested: false };
    const find = createPlaceFinder<string>({
      isFile: () => Promise.resolve(false),
      nowMs: () => 0,
    });
    const brokenOff = () => {
      state.isCancellationRequested = true;
      return Promise.resolve(undefined);
    };
    assert.equal(await find(['a'], { text: 'a', find: brokenOff }, state), undefined);
    state.isCancellationRequested = false;
    const search = { text: 'a', find: () => Promise.resolve('b') };
    assert.equal(await find(['a'], search, state), 'b');
  });
});
