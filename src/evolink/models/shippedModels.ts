import type { ModelRow } from './modelRow.ts';

/**
 * The models that the product ships, the default first. Source of the first: the provider's page of
 * the model; of the others: its list of parameters.
 */

const megabyte = 1024 * 1024;
const references16 = { max: 16, maxBytes: 50 * megabyte };
const gptSizes: ModelRow['sizes'] = {
  list: ['1024x1024', '1024x1536', '1536x1024'],
  ratios: ['1:1', '2:3', '3:2'],
  default: '1024x1024',
};
const gptRatios = [
  ...['1:1', '1:2', '2:1', '1:3', '3:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4'],
  ...['9:16', '16:9', '9:21', '21:9'],
];

export const shippedModels: readonly ModelRow[] = [
  {
    id: 'gpt-image-1.5-lite',
    prompt: { maxChars: 2000, maxTokens: 2000 },
    sizes: gptSizes,
    qualities: { values: ['auto', 'low', 'medium', 'high'], default: 'auto' },
    references: references16,
  },
  {
    id: 'gpt-image-1.5',
    prompt: { maxTokens: 2000 },
    sizes: gptSizes,
    qualities: { values: ['low', 'medium', 'high'], default: 'high' },
    references: references16,
  },
  {
    id: 'gpt-image-2',
    prompt: { maxChars: 32_000, maxBytes: 60_000 },
    sizes: {
      auto: true,
      ratios: gptRatios,
      pixels: {
        multipleOf: 16,
        maxSide: 3840,
        minArea: 655_360,
        maxArea: 8_294_400,
        maxRatio: 3,
      },
      default: '1:1',
    },
    resolutions: { values: ['1K', '2K', '4K'], default: '1K', onlyWithRatios: true },
    qualities: { values: ['low', 'medium', 'high'], default: 'medium' },
    references: { ...references16, maxPixels: 178_956_970 },
    mask: 'transparentRedrawn',
    backgrounds: ['opaque', 'transparent'],
    outputFormats: ['png', 'jpeg', 'webp'],
  },
  {
    id: 'gpt-image-2-beta',
    prompt: { maxTokens: 2000 },
    sizes: {
      auto: true,
      ratios: gptRatios,
      // At 1K, the only resolution it has.
      pixelsOfRatios: {
        '1:1': '1024x1024',
        '1:2': '720x1456',
        '2:1': '1456x720',
        '1:3': '592x1776',
        '3:1': '1776x592',
        '2:3': '832x1248',
        '3:2': '1248x832',
        '3:4': '880x1184',
        '4:3': '1184x880',
        '4:5': '912x1152',
        '5:4': '1152x912',
        '9:16': '768x1360',
        '16:9': '1360x768',
        '9:21': '672x1568',
        '21:9': '1568x672',
      },
      default: '1:1',
    },
    references: references16,
  },
  {
    id: 'gemini-3.1-flash-image-preview',
    prompt: { maxChars: 2000 },
    sizes: {
      auto: true,
      ratios: [
        ...['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'],
        ...['1:4', '4:1', '1:8', '8:1'],
      ],
      default: '1:1',
    },
    // The provider's clients send it as the quality.
    resolutions: { values: ['0.5K', '1K', '2K', '4K'], default: '2K', sentAs: 'quality' },
    references: { max: 14, maxBytes: 20 * megabyte },
  },
  {
    id: 'z-image-turbo',
    prompt: { maxChars: 2000 },
    sizes: {
      ratios: ['1:1', '2:3', '3:2', '3:4', '4:3', '9:16', '16:9', '1:2', '2:1'],
      pixels: { minSide: 376, maxSide: 1536 },
      default: '1:1',
    },
    seed: { min: 1, max: 2_147_483_647 },
  },
];

/** The row of a model, among those that the product ships when no others are given. */
export function findModel(
  id: string,
  rows: readonly ModelRow[] = shippedModels,
): ModelRow | undefined {
  return rows.find((row) => row.id === id);
}
