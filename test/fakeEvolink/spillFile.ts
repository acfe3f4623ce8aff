import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { StoredBytes } from './fileStore.ts';
import { imageTypeOf } from './imageType.ts';

/** A stream of bytes, stored; `isImage` is false for every type the service does not accept. */
export interface SpilledFile extends StoredBytes {
  readonly isImage: boolean;
}

/** Writes a stream to disk as it comes and hashes it on the way, whatever its size. */
export async function spillFile(source: Readable, path: string): Promise<SpilledFile> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  let head = Buffer.alloc(0);
  const watch = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      if (head.length < 16) head = Buffer.concat([head, chunk.subarray(0, 16)]);
      hash.update(chunk);
      sizeBytes += chunk.length;
      yield chunk;
    }
  };
  await pipeline(source, watch, createWriteStream(path));
  const mimeType = imageTypeOf(head);
  return {
    path,
    sizeBytes,
    sha256: hash.digest('hex'),
    mimeType: mimeType ?? 'application/octet-stream',
    isImage: mimeType !== undefined,
  };
}
