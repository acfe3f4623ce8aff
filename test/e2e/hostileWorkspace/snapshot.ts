import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Everything below a folder: the digest of each file, where each link leads. */
export async function snapshotOf(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(folder, { recursive: true })).toSorted()) {
    const path = join(folder, name);
    const facts = await lstat(path);
    if (facts.isSymbolicLink()) found[name] = `-> ${await readlink(path)}`;
    else if (facts.isFile())
      found[name] = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
    else found[name] = 'folder';
  }
  return found;
}
