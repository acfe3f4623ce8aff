import { join } from 'node:path';

/** The compiled code of decoders and encoders, each in a file of its own. */
export const codecNames = [
  'mozjpeg_dec',
  'mozjpeg_enc',
  'squoosh_png_bg',
  'squoosh_resize_bg',
  'webp_dec',
  'webp_enc_simd',
] as const;
export type CodecName = (typeof codecNames)[number];
/** Where each of these files is. */
export type CodecFiles = Readonly<Record<CodecName, string>>;

/** As the build puts them into one folder. */
export function codecFilesIn(folder: string): CodecFiles {
  const files = codecNames.map((name) => [name, join(folder, `${name}.wasm`)]);
  return Object.fromEntries(files) as CodecFiles;
}
