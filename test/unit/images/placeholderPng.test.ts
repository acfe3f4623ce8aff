import assert from 'node:assert/strict';
import sharp from 'sharp';
import { checkImageBytes } from '../../../src/images/checkImage.ts';
import { placeholderPng } from '../../../src/images/placeholderPng.ts';

describe('a placeholder', () => {
  const sizes: [asked: [number, number], made: [number, number]][] = [
    [
      [1536, 1024],
      [1536, 1024],
    ],
    [
      [1, 1],
      [1, 1],
    ],
    [
      [7, 3],
      [7, 3],
    ],
    [
      [3, 999],
      [3, 999],
    ],
    [
      [40_000, 20_000],
      [4096, 2048],
    ],
    [
      [4_000_000, 1],
      [4096, 1],
    ],
  ];
  for (const [[width, height], [madeWidth, madeHeight]] of sizes)
    it(`of ${String(width)} × ${String(height)} is a whole PNG that decoders read`, async () => {
      const png = placeholderPng({ width, height }, {});
      const facts = await checkImageBytes(png);
      assert.deepEqual(facts, { type: 'png', width: madeWidth, height: madeHeight });
      const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
      assert.deepEqual([info.width, info.height], [madeWidth, madeHeight]);
      // The frame begins in the first corner.
      assert.equal(data[0], 0x9c);
    });

  it('is gray, with a cross from corner to corner', async () => {
    const { data, info } = await sharp(placeholderPng({ width: 300, height: 200 }, {}))
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) => data[(y * info.width + x) * info.channels] ?? 0;
    assert.ok(at(150, 100) < at(150, 40));
    assert.equal(at(150, 40), at(30, 100));
  });

  it('says in its description what will be there, whatever that is', async () => {
    const words = `雪の狐 \0 "fox" \ud83e\udd8a \ud800 ${'long '.repeat(1_000)}`;
    const png = placeholderPng(
      { width: 8, height: 8 },
      { Description: words, Software: 'Image Studio' },
    );
    await checkImageBytes(png);
    const { comments } = await sharp(png).metadata();
    const text = Object.fromEntries((comments ?? []).map((each) => [each.keyword, each.text]));
    assert.match(text['Description'] ?? '', /^雪の狐 {2}"fox" 🦊 \ufffd long /);
    assert.ok((text['Description'] ?? '').length <= 2_000);
    assert.equal(text['Software'], 'Image Studio');
  });
});
