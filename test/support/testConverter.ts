import { join } from 'node:path';
import { type CodecFiles, codecNames } from '../../src/images/convert/codecFiles.ts';
import { type Converter, createConverter } from '../../src/images/convert/converter.ts';

const root = join(import.meta.dirname, '../..');
const folders: Record<(typeof codecNames)[number], string> = {
  mozjpeg_dec: 'jpeg/codec/dec',
  mozjpeg_enc: 'jpeg/codec/enc',
  squoosh_png_bg: 'png/codec/pkg',
  squoosh_resize_bg: 'resize/lib/resize/pkg',
  webp_dec: 'webp/codec/dec',
  webp_enc_simd: 'webp/codec/enc',
};

/** The decoders and encoders where they are installed. */
export const installedCodecs = Object.fromEntries(
  codecNames.map((name) => [
    name,
    join(root, 'node_modules/@jsquash', folders[name], `${name}.wasm`),
  ]),
) as CodecFiles;

/** The sources of the thread, without a build. */
export const converterParts = {
  workerPath: join(root, 'src/images/convert/convertWorker.ts'),
  codecFiles: installedCodecs,
};

/** Converts by the sources. */
export function testConverter(options: { limitMs?: number } = {}): Converter {
  return createConverter({ ...converterParts, ...options });
}
