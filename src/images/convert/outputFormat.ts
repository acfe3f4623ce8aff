/** What an image can be converted to, as settings and callers name it. */
export const outputFormats = ['png', 'jpeg', 'webp', 'avif'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** Those that are made without a window. An AVIF's encoder is larger than the extension. */
export type EncodedFormat = Exclude<OutputFormat, 'avif'>;

const extensions = { png: '.png', jpeg: '.jpg', webp: '.webp', avif: '.avif' } as const;

/** With its dot. */
export function extensionOfFormat(format: OutputFormat): (typeof extensions)[OutputFormat] {
  return extensions[format];
}

const formatsByExtension = new Map<string, OutputFormat>([
  ['png', 'png'],
  ['jpg', 'jpeg'],
  ['jpeg', 'jpeg'],
  ['jpe', 'jpeg'],
  ['jfif', 'jpeg'],
  ['webp', 'webp'],
  ['avif', 'avif'],
]);

/** The format that a file's name says; undefined for a name without, or of another kind. */
export function formatOfName(name: string): OutputFormat | undefined {
  const end = /\.([a-z]{3,4})$/i.exec(name)?.[1];
  return end === undefined ? undefined : formatsByExtension.get(end.toLowerCase());
}

/** How a user calls it. */
export const formatNames: Readonly<Record<OutputFormat, string>> = {
  png: 'PNG',
  jpeg: 'JPEG',
  webp: 'WebP',
  avif: 'AVIF',
};

export const defaultQuality = 80;
/** Of most formats no side is longer, and of WebP this is the longest. */
export const maxWidthPx = 16_383;
