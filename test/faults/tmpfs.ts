import { execFileSync } from 'node:child_process';
import { mkdtemp, rmdir, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small disk of its own, which can be filled up and turned read-only. */
export interface SmallDisk {
  path: string;
  fill(): Promise<void>;
  setReadOnly(isReadOnly: boolean): void;
  remove(): Promise<void>;
}

export function canMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

export async function makeSmallDisk(sizeBytes: number): Promise<SmallDisk> {
  const path = await mkdtemp(join(tmpdir(), 'image-studio-disk-'));
  const size = `size=${String(sizeBytes)}`;
  execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'image-studio-test', path]);
  return {
    path,
    async fill() {
      const { bavail, bsize } = await statfs(path);
      // Someone else may write at the same time; then less is enough to fill it.
      await writeFile(join(path, '.ballast'), Buffer.alloc(bavail * bsize)).catch(ifFull);
    },
    setReadOnly(isReadOnly) {
      execFileSync('mount', ['-o', `remount,${isReadOnly ? 'ro' : 'rw'},${size}`, path]);
    },
    async remove() {
      // Lazily: whoever still looks at it does not keep it.
      execFileSync('umount', ['-l', path]);
      await rmdir(path);
    },
  };
}

function ifFull(thrown: unknown): void {
  if ((thrown as NodeJS.ErrnoException).code !== 'ENOSPC') throw thrown;
}
