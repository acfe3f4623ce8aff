/** Four bytes a pixel: red, green, blue, alpha; rows from the top, without gaps. */
export interface Pixels {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

const pixelBytes = 4;
const opaque = 255;

export function hasAlpha({ data }: Pixels): boolean {
  for (let at = 3; at < data.length; at += pixelBytes) if (data[at] !== opaque) return true;
  return false;
}

/** On white, as a page shows what has no background of its own. */
export function flattened(pixels: Pixels): Pixels {
  if (!hasAlpha(pixels)) return pixels;
  const data = new Uint8ClampedArray(pixels.data);
  for (let at = 0; at < data.length; at += pixelBytes) {
    const alpha = (data[at + 3] ?? opaque) / opaque;
    for (let part = at; part < at + 3; part += 1)
      data[part] = (data[part] ?? 0) * alpha + opaque * (1 - alpha);
    data[at + 3] = opaque;
  }
  return { ...pixels, data };
}

/** Turned and mirrored so that it is upright. @param orientation 1–8, as Exif has it */
export function upright(pixels: Pixels, orientation: number): Pixels {
  const { width, height } = pixels;
  if (orientation <= 1 || orientation > 8) return pixels;
  const isOnItsSide = orientation >= 5;
  const target = isOnItsSide ? { width: height, height: width } : { width, height };
  const from = new Uint32Array(pixels.data.slice().buffer);
  const to = new Uint32Array(from.length);
  // Which side of the stored image is above, and which is on the left, is what the number tells.
  const isFromRight =
    orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8;
  const isFromBottom =
    orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7;
  for (let y = 0; y < target.height; y += 1)
    for (let x = 0; x < target.width; x += 1) {
      const column = isOnItsSide ? y : x;
      const row = isOnItsSide ? x : y;
      const fromX = isFromRight ? width - 1 - column : column;
      const fromY = isFromBottom ? height - 1 - row : row;
      to[y * target.width + x] = from[fromY * width + fromX] ?? 0;
    }
  return { ...target, data: new Uint8ClampedArray(to.buffer) };
}

/** The size at a width that is no larger than the image: an image is never enlarged. */
export function sizeAtWidth(
  { width, height }: { width: number; height: number },
  maxWidth: number | undefined,
): { width: number; height: number } {
  if (maxWidth === undefined || maxWidth >= width) return { width, height };
  return { width: maxWidth, height: Math.max(1, Math.round((height * maxWidth) / width)) };
}
