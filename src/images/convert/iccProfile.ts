import { crc32, deflateSync, inflateSync } from 'node:zlib';
import type { ImageFacts } from '../imageFacts.ts';
import { piecesOfJpeg, startOfScan } from '../jpegPieces.ts';
import type { Windowed } from '../parts.ts';
import { chunksOfPng, pngSignatureBytes } from '../pngChunks.ts';
import { chunksOfWebp } from '../webpChunks.ts';
import type { OutputFormat } from './outputFormat.ts';

/** No monitor's profile is larger; a printer's is of no use on a page. */
const maxProfileBytes = 4 * 1024 * 1024;
const leastProfileBytes = 128;
const app2 = 0xe2;
const jpegName = Buffer.from('ICC_PROFILE\0', 'latin1');
/** Name, number of the part and of the parts. */
const jpegHeadBytes = jpegName.length + 2;
const maxSegmentBytes = 0xffff - 2;
const pngName = Buffer.from('icc\0\0', 'latin1');

/**
 * The colour profile of an image, if it is one for red, green and blue: a decoder gives these, so
 * that one for gray or ink no longer describes them.
 */
export async function readIccProfile(
  type: ImageFacts['type'],
  windowed: Windowed,
): Promise<Buffer | undefined> {
  const profile = await findProfile(type, windowed);
  const isOfColours = profile && profile.length >= leastProfileBytes;
  return isOfColours && profile.toString('latin1', 16, 20) === 'RGB ' ? profile : undefined;
}

async function findProfile(
  type: ImageFacts['type'],
  windowed: Windowed,
): Promise<Buffer | undefined> {
  switch (type) {
    case 'jpg':
      return await profileOfJpeg(windowed);
    case 'png':
      for await (const { name, dataStart, dataEnd } of chunksOfPng(windowed)) {
        if (name === 'IDAT') return undefined;
        if (name === 'iCCP' && dataEnd - dataStart <= maxProfileBytes)
          return inflated(await windowed.copy(dataStart, dataEnd));
      }
      return undefined;
    case 'webp':
      for await (const { name, dataStart, dataBytes } of chunksOfWebp(windowed))
        if (name === 'ICCP' && dataBytes <= maxProfileBytes)
          return await windowed.copy(dataStart, dataStart + dataBytes);
      return undefined;
    default:
      return undefined;
  }
}

/** A profile that cannot be unpacked is none. */
function inflated(data: Buffer): Buffer | undefined {
  const nameEnd = data.indexOf(0);
  if (nameEnd === -1) return undefined;
  try {
    return inflateSync(data.subarray(nameEnd + 2), { maxOutputLength: maxProfileBytes });
  } catch {
    return undefined;
  }
}

async function profileOfJpeg(windowed: Windowed): Promise<Buffer | undefined> {
  const parts = new Map<number, Buffer>();
  let count = 0;
  let sizeBytes = 0;
  for await (const { code, start, end } of piecesOfJpeg(windowed)) {
    if (code === startOfScan) break;
    if (code !== app2) continue;
    const body = await windowed.copy(start + 4, end);
    if (!body.subarray(0, jpegName.length).equals(jpegName) || body.length < jpegHeadBytes)
      continue;
    count = body[jpegName.length + 1] ?? 0;
    sizeBytes += body.length;
    if (sizeBytes > maxProfileBytes) return undefined;
    parts.set(body[jpegName.length] ?? 0, body.subarray(jpegHeadBytes));
  }
  const inOrder = Array.from({ length: count }, (_, index) => parts.get(index + 1));
  const isWhole = count > 0 && inOrder.every((part) => part !== undefined);
  return isWhole ? Buffer.concat(inOrder) : undefined;
}

/** The image with a colour profile. @param bytes as the encoders here write them, without one */
export function withIccProfile(
  bytes: Uint8Array,
  format: OutputFormat,
  profile: Buffer,
  facts: { width: number; height: number; hasAlpha: boolean },
): Buffer {
  const image = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (format) {
    case 'png':
      return pngWith(image, profile);
    case 'jpeg':
      return jpegWith(image, profile);
    case 'webp':
      return webpWith(image, profile, facts);
  }
}

function pngWith(image: Buffer, profile: Buffer): Buffer {
  const headEnd = pngSignatureBytes + 8 + image.readUInt32BE(pngSignatureBytes) + 4;
  const data = Buffer.concat([pngName, deflateSync(profile)]);
  const named = Buffer.concat([Buffer.from('iCCP', 'latin1'), data]);
  const chunk = Buffer.concat([uint32BE(data.length), named, uint32BE(crc32(named))]);
  return Buffer.concat([image.subarray(0, headEnd), chunk, image.subarray(headEnd)]);
}

function jpegWith(image: Buffer, profile: Buffer): Buffer {
  const partBytes = maxSegmentBytes - jpegHeadBytes;
  const count = Math.ceil(profile.length / partBytes);
  const segments = Array.from({ length: count }, (_, index) => {
    const part = profile.subarray(index * partBytes, (index + 1) * partBytes);
    const head = Buffer.from([0xff, app2, 0, 0]);
    head.writeUInt16BE(2 + jpegHeadBytes + part.length, 2);
    return Buffer.concat([head, jpegName, Buffer.from([index + 1, count]), part]);
  });
  return Buffer.concat([image.subarray(0, 2), ...segments, image.subarray(2)]);
}

const riffHeadBytes = 12;
const flagIcc = 0x20;
const flagAlpha = 0x10;

function webpWith(
  image: Buffer,
  profile: Buffer,
  { width, height, hasAlpha }: { width: number; height: number; hasAlpha: boolean },
): Buffer {
  const first = image.toString('latin1', riffHeadBytes, riffHeadBytes + 4);
  // One that says more than its pixels, such as its alpha, has this chunk already.
  const isExtended = first === 'VP8X';
  const extended = isExtended
    ? Buffer.from(image.subarray(riffHeadBytes, riffHeadBytes + 18))
    : webpChunk('VP8X', extendedData(width, height));
  extended[8] = (extended[8] ?? 0) | flagIcc | (hasAlpha ? flagAlpha : 0);
  const rest = image.subarray(riffHeadBytes + (isExtended ? 18 : 0));
  const body = Buffer.concat([
    Buffer.from('WEBP', 'latin1'),
    extended,
    webpChunk('ICCP', profile),
    rest,
  ]);
  return webpChunk('RIFF', body);
}

function extendedData(width: number, height: number): Buffer {
  const data = Buffer.alloc(10);
  data.writeUIntLE(width - 1, 4, 3);
  data.writeUIntLE(height - 1, 7, 3);
  return data;
}

function webpChunk(name: string, data: Buffer): Buffer {
  const head = Buffer.from(`${name}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

function uint32BE(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
