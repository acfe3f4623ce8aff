import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { BadImageError } from '../../../src/images/imageFacts.ts';
import { shownSizeOfBytes, shownSizeOfFile } from '../../../src/images/shownSize.ts';

describe('the size of an image as it is shown', () => {
  const image = (format: 'jpeg' | 'png' | 'webp' | 'gif', orientation: number) =>
    sharp({ create: { width: 60, height: 40, channels: 3, background: 'teal' } })
      .withMetadata({ orientation })
      .toFormat(format)
      .toBuffer();

  for (const format of ['jpeg', 'png', 'webp'] as const)
    it(`is turned as the Exif of a ${format} says`, async () => {
      const sizes = new Map<number, number[]>();
      for (let orientation = 1; orientation <= 8; orientation += 1) {
        const { width, height } = await shownSizeOfBytes(await image(format, orientation));
        sizes.set(orientation, [width, height]);
      }
      for (const [orientation, size] of sizes)
        assert.deepEqual(size, orientation < 5 ? [60, 40] : [40, 60], String(orientation));
    });

  it('is that of its pixels where nothing turns it', async () => {
    assert.deepEqual(await shownSizeOfBytes(await image('gif', 1)), { width: 60, height: 40 });
  });

  it('is read of a file too, and of nothing that is no image', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shown-size-'));
    try {
      const path = join(folder, 'a.jpg');
      await writeFile(path, await image('jpeg', 6));
      assert.deepEqual(await shownSizeOfFile(path), { width: 40, height: 60 });
      await writeFile(path, 'no image');
      await assert.rejects(shownSizeOfFile(path), BadImageError);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
