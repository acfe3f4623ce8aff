import { access, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { ownFileMode, ownFolderMode } from '../../jobs/ownFiles.ts';
import { checkImageBytes } from '../../images/checkImage.ts';

/** Small images, made by a page once and stored by the SHA-256 of the whole image. */
export interface Thumbnails {
  /** Undefined while there is none. */
  of: (sha256: string) => Promise<vscode.Uri | undefined>;
  /** Stores an image made by a page, if it is a small WebP. @returns whether it was stored. */
  keep: (sha256: string, bytes: Uint8Array) => Promise<boolean>;
  /** Resolves when the stored ones are known. */
  ready: Promise<void>;
}

const maxBytes = 300_000;
const maxSidePx = 1_024;

export function createThumbnails(folder: string): Thumbnails {
  const known = new Set<string>();
  const ready = readdir(folder).then(
    (names) => {
      for (const name of names) if (name.endsWith('.webp')) known.add(name.slice(0, -5));
    },
    () => undefined,
  );
  const pathOf = (sha256: string) => join(folder, `${sha256}.webp`);

  async function keep(sha256: string, bytes: Uint8Array): Promise<boolean> {
    if (known.has(sha256) || bytes.byteLength > maxBytes) return false;
    if (!(await isSmallWebp(bytes))) return false;
    await mkdir(folder, { recursive: true, mode: ownFolderMode });
    // Another window may make the same at the same time.
    const part = join(folder, `${crypto.randomUUID()}.part`);
    await writeFile(part, bytes, { mode: ownFileMode });
    await rename(part, pathOf(sha256));
    known.add(sha256);
    return true;
  }

  async function of(sha256: string): Promise<vscode.Uri | undefined> {
    if (!known.has(sha256)) return undefined;
    try {
      await access(pathOf(sha256));
      return vscode.Uri.file(pathOf(sha256));
    } catch {
      // Swept, perhaps by another window.
      known.delete(sha256);
      return undefined;
    }
  }

  return {
    of,
    keep,
    ready,
  };
}

async function isSmallWebp(bytes: Uint8Array): Promise<boolean> {
  try {
    const { type, width, height } = await checkImageBytes(bytes);
    return type === 'webp' && width <= maxSidePx && height <= maxSidePx;
  } catch {
    return false;
  }
}
