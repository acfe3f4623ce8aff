import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 250;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function tryTake(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function ownerOf(path: string): Promise<number | undefined> {
  try {
    const pid = Number(await readFile(path, 'utf8'));
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Removes the lock of a dead owner. It is renamed first, so that only one of two callers succeeds. */
async function removeAbandoned(path: string): Promise<void> {
  const aside = `${path}.${String(process.pid)}`;
  await rename(path, aside).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Runs `work` while no other process does so under the same path. A dead process holds no lock. */
export async function withFileLock<T>(
  path: string,
  onWait: (ownerPid: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  let hasCalledOnWait = false;
  let namelessTimes = 0;
  while (!(await tryTake(path))) {
    const owner = await ownerOf(path);
    namelessTimes = owner === undefined ? namelessTimes + 1 : 0;
    // An owner that has not yet written its id is given some time to do so.
    const isAbandoned = owner === undefined ? namelessTimes > 20 : !isAlive(owner);
    if (isAbandoned) await removeAbandoned(path);
    else if (owner !== undefined && !hasCalledOnWait) {
      hasCalledOnWait = true;
      onWait(owner);
    }
    await delay(pollMs);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}
