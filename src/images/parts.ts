import { open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** An open file, as far as images are read from one. */
export interface ReadableFile {
  read: (
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ) => Promise<{ bytesRead: number }>;
  stat: () => Promise<{ size: number }>;
  close: () => Promise<void>;
}

/** Opens a file to be read, as `node:fs/promises` does. */
export type OpenToRead = (path: string, flags: 'r') => Promise<ReadableFile>;

/** Bytes of a file, from `start` to before `end`. */
export interface FileRange {
  start: number;
  end: number;
}

/** A piece of what is to be sent: new bytes, or bytes of the file. */
export type Part = Uint8Array | FileRange;

/** Reads bytes of a file; fewer than asked for only at its end. `spare` is memory it may use for them. */
export type ReadBytes = (offset: number, length: number, spare?: Buffer) => Promise<Uint8Array>;

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
  openFile: OpenToRead = open,
): AsyncGenerator<Uint8Array, void, void> {
  const file = await openFile(path, 'r');
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
async function* readRange(file: ReadableFile, { start, end }: FileRange) {
  const memory = () => Buffer.allocUnsafeSlow(Math.min(chunkBytes, end - start));
  const spare = end - start > chunkBytes ? ([memory(), memory()] as const) : [];
  const read = (turn: number) => {
    const at = start + turn * chunkBytes;
    const length = Math.min(chunkBytes, end - at);
    // A short one may still wait in a socket's queue when the next is asked for.
    const kept = length < chunkBytes ? undefined : spare[turn % 2];
    const reading = readWhole(file, kept ?? Buffer.allocUnsafeSlow(length), at);
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
async function readWhole(file: ReadableFile, buffer: Buffer, at: number): Promise<Buffer> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** Reads from an open file as the planning of parts wants it. */
export function readerOf(file: ReadableFile): ReadBytes {
  return (offset, length, spare) => {
    const buffer = spare?.subarray(0, length) ?? Buffer.allocUnsafeSlow(length);
    return readWhole(file, buffer, offset);
  };
}

/** The bytes are not as their format says. */
export class UnreadableError extends Error {}

const windowBytes = 256 * 1024;

/** As much as a walk through a window asks for at once, so that little is read twice at its edge. */
export const stepBytes = 64 * 1024;

/**
 * A walk of more reads than any program's image takes is through a file that was made to be walked
 * through without end. After so many, what else waits has its turn.
 */
const maxReads = 1_000_000;
const readsInTurn = 4_096;

/**
 * Small reads of a large file, out of a window that walks along with them. What they bring holds
 * until the next one.
 */
export interface Windowed {
  sizeBytes: number;
  /** As many bytes as there are, up to `length`, which is no more than 256 kB. */
  upTo: (offset: number, length: number) => Promise<Buffer>;
  /** Exactly `length` bytes. @throws UnreadableError beyond the end, and after a million reads. */
  bytes: (offset: number, length: number) => Promise<Buffer>;
  /** What stands from `start` to before `end`, in memory of its own. */
  copy: (start: number, end: number) => Promise<Buffer>;
}

/** Of a file of `sizeBytes` one window is held. */
export function readWindowed(read: ReadBytes, sizeBytes: number): Windowed {
  // New memory for each window would pile up faster than it is collected.
  const spare = Buffer.allocUnsafeSlow(Math.min(windowBytes, sizeBytes));
  let from = 0;
  let window: Buffer = Buffer.alloc(0);
  let reads = 0;

  async function upTo(offset: number, length: number): Promise<Buffer> {
    reads += 1;
    if (reads > maxReads) throw new UnreadableError();
    if (reads % readsInTurn === 0) await nextTurn();
    const wanted = Math.min(length, sizeBytes - offset);
    if (wanted <= 0) return Buffer.alloc(0);
    if (offset < from || offset + wanted > from + window.length) {
      const bytes = await read(offset, Math.min(windowBytes, sizeBytes - offset), spare);
      window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      from = offset;
    }
    return window.subarray(offset - from, offset - from + wanted);
  }

  async function bytes(offset: number, length: number): Promise<Buffer> {
    const found = await upTo(offset, length);
    if (found.length < length) throw new UnreadableError();
    return found;
  }

  async function copy(start: number, end: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let at = start; at < end;) {
      const piece = await upTo(at, Math.min(stepBytes, end - at));
      if (piece.length === 0) break;
      pieces.push(Buffer.from(piece));
      at += piece.length;
    }
    return Buffer.concat(pieces);
  }

  return { sizeBytes, upTo, bytes, copy };
}
