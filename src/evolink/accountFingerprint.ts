import { createHash } from 'node:crypto';

/**
 * Tells whether two calls go to the same account of the same host, and reveals nothing of the key:
 * 8 hexadecimal digits, far too few to find a key by.
 */
export function accountFingerprint(baseUrl: string, key: string): string {
  return createHash('sha256').update(`image-studio ${baseUrl} ${key}`).digest('hex').slice(0, 8);
}
