import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { type OpenToRead, openParts } from './parts.ts';

/** The hash of a file's content, in lower-case hexadecimal, read in chunks. */
export async function sha256OfFile(path: string, openFile: OpenToRead = open): Promise<string> {
  const hash = createHash('sha256');
  const whole = { start: 0, end: Infinity };
  for await (const chunk of openParts(path, [whole], openFile)) hash.update(chunk);
  return hash.digest('hex');
}

/** The same of bytes that are at hand. */
export function sha256OfBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
