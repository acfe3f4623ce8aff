import { once } from 'node:events';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** A new stream for each encoding, that gives the bytes as they were before. */
export type Unpackers = Readonly<Record<'gzip' | 'deflate' | 'br', () => Transform>>;

/** They work in threads of their own, so that no body stops the process. */
const nodeUnpackers: Unpackers = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

interface PackedAnswer {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Readable;
}

/** What an image or JSON begins with: it is not packed, whatever its headers say. */
const plainBeginnings = ['89504e47', 'ffd8ff', '52494646', '47494638', '7b', '5b', '3c', 'efbbbf'];
const gzipBeginning = '1f8b';
const beginningBytes = 4;

/**
 * A body as it was before a gateway packed it, which some do unasked, and some without saying so.
 * The body fails when it was cut off, or when it is not what its headers say. How long it becomes is
 * for its reader to limit.
 */
export async function unpackBody(
  { headers, body }: PackedAnswer,
  unpackers: Unpackers = nodeUnpackers,
): Promise<{ body: Readable; isPacked: boolean }> {
  const beginning = await beginningOf(body);
  const encodings = encodingsOf(beginning, headers['content-encoding']);
  // The last that was applied is undone first.
  const steps = encodings.toReversed().map((encoding) => unpackers[encoding]());
  for (const step of steps) step.on('error', () => undefined);
  return {
    // Not pipe(): an error of the body has to end what reads it.
    body: steps.reduce<Readable>((from, step) => pipeline(from, step, () => undefined), body),
    isPacked: steps.length > 0,
  };
}

function encodingsOf(
  beginning: string,
  header: string | string[] | undefined,
): (keyof Unpackers)[] {
  if (plainBeginnings.some((each) => beginning.startsWith(each))) return [];
  const encodings = String(header ?? '')
    .toLowerCase()
    .split(',')
    .flatMap((each) => encodingByName.get(each.trim()) ?? []);
  return encodings.length === 0 && beginning.startsWith(gzipBeginning) ? ['gzip'] : encodings;
}

const encodingByName = new Map<string, keyof Unpackers>([
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
  ['br', 'br'],
]);

/** The first bytes, in hexadecimal digits. They stay in the body; empty for an empty one. */
async function beginningOf(body: Readable): Promise<string> {
  for (;;) {
    if (body.destroyed || body.readableEnded) return '';
    const chunk = body.read(beginningBytes) as Uint8Array | null;
    if (chunk) {
      body.unshift(chunk);
      return Buffer.from(chunk).toString('hex');
    }
    // Without this the last `readable` of an empty body would be waited for in vain.
    const heard = new AbortController();
    const signal = heard.signal;
    try {
      await Promise.race([once(body, 'readable', { signal }), once(body, 'end', { signal })]);
    } finally {
      heard.abort();
    }
  }
}
