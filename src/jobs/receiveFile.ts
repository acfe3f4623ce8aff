import { type FileHandle, open } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { BadImageError } from '../images/inspectImage.ts';

/** Twenty times the largest image known; what goes on beyond is not one, and would fill the disk. */
export const maxImageBytes = 512 * 1024 * 1024;

/** Arriving chunks are small; so many bytes of them are written at once, while others arrive. */
const batchBytes = 2 * 1024 * 1024;

/**
 * Writes a body to a file as it comes.
 * @throws BadImageError when it is longer than any image; else what the network or the disk says.
 */
export async function receiveFile(
  body: Readable,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  addAbortSignal(signal, body);
  // Before the first wait of our own: what breaks off meanwhile is met below.
  body.on('error', () => undefined);
  const file = await open(path, 'w');
  try {
    await writeBatches(body as AsyncIterable<Uint8Array>, file);
  } finally {
    body.destroy();
    await file.close();
  }
}

async function writeBatches(body: AsyncIterable<Uint8Array>, file: FileHandle): Promise<void> {
  let batch: Uint8Array[] = [];
  let batchedBytes = 0;
  let sizeBytes = 0;
  let writing: Promise<void> = Promise.resolve();
  const flush = async () => {
    await writing;
    writing = writeWhole(file, batch, batchedBytes);
    // Its failure is met at the next wait for it.
    writing.catch(() => undefined);
    batch = [];
    batchedBytes = 0;
  };
  try {
    for await (const chunk of body) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxImageBytes) throw new BadImageError('The file is too large for an image');
      batch.push(chunk);
      batchedBytes += chunk.byteLength;
      if (batchedBytes >= batchBytes) await flush();
    }
    await flush();
  } finally {
    // The file must not be closed under it.
    await writing;
  }
}

async function writeWhole(file: FileHandle, batch: Uint8Array[], sizeBytes: number): Promise<void> {
  if (sizeBytes === 0) return;
  const { bytesWritten } = await file.writev(batch);
  // A disk that is nearly full takes a part, and says why with the rest.
  if (bytesWritten < sizeBytes) await file.writeFile(Buffer.concat(batch).subarray(bytesWritten));
}
