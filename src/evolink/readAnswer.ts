import { Readable } from 'node:stream';
import { cancelled } from '../appError.ts';
import type { ClientPlatform } from './clientPlatform.ts';
import { cutText } from './cutText.ts';
import { EvolinkError } from './errors.ts';
import type { Redactor } from './keyRedactor.ts';
import { toNetworkError } from './networkErrors.ts';
import { headerOf, type HttpAnswer } from './transport.ts';
import { unpackBody } from './unpackBody.ts';

/** An answer of a few fields is never larger, packed or unpacked; one that is, is not an answer. */
const maxBodyBytes = 1024 * 1024;
/** Each part comes within a limit of its own; so many parts that they take longer are no answer. */
const maxBodyMs = 180_000;
/** Deeper than any documented answer. What lies deeper becomes null, and the rest is kept. */
const maxDepth = 12;
/** Longer than any address. */
const maxTextChars = 20_000;

export interface ReadOptions {
  signal: AbortSignal;
  platform: Pick<ClientPlatform, 'monotonicMs' | 'unpackers'>;
  /** Takes out of each text what nobody may see. */
  clean?: Redactor;
}

/**
 * The body as JSON; as text when it is none. Packed bodies and byte order marks are understood.
 * Texts that are too long are cut, and what is too deep is left out.
 * @throws EvolinkError `server`, as for any answer that cannot be read, when it is too long or cannot
 *   be unpacked; `network` or `timeout` when it does not arrive whole.
 */
export async function readBody(answer: HttpAnswer, options: ReadOptions): Promise<unknown> {
  const { signal, clean = (text: string) => text } = options;
  const text = await readText(answer, options).catch((thrown: unknown): never => {
    if (signal.aborted) throw cancelled(thrown);
    throw isUnpackError(thrown)
      ? unreadable('The answer cannot be unpacked', thrown)
      : toNetworkError(thrown, undefined);
  });
  const json = parseJson(text);
  if (json === undefined) return boundedText(text, clean);
  return await cleanInPieces(cleaning(json, clean), signal);
}

/** The event loop goes on meanwhile: a whole answer of hostile texts takes a tenth of a second. */
async function cleanInPieces(
  steps: Generator<undefined, unknown>,
  signal: AbortSignal,
): Promise<unknown> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) throw cancelled(signal.reason);
  }
}

async function readText(answer: HttpAnswer, { platform }: ReadOptions): Promise<string> {
  const deadlineMs = platform.monotonicMs() + maxBodyMs;
  async function* limited(body: Readable): AsyncGenerator<Uint8Array> {
    let sizeBytes = 0;
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBodyBytes) throw unreadable('The answer is too long');
      if (platform.monotonicMs() > deadlineMs)
        throw new EvolinkError('timeout', 'The answer took too long', { sent: 'maybe' });
      yield chunk;
    }
  }
  const packed = Readable.from(limited(answer.body), { objectMode: false });
  const { body } = await unpackBody({ headers: answer.headers, body: packed }, platform.unpackers);
  const chunks: Uint8Array[] = [];
  for await (const chunk of limited(body)) chunks.push(chunk);
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}

/** The server has answered: what was asked for may have been done. */
function unreadable(message: string, cause?: unknown): EvolinkError {
  return new EvolinkError('server', message, { sent: 'yes' }, cause);
}

/** By the codes of Node's zlib, for gzip and deflate, and for brotli. */
function isUnpackError(thrown: unknown): boolean {
  const { code } = (thrown ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^(Z_|ERR__ERROR_)/.test(code);
}

/** Undefined for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A copy of JSON without what is too deep, and with each text cleaned and cut. */
export function cleanJson(value: unknown, clean: Redactor): unknown {
  const steps = cleaning(value, clean);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same, with a pause after each piece of so many characters or fields. */
const pieceSize = 32_000;

function* cleaning(
  value: unknown,
  clean: Redactor,
  depth = 0,
  progress = { size: 0 },
): Generator<undefined, unknown> {
  progress.size += 1 + (typeof value === 'string' ? value.length : 0);
  if (progress.size > pieceSize) {
    progress.size = 0;
    yield;
  }
  if (typeof value === 'string') return boundedText(value, clean);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === maxDepth) return null;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) items.push(yield* cleaning(item, clean, depth + 1, progress));
    return items;
  }
  const fields: [string, unknown][] = [];
  for (const [name, field] of Object.entries(value)) {
    progress.size += name.length;
    fields.push([boundedText(name, clean), yield* cleaning(field, clean, depth + 1, progress)]);
  }
  // Not by assignment: a field may be called __proto__.
  return Object.fromEntries(fields);
}

function boundedText(text: string, clean: Redactor): string {
  return cutText(clean(text, maxTextChars), maxTextChars);
}

/** A server that says "next year" is not believed; a longer wait than this would lose a result. */
const maxRetryAfterMs = 3600_000;

/** `Retry-After`, which is seconds or a date. Undefined when it says neither. */
export function retryAfterMs(answer: HttpAnswer, nowMs: number): number | undefined {
  const value = headerOf(answer, 'retry-after')?.trim();
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.min(Number(value) * 1000, maxRetryAfterMs);
  const at = /\d:\d\d/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.min(Math.max(0, at - nowMs), maxRetryAfterMs);
}
