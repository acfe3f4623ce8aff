import { once } from 'node:events';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

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
 * The body fails when it was cut off, or when it is not what its headers say.
 */
export async function unpackBody({
  headers,
  body,
}: PackedAnswer): Promise<{ body: Readable; isPacked: boolean }> {
  const beginning = await beginningOf(body);
  const steps = stepsFor(beginning, headers['content-encoding']);
  for (const step of steps) step.on('error', () => undefined);
  return {
    // Not pipe(): an error of the body has to end what reads it.
    body: steps.reduce<Readable>((from, step) => pipeline(from, step, () => undefined), body),
    isPacked: steps.length > 0,
  };
}

function stepsFor(beginning: string, header: string | string[] | undefined): Transform[] {
  if (plainBeginnings.some((each) => beginning.startsWith(each))) return [];
  const encodings = String(header ?? '')
    .toLowerCase()
    .split(',')
    .map((each) => each.trim())
    .filter((each) => unpackers.has(each));
  if (encodings.length === 0 && beginning.startsWith(gzipBeginning)) return [createGunzip()];
  return encodings.toReversed().flatMap((each) => unpackers.get(each)?.() ?? []);
}

const unpackers = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
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
