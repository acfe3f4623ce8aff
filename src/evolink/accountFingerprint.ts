import { createHash } from 'node:crypto';

/**
 * Tells whether two calls go to the same account of the same host: 8 hexadecimal digits, which stores
 * keep. Of the key they reveal 32 of far more random bits: for each fingerprint there are countless
 * keys, and one that is found by trying is another. Two windows, and stores of all versions, have
 * to come to the same one, so nothing random is in it.
 */
export function accountFingerprint(baseUrl: string, key: string): string {
  return createHash('sha256').update(`image-studio ${baseUrl} ${key}`).digest('hex').slice(0, 8);
}
