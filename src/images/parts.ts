import { type FileHandle, open } from 'node:fs/promises';

/** Bytes of a file, from `start` to before `end`. */
export interface FileRange {
  start: number;
  end: number;
}

/** A piece of what is to be sent: new bytes, or bytes of the file. */
export type Part = Uint8Array | FileRange;

/** Reads bytes of a file; fewer than asked for only at its end. */
export type ReadBytes = (offset: number, length: number) => Promise<Uint8Array>;

export function sizeOfParts(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + sizeOf(part), 0);
}

function sizeOf(part: Part): number {
  return part instanceof Uint8Array ? part.length : part.end - part.start;
}

/** Large enough to read fast, small enough that a slow line takes each within its time limit. */
const chunkBytes = 256 * 1024;

/**
 * The parts of a file one after the other, read as they are wanted. A chunk holds until the next is
 * asked for: new memory for each takes longer than sending it.
 */
export async function* openParts(
  path: string,
  parts: readonly Part[],
): AsyncGenerator<Uint8Array, void, void> {
  const file = await open(path, 'r');
  try {
    for (const part of parts) {
      if (part instanceof Uint8Array) yield part;
      else yield* readRange(file, part);
    }
  } finally {
    await file.close();
  }
}

/** One chunk is read while the other is sent. */
async function* readRange(file: FileHandle, { start, end }: FileRange) {
  const spare = [Buffer.allocUnsafeSlow(chunkBytes), Buffer.allocUnsafeSlow(chunkBytes)] as const;
  const read = (turn: number) => {
    const at = start + turn * chunkBytes;
    const length = Math.min(chunkBytes, end - at);
    // A short one may still wait in a socket's queue when the next is asked for.
    const buffer = length < chunkBytes ? Buffer.allocUnsafeSlow(length) : spare[turn % 2 ? 1 : 0];
    const reading = readWhole(file, buffer, at);
    // Its failure is met at the wait for it.
    reading.catch(() => undefined);
    return reading;
  };
  const turns = Math.ceil((end - start) / chunkBytes);
  let next = read(0);
  try {
    for (let turn = 0; turn < turns; turn += 1) {
      const chunk = await next;
      if (turn + 1 < turns) next = read(turn + 1);
      yield chunk;
      // Cut short since it was looked at: whoever counts will say so.
      if (chunk.length < chunkBytes) return;
    }
  } finally {
    // The file must not be closed under it.
    await next.catch(() => undefined);
  }
}

/** A read may bring less than there is. */
async function readWhole(file: FileHandle, buffer: Buffer, at: number): Promise<Buffer> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** Reads from an open file as the planning of parts wants it. */
export function readerOf(file: FileHandle): ReadBytes {
  return async (offset, length) => {
    const buffer = Buffer.allocUnsafeSlow(length);
    const { bytesRead } = await file.read(buffer, 0, length, offset);
    return buffer.subarray(0, bytesRead);
  };
}

/** The bytes are not as their format says. */
export class UnreadableError extends Error {}

const windowBytes = 256 * 1024;

/** Small reads of a file out of a large one, which walks along with them. */
export function readWindowed(read: ReadBytes, sizeBytes: number) {
  let from = 0;
  let window: Buffer = Buffer.alloc(0);

  /** As many as there are, up to `length`. What is returned holds until the next call. */
  async function upTo(offset: number, length: number): Promise<Buffer> {
    const wanted = Math.max(0, Math.min(length, sizeBytes - offset));
    if (offset < from || offset + wanted > from + window.length) {
      const bytes = await read(offset, Math.min(Math.max(wanted, windowBytes), sizeBytes - offset));
      window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      from = offset;
    }
    return window.subarray(offset - from, offset - from + wanted);
  }

  /** Exactly `length`. @throws UnreadableError beyond the end. */
  async function bytes(offset: number, length: number): Promise<Buffer> {
    const found = await upTo(offset, length);
    if (found.length < length) throw new UnreadableError();
    return found;
  }

  /** Where the compressed data of a JPEG that begin at `offset` end: at a marker, or the file's end. */
  async function endOfScan(offset: number): Promise<number> {
    for (let at = offset; ;) {
      const data = await upTo(at, windowBytes);
      const found = markerIn(data);
      if (found !== undefined) return at + found;
      if (data.length < 2 || at + data.length >= sizeBytes) return sizeBytes;
      // The last byte may be the first half of a marker.
      at += data.length - 1;
    }
  }

  return { upTo, bytes, endOfScan };
}

/** In compressed data 0xff is followed by 0, or begins a restart, which is part of the data. */
function markerIn(data: Buffer): number | undefined {
  for (let at = data.indexOf(0xff); at !== -1; at = data.indexOf(0xff, at + 1)) {
    const code = data[at + 1];
    if (code === undefined) return undefined;
    const isData = code === 0 || code === 0xff || (code >= 0xd0 && code <= 0xd7);
    if (!isData) return at;
  }
  return undefined;
}
