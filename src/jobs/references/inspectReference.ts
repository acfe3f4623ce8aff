import { AppError, type ReferenceFault } from '../../appError.ts';
import { checkImageFile } from '../../images/checkImage.ts';
import { BadImageError } from '../../images/imageFacts.ts';
import {
  openParts,
  type Part,
  readerOf,
  sizeOfParts,
  UnreadableError,
} from '../../images/parts.ts';
import { sha256OfFile } from '../../images/sha256.ts';
import { planWithoutMetadata } from '../../images/withoutMetadata.ts';
import type { UploadSource } from '../../evolink/files.ts';
import type { Files } from '../platform.ts';

/** Makes a reference a file of this machine, for as long as it is not disposed of. */
export type OpenReference = (
  uri: string,
) => Promise<{ path: string; dispose: () => Promise<void> }>;

/** An image of this machine that may be sent. */
export interface Reference {
  /** What a user calls it. */
  name: string;
  sha256: string;
  /**
   * The bytes to be sent: `sha256` is of the file, from which metadata may be left out. It has
   * to change whenever more is left out: what was uploaded before is used again.
   */
  content: string;
  /** With its dot. */
  extension: string;
  source: Omit<UploadSource, 'fileName'>;
  /** Whether the file is still the one that was looked at. */
  isUnchanged: () => Promise<boolean>;
}

export interface ReferenceRules {
  maxBytes: number;
  removesMetadata: boolean;
}

/** The types the provider takes (its page of the model). */
const mimeTypes = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['webp', 'image/webp'],
]);

/**
 * Looks at a file, by its bytes and not its name.
 * @throws AppError `badRequest` or `tooLarge`, naming the file, when it cannot be sent.
 */
export async function inspectReference(
  path: string,
  name: string,
  rules: ReferenceRules,
  files: Files,
): Promise<Reference> {
  const before = await facts(files, path, name, rules.maxBytes);
  const { type, mimeType } = await typeOf(files, path, name);
  const sha256 = await sha256OfFile(path, files.open);
  const whole: Part[] = [{ start: 0, end: before.sizeBytes }];
  const parts = rules.removesMetadata
    ? await partsWithoutMetadata(files, path, name, before.sizeBytes)
    : whole;
  return {
    name,
    sha256,
    content: rules.removesMetadata ? `${sha256} as it is drawn` : sha256,
    extension: `.${type}`,
    source: {
      mimeType,
      sizeBytes: sizeOfParts(parts),
      open: () => openParts(path, parts, files.open),
    },
    async isUnchanged() {
      const { size, mtimeMs } = await files.stat(path);
      return size === before.sizeBytes && mtimeMs === before.changedMs;
    },
  };
}

async function facts(files: Files, path: string, name: string, maxBytes: number) {
  const found = await files.stat(path);
  if (found.isDirectory())
    throw refused(`${name} is a folder, not an image`, { name, problem: 'folder' });
  // A pipe or a device might be read without end.
  if (!found.isFile()) throw refused(`${name} is not a file`, { name, problem: 'noFile' });
  if (found.size === 0) throw refused(`${name} is empty`, { name, problem: 'empty' });
  if (found.size > maxBytes) {
    const limit = String(Math.floor(maxBytes / 1024 / 1024));
    const reference = { name, problem: 'tooLarge', maxBytes } as const;
    const details = { reference, sent: 'no' } as const;
    throw new AppError('tooLarge', `${name} is larger than ${limit} MB`, details);
  }
  return { sizeBytes: found.size, changedMs: found.mtimeMs };
}

async function typeOf(files: Files, path: string, name: string) {
  const { type } = await checkImageFile(path, files.open).catch((thrown: unknown) => {
    if (!(thrown instanceof BadImageError)) throw thrown;
    throw thrown.foundType === undefined ? notWhole(name, thrown) : otherType(name, thrown);
  });
  const mimeType = mimeTypes.get(type);
  if (mimeType === undefined) throw otherType(name);
  return { type, mimeType };
}

/** What cannot be read is refused: whatever it tells would be sent with it. */
async function partsWithoutMetadata(files: Files, path: string, name: string, sizeBytes: number) {
  const file = await files.open(path, 'r');
  try {
    return await planWithoutMetadata(readerOf(file), sizeBytes);
  } catch (thrown) {
    if (!(thrown instanceof UnreadableError)) throw thrown;
    throw notWhole(name, thrown);
  } finally {
    await file.close();
  }
}

function notWhole(name: string, cause: unknown): AppError {
  const message = `${name} is not a whole PNG, JPEG or WebP image`;
  return refused(message, { name, problem: 'notWhole' }, cause);
}

function otherType(name: string, cause?: unknown): AppError {
  const message = `${name} is not a PNG, JPEG or WebP image`;
  return refused(message, { name, problem: 'otherType' }, cause);
}

function refused(message: string, reference: ReferenceFault, cause?: unknown): AppError {
  return new AppError('badRequest', message, { reference, sent: 'no' }, cause);
}
