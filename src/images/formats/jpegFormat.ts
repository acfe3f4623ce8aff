import type { ImageFacts } from '../imageFacts.ts';
import { endOfImage, isJpeg, type JpegPiece, piecesOfJpeg, startOfScan } from '../jpegPieces.ts';
import { UnreadableError, type Windowed } from '../parts.ts';
import type { ImageFormat } from './imageFormat.ts';
import { hasAllBlocks, type HuffmanTable, type JpegComponent } from './jpegScan.ts';

export const jpegFormat: ImageFormat = { name: 'JPEG', begins: isJpeg, check };

const huffmanTables = 0xc4;
const quantisation = 0xdb;
const restartInterval = 0xdd;
const losslessFrames: readonly number[] = [0xc3, 0xc7, 0xcb, 0xcf];
/** Baseline, and the same with longer tables. */
const sequentialFrames: readonly number[] = [0xc0, 0xc1];
/** Codes among those of frames that begin something else: DHT, JPG and DAC. */
const otherThanFrames: readonly number[] = [huffmanTables, 0xc8, 0xcc];

async function check(windowed: Windowed): Promise<ImageFacts> {
  const seen: Seen = { tables: new Map(), restartUnits: 0 };
  let hasTables = false;
  for await (const piece of piecesOfJpeg(windowed)) {
    const { code, end, headEnd } = piece;
    if (isFrame(code)) {
      seen.frame ??= await readFrame(windowed, piece);
      hasTables ||= losslessFrames.includes(code);
    } else if (code === huffmanTables) await readTables(windowed, piece, seen);
    else if (code === restartInterval)
      seen.restartUnits = (await windowed.bytes(piece.start + 4, 2)).readUInt16BE();
    else if (code === quantisation) hasTables = true;
    else if (code === startOfScan) {
      if (!seen.frame || !hasTables) throw new UnreadableError();
      // A header alone opens as a grey image.
      if (end > headEnd) seen.scan = piece;
    } else if (code === endOfImage && seen.frame && seen.scan) return seen.frame.facts;
  }
  if (!seen.frame || !(await isWholeWithoutEnd(windowed, seen))) throw new UnreadableError();
  return seen.frame.facts;
}

/** What was met in a file so far. */
interface Seen {
  frame?: Frame;
  tables: Map<number, HuffmanTable>;
  restartUnits: number;
  /** The last one. */
  scan?: JpegPiece;
}

interface Frame {
  code: number;
  facts: ImageFacts;
  components: JpegComponent[];
}

function isFrame(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && !otherThanFrames.includes(code);
}

async function readFrame(windowed: Windowed, { code, start, end }: JpegPiece): Promise<Frame> {
  const head = Buffer.from(
    await windowed.bytes(start + 5, Math.min(maxFrameBytes, end - start - 5)),
  );
  if (head.length < 4) throw new UnreadableError();
  const [height, width] = [head.readUInt16BE(), head.readUInt16BE(2)];
  if (width === 0 || height === 0) throw new UnreadableError();
  const components: JpegComponent[] = [];
  for (let at = 5; at + 3 <= head.length; at += 3) {
    const [id = 0, sampling = 0] = head.subarray(at);
    components.push({ id, across: sampling >> 4, down: sampling & 15 });
  }
  return { code, facts: { type: 'jpg', width, height }, components };
}

/** Of four components, which are the most that a scan has. */
const maxFrameBytes = 17;
const maxTablesBytes = 64 * 1024;
const lengths = 16;

async function readTables(windowed: Windowed, piece: JpegPiece, { tables }: Seen): Promise<void> {
  const { start, end } = piece;
  const body = Buffer.from(
    await windowed.bytes(start + 4, Math.min(maxTablesBytes, end - start - 4)),
  );
  for (let at = 0; at + 1 + lengths <= body.length;) {
    const counts = body.subarray(at + 1, at + 1 + lengths);
    const valuesAt = at + 1 + lengths;
    const count = counts.reduce((sum, each) => sum + each, 0);
    tables.set(body[at] ?? 0, { counts, values: body.subarray(valuesAt, valuesAt + count) });
    at = valuesAt + count;
  }
}

/** What is held of a file to see whether it lacks its end marker alone. */
const maxHeldBytes = 32 * 1024 * 1024;

/** Some cameras and programs forget the end marker. A file that was cut off lacks blocks, too. */
async function isWholeWithoutEnd(windowed: Windowed, seen: Seen): Promise<boolean> {
  const { frame, scan, tables, restartUnits } = seen;
  if (!frame || !scan || !sequentialFrames.includes(frame.code)) return false;
  const { start, headEnd, end } = scan;
  if (end !== windowed.sizeBytes || end - headEnd > maxHeldBytes) return false;
  const head = Buffer.from(await windowed.bytes(start + 4, headEnd - start - 4));
  const { width, height } = frame.facts;
  const coding = { width, height, components: frame.components, tables, restartUnits };
  return await hasAllBlocks(coding, head, await windowed.copy(headEnd, end));
}
