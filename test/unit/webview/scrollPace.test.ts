import assert from 'node:assert/strict';
import { ScrollPace } from '../../../src/webview/studio/gallery/scrollPace.ts';

const sightPx = 600;
const frameMs = 16;

describe('the pace of scrolling', () => {
  let settled: Promise<void>;
  let pace: ScrollPace;
  beforeEach(() => {
    settled = new Promise((resolve) => (pace = new ScrollPace(resolve)));
  });
  afterEach(() => pace.stop());

  /** @returns whether it was fast at each of the moves, one a frame. */
  function move(tops: readonly number[], apartMs = frameMs): boolean[] {
    return tops.map((top, at) => {
      pace.note(top, sightPx, 1_000 + at * apartMs);
      return pace.isFast;
    });
  }

  it('is fast from the second of two long moves on', () => {
    assert.deepEqual(move([600, 1_200, 1_800, 1_000]), [false, true, true, true]);
  });

  it('is not fast for a wheel, however long it turns', () => {
    const turns = Array.from({ length: 50 }, (_, at) => (at + 1) * 100);
    assert.ok(move(turns).every((isFast) => !isFast));
  });

  it('is not fast for one jump', () => {
    assert.deepEqual(move([90_000]), [false]);
  });

  it('is not fast for jumps with time to look between them', () => {
    assert.deepEqual(move([600, 1_200, 1_800], 400), [false, false, false]);
  });

  it('stays fast while other things are drawn, and ends by itself', async () => {
    move([600, 1_200]);
    pace.note(1_200, sightPx, 1_000 + 2 * frameMs);
    assert.ok(pace.isFast);
    await settled;
    assert.ok(!pace.isFast);
  });

  it('ends with a short move', () => {
    assert.deepEqual(move([600, 1_200, 1_250]), [false, true, false]);
  });
});
