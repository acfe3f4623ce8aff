/** Reads `multipart/form-data` with one file in it, never holding the file in memory. */
import { Busboy } from '@fastify/busboy';
import type { BusboyHeaders } from '@fastify/busboy';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Call } from './call.ts';
import { spillFile } from './spillFile.ts';
import type { SpilledFile } from './spillFile.ts';

export interface MultipartUpload {
  readonly fields: ReadonlyMap<string, string>;
  readonly fileName: string;
  /** Missing when the form had no part named `file`. */
  readonly file: SpilledFile | undefined;
  readonly isTooLarge: boolean;
}

/** Counts bytes, and takes them no faster than the line's rate. */
function counting(call: Call): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      call.entry.bodyBytes += chunk.length;
      const { uploadBytesPerSecond } = call.serverState.behaviour;
      if (uploadBytesPerSecond === 0) done(null, chunk);
      else setTimeout(() => done(null, chunk), (chunk.length / uploadBytesPerSecond) * 1_000);
    },
  });
}

/** Takes the form of a request to its end. */
export async function readMultipart(call: Call, path: string): Promise<MultipartUpload> {
  const fields = new Map<string, string>();
  let fileName = '';
  let isTooLarge = false;
  let spilling: Promise<SpilledFile> | undefined;
  const parser = new Busboy({
    headers: call.request.headers as BusboyHeaders,
    limits: { fileSize: call.serverState.behaviour.maxFileBytes },
  });
  parser.on('field', (name, value) => fields.set(name, value));
  parser.on('file', (name, stream, sentName) => {
    if (name !== 'file' || spilling !== undefined) {
      stream.resume();
      return;
    }
    fileName = sentName;
    stream.once('limit', () => (isTooLarge = true));
    spilling = spillFile(stream, path);
    // Its failure is handled below; until then it must not count as unhandled.
    spilling.catch(() => undefined);
  });
  await pipeline(call.request, counting(call), parser);
  return { fields, fileName, file: await spilling, isTooLarge };
}
