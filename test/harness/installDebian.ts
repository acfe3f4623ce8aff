import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { cacheFolder } from './cacheFolder.ts';
import { withFileLock } from './fileLock.ts';
import { runProgram } from './runProgram.ts';

/** The full path of a program, or nothing when the machine does not have it. */
export async function findProgram(name: string): Promise<string | undefined> {
  // A service's PATH often lacks the folders of system programs.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/sbin'];
  for (const folder of folders.filter((each) => each !== '')) {
    const path = join(folder, name);
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not here: the next folder.
    }
  }
  return undefined;
}

async function aptGet(args: readonly string[]): Promise<void> {
  const apt = await findProgram('apt-get');
  if (apt === undefined) throw new Error('this machine has no apt-get');
  // apt reads this from the environment; sudo would drop it, therefore env sets it again.
  const command = ['env', 'DEBIAN_FRONTEND=noninteractive', apt, '-y', '-q', ...args];
  if (process.getuid?.() !== 0) {
    if ((await findProgram('sudo')) === undefined) throw new Error('neither root nor sudo is here');
    command.unshift('sudo', '-n');
  }
  const [program, ...rest] = command as [string, ...string[]];
  await runProgram(program, rest);
}

/**
 * Makes sure that a program is there, installing Debian's package for it when it is not, and
 * returns its path.
 */
export async function installDebian(packageName: string, program = packageName): Promise<string> {
  return await installUnlessFound(packageName, program, () => findProgram(program));
}

async function installUnlessFound(
  packageName: string,
  what: string,
  find: () => Promise<string | undefined>,
): Promise<string> {
  const present = await find();
  if (present !== undefined) return present;
  return withFileLock(
    join(cacheFolder, 'apt.lock'),
    (pid) => console.log(`Waiting for process ${String(pid)}, which is installing packages…`),
    async () => {
      const installedMeanwhile = await find();
      if (installedMeanwhile !== undefined) return installedMeanwhile;
      console.log(`Installing Debian's package ${packageName}…`);
      try {
        await installFresh(packageName);
      } catch (error) {
        throw new Error(
          `${what} is needed and could not be installed with apt-get: ` +
            `${(error as Error).message}\nInstall the package "${packageName}" and try again.`,
          { cause: error },
        );
      }
      const installed = await find();
      if (installed === undefined) {
        throw new Error(`The package "${packageName}" was installed but does not have ${what}`);
      }
      return installed;
    },
  );
}

async function installFresh(packageName: string): Promise<void> {
  const install = ['install', '--no-install-recommends', packageName];
  try {
    await aptGet(install);
  } catch {
    // The lists are missing on a fresh machine, and old on one that has slept.
    await aptGet(['update']);
    await aptGet(install);
  }
}

/** Installs Chromium when there is none and returns its path. `CHROMIUM_PATH` names another. */
export async function installChromium(): Promise<string> {
  return process.env['CHROMIUM_PATH'] ?? installDebian('chromium');
}

/** Installs a font with the signs of Chinese, which a bare machine draws as boxes. */
export async function installChineseFont(): Promise<void> {
  const path = '/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf';
  await installUnlessFound('fonts-droid-fallback', 'a font for Chinese', () =>
    access(path).then(
      () => path,
      () => undefined,
    ),
  );
}
