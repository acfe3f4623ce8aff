import { dirname } from 'node:path';
import type { Files, OpenFile } from '../platform.ts';
import { codeOf, isHopeless } from './fileErrors.ts';

/** How file systems say that there is nothing to be written through. */
const cannotSync = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EBADF']);
/** Windows, and some mounts, do not open folders; there a name is as safe as it can be. */
const cannotSyncFolder = new Set([...cannotSync, 'EISDIR', 'EPERM', 'EACCES']);

const copyBytes = 1024 * 1024;

/** Makes a folder that is there after a power cut; one that exists is fine, whatever the system says. */
export async function makeFolder(files: Files, path: string, mode?: number): Promise<void> {
  let first: unknown;
  try {
    first = await files.mkdir(path, { recursive: true, ...(mode !== undefined && { mode }) });
  } catch (thrown) {
    // The root of a Windows drive, and some mounts, refuse what is there already.
    if (await isFolder(files, path)) return;
    throw thrown;
  }
  if (typeof first !== 'string') return;
  for (let made = path; made.length >= first.length; made = dirname(made))
    await syncFolder(files, dirname(made));
}

async function isFolder(files: Files, path: string): Promise<boolean> {
  try {
    return (await files.stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** Content on the disk, not only in its cache: a power cut must not leave a hole in a finished file. */
export async function syncFile(files: Files, path: string): Promise<void> {
  await syncOpened(() => files.open(path, 'r+'), cannotSync);
}

/** The names in a folder on the disk: a power cut must not take one back. */
export async function syncFolder(files: Files, path: string): Promise<void> {
  await syncOpened(() => files.open(path, 'r'), cannotSyncFolder);
}

async function syncOpened(
  open: () => Promise<OpenFile>,
  ignored: ReadonlySet<string>,
): Promise<void> {
  try {
    const file = await open();
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (!ignored.has(codeOf(thrown))) throw thrown;
  }
}

/** Copies a file so that its content outlasts a power cut. `to` may be written over. */
export async function copyDurably(files: Files, from: string, to: string): Promise<void> {
  if (!(await copyBySystem(files, from, to))) await copyByParts(files, from, to);
  await syncFile(files, to);
}

/** Whether the system's own copy, which may move no byte at all, has made a whole one. */
async function copyBySystem(files: Files, from: string, to: string): Promise<boolean> {
  try {
    await files.copyFile(from, to);
    return (await files.stat(to)).size === (await files.stat(from)).size;
  } catch (thrown) {
    // Some mounts take the bytes and refuse the rights that go with them.
    if (isHopeless(thrown)) throw thrown;
    return false;
  }
}

async function copyByParts(files: Files, from: string, to: string): Promise<void> {
  const source = await files.open(from, 'r');
  try {
    const target = await files.open(to, 'w');
    try {
      const buffer = new Uint8Array(copyBytes);
      for (let at = 0; ;) {
        const { bytesRead } = await source.read(buffer, 0, copyBytes, at);
        if (bytesRead === 0) break;
        await target.writeFile(buffer.subarray(0, bytesRead));
        at += bytesRead;
      }
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}
