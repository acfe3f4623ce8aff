import { orientationOf, orientationTiff } from './exifOrientation.ts';
import {
  type FileRange,
  type Part,
  readWindowed,
  type ReadBytes,
  UnreadableError,
} from './parts.ts';

export type { Part, ReadBytes } from './parts.ts';

/**
 * What of a picture is to be sent so that it tells nothing but the picture: in JPEG and WebP no
 * place, camera, author, comment or thumbnail, and nothing behind the picture's end, where phones
 * put films and second pictures. Kept are the pixels as they are compressed, the colour profile,
 * and which way is up. Other types, and files that are not as their format says, stay whole.
 *
 * Reads headers, and a JPEG once in windows; holds none of the picture.
 * @throws what `read` throws.
 */
export async function planWithoutMetadata(read: ReadBytes, sizeBytes: number): Promise<Part[]> {
  const whole: Part[] = [{ start: 0, end: sizeBytes }];
  const windowed = readWindowed(read, sizeBytes);
  try {
    const head = await windowed.bytes(0, Math.min(12, sizeBytes));
    if (isJpeg(head)) return (await planJpeg(windowed, sizeBytes)).parts;
    if (isWebp(head)) return await planWebp(windowed, head, sizeBytes);
    return whole;
  } catch (thrown) {
    if (thrown instanceof UnreadableError) return whole;
    throw thrown;
  }
}

/** Whether a JPEG has its end, be it with something else behind it. */
export async function isWholeJpeg(read: ReadBytes, sizeBytes: number): Promise<boolean> {
  const windowed = readWindowed(read, sizeBytes);
  try {
    return isJpeg(await windowed.bytes(0, 12)) && (await planJpeg(windowed, sizeBytes)).hasEnd;
  } catch (thrown) {
    if (thrown instanceof UnreadableError) return false;
    throw thrown;
  }
}

type Windowed = ReturnType<typeof readWindowed>;

function isJpeg(head: Buffer): boolean {
  return head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff;
}

function isWebp(head: Buffer): boolean {
  return head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP';
}

const startOfScan = 0xda;
const endOfImage = 0xd9;
const app0 = 0xe0;
const app1 = 0xe1;
const app2 = 0xe2;
const app14 = 0xee;
const app15 = 0xef;
const comment = 0xfe;

async function planJpeg(windowed: Windowed, sizeBytes: number) {
  const parts = new PartList();
  parts.add({ start: 0, end: 2 });
  let orientation = 1;
  let at = 2;
  for (;;) {
    const marker = await nextMarker(windowed, at);
    if (marker === undefined) {
      // Broken off in the picture: what there is of it.
      parts.add({ start: at, end: sizeBytes });
      return { parts: parts.all, hasEnd: false };
    }
    parts.add({ start: at, end: marker.at });
    if (marker.code === endOfImage) {
      parts.add({ start: marker.at, end: marker.at + 2 });
      return { parts: parts.all, hasEnd: true };
    }
    const end = marker.at + 2 + (await windowed.bytes(marker.at + 2, 2)).readUInt16BE();
    if (end > sizeBytes || end < marker.at + 4) throw new UnreadableError();
    const segment = { start: marker.at, end };
    if (await isKeptSegment(windowed, marker.code, segment)) parts.add(segment);
    else if (marker.code === app1 && orientation === 1) {
      orientation = await orientationIn(windowed, segment);
      if (orientation !== 1) parts.add(orientationSegment(orientation));
    }
    at = end;
    if (marker.code === startOfScan) {
      at = await windowed.endOfScan(end);
      parts.add({ start: end, end: at });
    }
  }
}

/** The marker at or after `at`, where a marker has to stand: fill bytes may be before it. */
async function nextMarker(windowed: Windowed, at: number) {
  for (let place = at; ; place += 1) {
    const two = await windowed.upTo(place, 2);
    if (two.length < 2) return undefined;
    if (two[0] !== 0xff) throw new UnreadableError();
    const code = two[1] ?? 0;
    if (code !== 0xff) return { at: place, code };
  }
}

/** Of what programs may add, only that without which the picture looks different. */
async function isKeptSegment(windowed: Windowed, code: number, segment: FileRange) {
  if (code === comment) return false;
  if (code < app0 || code > app15) return true;
  const begins = (await windowed.upTo(segment.start + 4, 12)).toString('latin1');
  if (code === app0) return begins.startsWith('JFIF\0');
  if (code === app2) return begins.startsWith('ICC_PROFILE\0');
  // How the colours are coded.
  return code === app14 && begins.startsWith('Adobe');
}

const exifHead = Buffer.from('Exif\0\0', 'latin1');

async function orientationIn(windowed: Windowed, segment: FileRange): Promise<number> {
  const body = await windowed.bytes(segment.start + 4, segment.end - segment.start - 4);
  if (!body.subarray(0, exifHead.length).equals(exifHead)) return 1;
  return orientationOf(body.subarray(exifHead.length));
}

function orientationSegment(orientation: number): Uint8Array {
  const body = Buffer.concat([exifHead, orientationTiff(orientation)]);
  const head = Buffer.from([0xff, app1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

const keptChunks = new Set(['VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
const exifFlag = 0x08;
const xmpFlag = 0x04;
/** An Exif chunk that is longer is none; the orientation stands at its beginning. */
const maxExifBytes = 64 * 1024;

async function planWebp(windowed: Windowed, head: Buffer, sizeBytes: number): Promise<Part[]> {
  const end = Math.min(head.readUInt32LE(4) + 8, sizeBytes);
  const parts = new PartList();
  let orientation = 1;
  let extended: Buffer | undefined;
  for (let at = 12; at < end;) {
    const chunk = await windowed.bytes(at, 8);
    const name = chunk.toString('latin1', 0, 4);
    const length = chunk.readUInt32LE(4);
    const next = at + 8 + length + (length % 2);
    // The last one's filling byte is often forgotten.
    if (at + 8 + length > end) throw new UnreadableError();
    if (name === 'VP8X') extended = Buffer.from(await windowed.bytes(at, 8 + length));
    else if (keptChunks.has(name)) parts.add({ start: at, end: Math.min(next, end) });
    else if (name === 'EXIF')
      orientation = orientationOf(await windowed.upTo(at + 8, Math.min(length, maxExifBytes)));
    at = next;
  }
  return assembleWebp(parts, orientation, extended);
}

function assembleWebp(parts: PartList, orientation: number, extended: Buffer | undefined): Part[] {
  // Without the extended header there can be no Exif.
  const exif = extended && orientation !== 1 ? exifChunk(orientation) : undefined;
  if (extended) extended[8] = ((extended[8] ?? 0) & ~exifFlag & ~xmpFlag) | (exif ? exifFlag : 0);
  const kept = [...(extended ? [extended] : []), ...parts.all];
  const filling = parts.sizeBytes % 2;
  const tail = Buffer.concat([Buffer.alloc(filling), exif ?? Buffer.alloc(0)]);
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(4 + (extended?.length ?? 0) + parts.sizeBytes + tail.length, 4);
  return [head, ...kept, ...(tail.length > 0 ? [tail] : [])];
}

function exifChunk(orientation: number): Buffer {
  const body = orientationTiff(orientation);
  const head = Buffer.from('EXIF\0\0\0\0', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

/** Parts in their order; ranges that touch become one. */
class PartList {
  readonly all: Part[] = [];
  sizeBytes = 0;

  add(part: Part): void {
    const sizeBytes = part instanceof Uint8Array ? part.length : part.end - part.start;
    if (sizeBytes === 0) return;
    this.sizeBytes += sizeBytes;
    const last = this.all.at(-1);
    const joins =
      last && !(last instanceof Uint8Array) && !(part instanceof Uint8Array)
        ? last.end === part.start
        : false;
    if (joins)
      this.all[this.all.length - 1] = { ...(last as FileRange), end: (part as FileRange).end };
    else this.all.push(part);
  }
}
