import type { SvgRoot } from './svgRoot.ts';

/** What browsers take where an image tells no size (CSS 2.1, 10.3.2). */
const [defaultWidth, defaultHeight] = [300, 150];

/**
 * How large an SVG is drawn, in whole pixels: as its width and height say, else in the proportions
 * of its view box, no smaller than browsers draw what tells no size. A part of a page, in percent,
 * tells none.
 */
export function svgSize({ attributes }: SvgRoot): { width: number; height: number } {
  const width = pixelsOf(attributes.get('width'));
  const height = pixelsOf(attributes.get('height'));
  const box = boxOf(attributes.get('viewBox'));
  if (!box) return { width: whole(width ?? defaultWidth), height: whole(height ?? defaultHeight) };
  if (width === undefined && height === undefined) {
    const scale = Math.max(1, Math.min(defaultWidth / box.width, defaultHeight / box.height));
    return { width: whole(box.width * scale), height: whole(box.height * scale) };
  }
  const ratio = box.width / box.height;
  return {
    width: whole(width ?? (height ?? 0) * ratio),
    height: whole(height ?? (width ?? 0) / ratio),
  };
}

/** Of the units of CSS, in pixels; fonts are taken to be as large as browsers' are. */
const units = new Map([
  ['', 1],
  ['px', 1],
  ['in', 96],
  ['cm', 96 / 2.54],
  ['mm', 96 / 25.4],
  ['q', 96 / 101.6],
  ['pt', 96 / 72],
  ['pc', 16],
  ['em', 16],
  ['rem', 16],
  ['ex', 8],
  ['ch', 8],
]);

const numberStart = /^[+]?[\d.]+(?:e[+-]?\d+)?/i;

/** Undefined for what tells no size that can be seen. */
function pixelsOf(length = ''): number | undefined {
  const text = length.trim();
  const [number = ''] = numberStart.exec(text) ?? [];
  const unit = units.get(text.slice(number.length).trim().toLowerCase());
  const pixels = Number(number) * (unit ?? Number.NaN);
  return pixels > 0 && Number.isFinite(pixels) ? pixels : undefined;
}

/** Four numbers between blanks or commas, of which the last two are its sides. */
function boxOf(viewBox = ''): { width: number; height: number } | undefined {
  const numbers = viewBox
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const [, , width = 0, height = 0] = numbers;
  const isBox = numbers.length === 4 && numbers.every(Number.isFinite) && width > 0 && height > 0;
  return isBox ? { width, height } : undefined;
}

/** Less than half a pixel is drawn as one. */
function whole(pixels: number): number {
  return Math.max(1, Math.round(pixels));
}
