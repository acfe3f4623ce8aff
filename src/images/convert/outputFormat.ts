import { drawnType } from '../imageExtensions.ts';

/**
 * What an image can be converted to, as settings and callers name it. AVIF is not among them: its
 * encoder alone is nearly as large as the extension, and no browser has one.
 */
export const outputFormats = ['png', 'jpeg', 'webp'] as const;
export type OutputFormat = (typeof outputFormats)[number];

export function isOutputFormat(value: unknown): value is OutputFormat {
  return outputFormats.some((format) => format === value);
}

const extensions = { png: '.png', jpeg: '.jpg', webp: '.webp' } as const;

/** With its dot. */
export function extensionOfFormat(format: OutputFormat): (typeof extensions)[OutputFormat] {
  return extensions[format];
}

/** The format that models draw in, and an extension without its dot stands for. */
export function formatOfExtension(extension: string): OutputFormat | undefined {
  const type = drawnType(extension);
  return type === 'jpg' ? 'jpeg' : type;
}

/** How a user calls it. */
export const formatNames: Readonly<Record<OutputFormat, string>> = {
  png: 'PNG',
  jpeg: 'JPEG',
  webp: 'WebP',
};

/** Of JPEG and WebP; the default of the setting, too. */
export const defaultQuality = 82;
/** Of most formats no side is longer, and of WebP this is the longest. */
export const maxWidthPx = 16_383;
