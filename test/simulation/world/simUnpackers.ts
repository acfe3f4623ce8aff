import { Transform } from 'node:stream';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Unpackers } from '../../../src/evolink/unpackBody.ts';

/** Node's own work in threads, which end when the machine pleases; these work at once. */
export const simUnpackers: Unpackers = {
  gzip: () => unpackedAtItsEnd(gunzipSync),
  deflate: () => unpackedAtItsEnd(inflateSync),
  br: () => unpackedAtItsEnd(brotliDecompressSync),
};

function unpackedAtItsEnd(unpack: (packed: Uint8Array) => Uint8Array): Transform {
  const chunks: Uint8Array[] = [];
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      chunks.push(chunk);
      done();
    },
    flush(done) {
      try {
        done(null, unpack(Buffer.concat(chunks)));
      } catch (thrown) {
        done(thrown as Error);
      }
    },
  });
}
