import sharp from 'sharp';

/** An image of one colour, different for each. */
export function plainImage(format: 'png' | 'webp' | 'gif' | 'avif', red: number): Promise<Buffer> {
  const create = {
    width: 96,
    height: 64,
    channels: 3,
    background: { r: red, g: 90, b: 60 },
  } as const;
  return sharp({ create }).toFormat(format).toBuffer();
}

/** An image that cannot be made small: three bytes for each of its pixels. */
export function noisyImage(side: number): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const create = { width: side, height: side, channels: 3, background: 'white', noise } as const;
  return sharp({ create }).png({ compressionLevel: 0 }).toBuffer();
}
