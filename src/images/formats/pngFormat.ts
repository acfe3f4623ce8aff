import { crc32 } from 'node:zlib';
import type { ImageFacts } from '../imageFacts.ts';
import { stepBytes, UnreadableError, type Windowed } from '../parts.ts';
import { chunksOfPng, isPng, type PngChunk } from '../pngChunks.ts';
import type { ImageFormat } from './imageFormat.ts';

export const pngFormat: ImageFormat = { name: 'PNG', begins: isPng, check };

async function check(windowed: Windowed): Promise<ImageFacts> {
  let facts: ImageFacts | undefined;
  let hasData = false;
  for await (const chunk of chunksOfPng(windowed)) {
    facts ??= await readHeader(windowed, chunk);
    await checkChunk(windowed, chunk);
    hasData ||= chunk.name === 'IDAT';
  }
  if (!facts || !hasData) throw new UnreadableError();
  return facts;
}

async function readHeader(windowed: Windowed, { dataStart }: PngChunk): Promise<ImageFacts> {
  const sides = await windowed.bytes(dataStart, 8);
  const [width, height] = [sides.readUInt32BE(), sides.readUInt32BE(4)];
  if (width === 0 || height === 0) throw new UnreadableError();
  return { type: 'png', width, height };
}

/** By its checksum, when no decoder can do without it: its name begins with a capital letter then. */
async function checkChunk(windowed: Windowed, chunk: PngChunk): Promise<void> {
  const { name, dataStart, dataEnd } = chunk;
  if (name >= 'a') return;
  let sum = crc32(name);
  for (let at = dataStart; at < dataEnd;) {
    const data = await windowed.upTo(at, Math.min(stepBytes, dataEnd - at));
    sum = crc32(data, sum);
    at += data.length;
  }
  if ((await windowed.bytes(dataEnd, 4)).readUInt32BE() !== sum) throw new UnreadableError();
}
