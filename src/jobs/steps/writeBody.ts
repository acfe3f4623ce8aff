import { addAbortSignal, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { maxImageBytes } from '../../images/imageLimits.ts';
import { BadImageError } from '../../images/imageFacts.ts';
import { ownFileMode } from '../ownFiles.ts';
import type { Files, OpenFile } from '../platform.ts';

/** Arriving chunks are small; so many bytes of them are written at once, while others arrive. */
const batchBytes = 2 * 1024 * 1024;

/**
 * Writes a body to a file of ours as it comes. The body's chunks are gone then: nobody else may want them.
 * @throws BadImageError when it is longer than any image; else what the network or the disk says.
 */
export async function writeBody(
  body: Readable,
  path: string,
  signal: AbortSignal,
  files: Pick<Files, 'open'>,
): Promise<void> {
  addAbortSignal(signal, body);
  // Before the first wait of our own: what breaks off meanwhile is met below.
  body.on('error', () => undefined);
  try {
    const file = await files.open(path, 'w', ownFileMode);
    try {
      await writeBatches(body, file);
    } finally {
      await file.close();
    }
  } finally {
    // Also when there is no file: a body nobody reads would hold its connection.
    body.destroy();
  }
}

/** Chunks are taken as they come: to ask for each of them costs more than to write it. */
async function writeBatches(body: Readable, file: OpenFile): Promise<void> {
  let batch: Uint8Array[] = [];
  let batchedBytes = 0;
  let sizeBytes = 0;
  let writing: Promise<void> | undefined;
  let failure: Error | undefined;

  async function writeBatch(): Promise<void> {
    const [full, fullBytes] = [batch, batchedBytes];
    batch = [];
    batchedBytes = 0;
    await writeWhole(file, full, fullBytes);
  }

  /** Writes one batch while the next one fills, and lets no third one come. */
  async function writeOn(): Promise<void> {
    try {
      while (batchedBytes >= batchBytes) {
        await writeBatch();
        body.resume();
      }
    } catch (thrown) {
      failure = thrown as Error;
      body.destroy(failure);
    }
    writing = undefined;
  }

  body.on('data', (chunk: Uint8Array) => {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxImageBytes) {
      body.destroy(new BadImageError('The file is too large for an image'));
      return;
    }
    batch.push(chunk);
    batchedBytes += chunk.byteLength;
    if (batchedBytes < batchBytes) return;
    if (writing) body.pause();
    else writing = writeOn();
  });
  try {
    await finished(body);
  } finally {
    // The file must not be closed under it.
    await writing;
  }
  if (failure) throw failure;
  await writeBatch();
}

async function writeWhole(file: OpenFile, batch: Uint8Array[], sizeBytes: number): Promise<void> {
  if (sizeBytes === 0) return;
  const { bytesWritten } = await file.writev(batch);
  // A disk that is nearly full takes a part, and says why with the rest.
  if (bytesWritten < sizeBytes) await file.writeFile(Buffer.concat(batch).subarray(bytesWritten));
  batch.forEach(giveBack);
}

/**
 * Frees a chunk's memory at once, so that the next is received in the same: new memory for each
 * until the garbage collector comes costs as much time as all the rest. A chunk that is not the
 * whole of its memory shares it with others, and is left alone.
 */
function giveBack({ buffer, byteLength }: Uint8Array): void {
  if (!(buffer instanceof ArrayBuffer) || byteLength !== buffer.byteLength) return;
  try {
    buffer.transfer(0);
  } catch {
    // Memory that cannot be given back waits for the collector; the bytes are written all the same.
  }
}
