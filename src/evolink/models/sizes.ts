/** A size as its words have it, `1024x1536` or `2:3`, and what is known of the image it yields. */

export interface Pixels {
  width: number;
  height: number;
}

/** Which sizes a model takes; see `ModelRow`. */
export interface SizeRule {
  list?: readonly string[] | undefined;
  ratios?: readonly string[] | undefined;
  auto?: boolean | undefined;
  pixels?: SizeLimits | undefined;
  pixelsOfRatios?: Readonly<Record<string, string>> | undefined;
  default: string;
}

interface SizeLimits {
  multipleOf?: number | undefined;
  minSide?: number | undefined;
  maxSide?: number | undefined;
  minArea?: number | undefined;
  maxArea?: number | undefined;
  maxRatio?: number | undefined;
}

interface SizedModel {
  sizes: SizeRule;
  resolutions?: { default: string } | undefined;
}

export const autoSize = 'auto';

/** `1024x1536`. Undefined for what is no such size. */
export function parsePixels(size: string): Pixels | undefined {
  return sidesOf(size, 'x');
}

/** `2:3`. Undefined for what is no such ratio. */
export function parseRatio(size: string): Pixels | undefined {
  return sidesOf(size, ':');
}

function sidesOf(size: string, separator: string): Pixels | undefined {
  const parts = size.split(separator);
  if (parts.length !== 2 || !parts.every((part) => /^[1-9]\d{0,4}$/.test(part))) return undefined;
  const [width = 0, height = 0] = parts.map(Number);
  return { width, height };
}

/** Whether a model with this rule takes a size. */
export function takesSize(rule: SizeRule, size: string): boolean {
  if (size === autoSize) return rule.auto === true;
  if (rule.list?.includes(size) || rule.ratios?.includes(size)) return true;
  const pixels = parsePixels(size);
  return pixels !== undefined && rule.pixels !== undefined && isWithin(rule.pixels, pixels);
}

/** The longest side that a size can say. */
const maxSidePx = 99_999;

/** Whether there is any size within these limits. */
export function hasSizeWithin(limits: SizeLimits): boolean {
  const { multipleOf: step = 1, minSide = 1, maxSide = maxSidePx } = limits;
  const { minArea = 1, maxArea = Infinity, maxRatio = Infinity } = limits;
  const nextStep = (side: number) => Math.ceil(side / step) * step;
  for (let shorter = nextStep(minSide); shorter <= maxSide; shorter += step) {
    if (shorter * shorter > maxArea) return false;
    const longer = nextStep(Math.max(shorter, minArea / shorter));
    if (longer <= Math.min(maxSide, maxArea / shorter, shorter * maxRatio)) return true;
  }
  return false;
}

function isWithin(limits: SizeLimits, { width, height }: Pixels): boolean {
  const { multipleOf = 1, minSide = 1, maxSide = Infinity } = limits;
  const { minArea = 1, maxArea = Infinity, maxRatio = Infinity } = limits;
  const [shorter, longer] = [Math.min(width, height), Math.max(width, height)];
  return (
    width % multipleOf === 0 &&
    height % multipleOf === 0 &&
    shorter >= minSide &&
    longer <= maxSide &&
    width * height >= minArea &&
    width * height <= maxArea &&
    longer <= shorter * maxRatio
  );
}

/** The sizes that are offered. A ratio that a size of the list has too is left out. */
export function offeredSizes(rule: SizeRule): string[] {
  const { auto, list = [], ratios = [] } = rule;
  const others = ratios.filter((ratio) => !list.some((size) => isSameShape(size, ratio)));
  return [...list, ...(auto ? [autoSize] : []), ...others];
}

/** Within what the rounding of sides changes. */
export function isSameShape(one: string, other: string): boolean {
  const [a, b] = [proportionOf(one), proportionOf(other)];
  return a !== undefined && b !== undefined && Math.abs(Math.log(a / b)) < 0.02;
}

/** Width divided by height; undefined for `auto`. */
export function proportionOf(size: string): number | undefined {
  const sides = parsePixels(size) ?? parseRatio(size);
  return sides && sides.width / sides.height;
}

/** The offered size whose shape comes nearest to that of an image. */
export function sizeLike(rule: SizeRule, { width, height }: Pixels): string {
  return nearestTo(rule, width / height, offeredSizes(rule));
}

/** The offered size that comes nearest in shape; the default where there is none. */
export function nearestSize(
  rule: SizeRule,
  size: string,
  among: readonly string[] = offeredSizes(rule),
): string {
  const wanted = proportionOf(size);
  return wanted === undefined ? rule.default : nearestTo(rule, wanted, among);
}

function nearestTo(rule: SizeRule, wanted: number, among: readonly string[]): string {
  const distance = (each: string) => Math.abs(Math.log((proportionOf(each) ?? Infinity) / wanted));
  const [nearest] = among
    .filter((each) => proportionOf(each) !== undefined)
    .toSorted((a, b) => distance(a) - distance(b));
  return nearest ?? rule.default;
}

/**
 * The pixels of an image, as far as the provider says them or the words do; undefined otherwise.
 * `isAbout`: reckoned from shape and resolution.
 */
export function pixelsOf(
  row: SizedModel,
  size: string,
  resolution?: string,
): (Pixels & { isAbout?: true }) | undefined {
  const exact = parsePixels(size) ?? parsePixels(ownPixels(row, size) ?? sameInList(row, size));
  if (exact) return exact;
  const proportion = proportionOf(size);
  const sidePx = 1024 * Number.parseFloat(resolution ?? row.resolutions?.default ?? '1');
  if (proportion === undefined || !Number.isFinite(sidePx)) return undefined;
  const rounded = (side: number) => Math.max(16, 16 * Math.round(side / 16));
  return {
    width: rounded(sidePx * Math.sqrt(proportion)),
    height: rounded(sidePx / Math.sqrt(proportion)),
    isAbout: true,
  };
}

/** A setting may have any word as its size, also one that each object has something for. */
function ownPixels({ sizes: { pixelsOfRatios = {} } }: SizedModel, size: string) {
  return Object.hasOwn(pixelsOfRatios, size) ? pixelsOfRatios[size] : undefined;
}

function sameInList({ sizes }: SizedModel, ratio: string): string {
  return sizes.list?.find((size) => isSameShape(size, ratio)) ?? '';
}

/** The shape of a size in a word; `auto` has none. */
export function shapeOf(size: string): 'square' | 'portrait' | 'landscape' | undefined {
  const proportion = proportionOf(size);
  if (proportion === undefined) return undefined;
  return proportion === 1 ? 'square' : proportion < 1 ? 'portrait' : 'landscape';
}
