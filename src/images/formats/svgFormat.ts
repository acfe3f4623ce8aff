import type { ImageFacts } from '../imageFacts.ts';
import { UnreadableError, type Windowed } from '../parts.ts';
import { findSvgRoot, type FoundRoot } from '../svgRoot.ts';
import { svgSize } from '../svgSize.ts';

/** A drawing's own source, or the diagram it was made from, may stand in its first element. */
const maxRootBytes = 16 * 1024 * 1024;
const firstBytes = 64 * 1024;
const growth = 16;

/**
 * An SVG of any encoding that browsers know, by its outermost element: what comes behind that is
 * the browser's to draw. @returns undefined when the file is none
 * @throws UnreadableError when it ends before that is known
 */
export async function checkSvg(windowed: Windowed): Promise<ImageFacts | undefined> {
  const { sizeBytes } = windowed;
  for (let length = firstBytes; ; length *= growth) {
    const root = await rootIn(windowed, Math.min(length, maxRootBytes));
    if (root === 'none') return undefined;
    if (root !== 'cut') return { type: 'svg', ...svgSize(root) };
    if (length >= Math.min(sizeBytes, maxRootBytes)) throw new UnreadableError();
  }
}

async function rootIn(windowed: Windowed, length: number): Promise<FoundRoot> {
  const bytes = await windowed.copy(0, length);
  return findSvgRoot(textOf(bytes));
}

/**
 * Markup is spelled in the same bytes in all encodings but UTF-16. What else is read is of no
 * matter here.
 */
function textOf(bytes: Buffer): string {
  const isLittle = startsWith(bytes, '\xff\xfe', '<\0');
  const isBig = startsWith(bytes, '\xfe\xff', '\0<');
  if (isLittle) return bytes.toString('utf16le');
  if (isBig)
    return Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString('utf16le');
  return bytes.toString('latin1', startsWith(bytes, '\xef\xbb\xbf') ? 3 : 0);
}

function startsWith(bytes: Buffer, ...beginnings: string[]): boolean {
  return beginnings.some((begin) => bytes.toString('latin1', 0, begin.length) === begin);
}
