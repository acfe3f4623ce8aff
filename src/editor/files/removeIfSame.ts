import { randomUUID } from 'node:crypto';
import { constants, copyFile, rename, rm } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { sha256OfFile } from '../../images/sha256.ts';
import { nodePlatform } from '../../jobs/nodePlatform.ts';
import { whileBusy } from '../../jobs/steps/fileErrors.ts';

/**
 * Removes a file if its content has a hash. It is looked at once nobody finds it by its name any more:
 * what was written there a moment before is put back, over no other file.
 * @throws what the system says; the file then stays, at worst under a name that begins with a dot
 */
export async function removeIfSame(path: string, sha256: string): Promise<void> {
  const { clock } = nodePlatform;
  const aside = join(dirname(path), `.placeholder-${randomUUID()}${extname(path)}`);
  await whileBusy(clock, () => rename(path, aside));
  if ((await sha256OfFile(aside)) !== sha256) await copyFile(aside, path, constants.COPYFILE_EXCL);
  await whileBusy(clock, () => rm(aside));
}
