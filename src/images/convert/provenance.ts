import type { ImageFacts } from '../imageFacts.ts';
import { piecesOfJpeg, startOfScan } from '../jpegPieces.ts';
import type { Windowed } from '../parts.ts';
import { chunksOfPng } from '../pngChunks.ts';
import { chunksOfWebp } from '../webpChunks.ts';

const app11 = 0xeb;
/** A JPEG's pieces of JUMBF (ISO/IEC 19566-5) begin so. */
const jumbfStart = 'JP';

/**
 * Whether the image carries a signed record of its origin (C2PA). It is of these very bytes, so that
 * no other file can carry it on.
 */
export async function hasProvenance(
  type: ImageFacts['type'],
  windowed: Windowed,
): Promise<boolean> {
  switch (type) {
    case 'png':
      for await (const { name } of chunksOfPng(windowed)) if (name === 'caBX') return true;
      return false;
    case 'webp':
      for await (const { name } of chunksOfWebp(windowed)) if (name === 'C2PA') return true;
      return false;
    case 'jpg':
      for await (const { code, start } of piecesOfJpeg(windowed)) {
        if (code === startOfScan) return false;
        const isJumbf =
          code === app11 && (await windowed.upTo(start + 4, 2)).toString('latin1') === jumbfStart;
        if (isJumbf) return true;
      }
      return false;
    default:
      return false;
  }
}
