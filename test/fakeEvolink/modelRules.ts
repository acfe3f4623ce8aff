/**
 * What the provider takes for each model, written down from its documentation a second time: the
 * product's own table would only agree with itself.
 */
export interface ModelRules {
  readonly maxChars?: number;
  readonly maxBytes?: number;
  readonly sizes: Readonly<Record<string, readonly [number, number] | 'byResolution'>>;
  readonly takesPixels?: (width: number, height: number) => boolean;
  readonly qualities?: readonly string[];
  readonly resolutions?: readonly string[];
  readonly defaultResolution?: string;
  readonly backgrounds?: readonly string[];
  readonly formats?: readonly string[];
  readonly maxSeed?: number;
  readonly maxReferences: number;
  readonly maxReferenceMegabytes?: number;
  /** By the list, in US dollars. */
  readonly priceUsd: readonly [min: number, max: number];
  /** What one image costs, in credits; `creditsPerTask` where absent. */
  readonly credits?: (quality: string, resolution: string) => number;
}

const lite = {
  '1:1': [1024, 1024],
  '2:3': [1024, 1536],
  '3:2': [1536, 1024],
  '1024x1024': [1024, 1024],
  '1024x1536': [1024, 1536],
  '1536x1024': [1536, 1024],
} as const;
const byResolution = (ratios: string) =>
  Object.fromEntries(ratios.split(' ').map((ratio) => [ratio, 'byResolution' as const]));
const gpt2Ratios = 'auto 1:1 1:2 2:1 1:3 3:1 2:3 3:2 3:4 4:3 4:5 5:4 9:16 16:9 9:21 21:9';
/** The provider's table for 1K; a portrait is a landscape on its side. */
const at1K: readonly (readonly [string, number, number])[] = [
  ['1:1', 1024, 1024],
  ['2:1', 1456, 720],
  ['3:1', 1776, 592],
  ['3:2', 1248, 832],
  ['4:3', 1184, 880],
  ['5:4', 1152, 912],
  ['16:9', 1360, 768],
  ['21:9', 1568, 672],
];
const beta = Object.fromEntries(
  at1K.flatMap(([ratio, long, short]) => [
    [ratio, [long, short] as const],
    [ratio.split(':').reverse().join(':'), [short, long] as const],
  ]),
);

export const modelRules: Readonly<Record<string, ModelRules>> = {
  'gpt-image-1.5-lite': {
    maxChars: 2000,
    sizes: lite,
    qualities: ['low', 'medium', 'high', 'auto'],
    maxReferences: 16,
    priceUsd: [0.03, 0.05],
  },
  'gpt-image-1.5': {
    sizes: lite,
    qualities: ['low', 'medium', 'high'],
    maxReferences: 16,
    priceUsd: [0.01, 0.2],
  },
  'gpt-image-2': {
    maxChars: 32_000,
    maxBytes: 60_000,
    sizes: byResolution(gpt2Ratios),
    takesPixels: (width, height) =>
      width % 16 === 0 &&
      height % 16 === 0 &&
      Math.max(width, height) <= 3840 &&
      width * height >= 655_360 &&
      width * height <= 8_294_400 &&
      Math.max(width / height, height / width) <= 3,
    qualities: ['low', 'medium', 'high'],
    resolutions: ['1K', '2K', '4K'],
    defaultResolution: '1K',
    backgrounds: ['opaque', 'transparent'],
    formats: ['png', 'jpeg', 'webp'],
    maxReferences: 16,
    priceUsd: [0.01, 0.25],
    credits: (quality) => ({ low: 0.44, high: 16 })[quality] ?? 4,
  },
  'gpt-image-2-beta': {
    sizes: { auto: [1024, 1024], ...beta },
    maxReferences: 16,
    priceUsd: [0.03, 0.03],
  },
  'gemini-3.1-flash-image-preview': {
    maxChars: 2000,
    sizes: byResolution('auto 1:1 2:3 3:2 3:4 4:3 4:5 5:4 9:16 16:9 21:9 1:4 4:1 1:8 8:1'),
    // This model's resolution is its quality.
    qualities: ['0.5K', '1K', '2K', '4K'],
    defaultResolution: '2K',
    maxReferences: 14,
    maxReferenceMegabytes: 20,
    priceUsd: [0.05, 0.12],
    credits: (quality) => (quality === '4K' ? 8 : 5),
  },
  'z-image-turbo': {
    maxChars: 2000,
    sizes: byResolution('1:1 2:3 3:2 3:4 4:3 9:16 16:9 1:2 2:1'),
    takesPixels: (width, height) =>
      Math.min(width, height) >= 376 && Math.max(width, height) <= 1536,
    maxSeed: 2_147_483_647,
    maxReferences: 0,
    priceUsd: [0.004, 0.004],
    credits: () => 0.3,
  },
};

/** The pixels of an image; undefined for a size that the model does not take. */
export function pixelsOf(
  rules: ModelRules,
  size: string,
  resolution: string,
): readonly [number, number] | undefined {
  const known = rules.sizes[size];
  if (known !== undefined && known !== 'byResolution') return known;
  const [width = 0, height = 0] = size.split(known ? ':' : 'x').map(Number);
  if (!known) {
    const isSize = /^\d+x\d+$/.test(size) && rules.takesPixels?.(width, height) === true;
    return isSize ? [width, height] : undefined;
  }
  const side = 1024 * Number.parseFloat(resolution);
  if (size === 'auto') return [side, side];
  const sides = [side * Math.sqrt(width / height), side * Math.sqrt(height / width)];
  // Sixty-fours, because the quick drawing is made of eight times eight cells.
  const [drawnWidth = 64, drawnHeight = 64] = sides.map((each) => 64 * Math.round(each / 64));
  return [drawnWidth, drawnHeight];
}
