import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { cacheFolder } from './cacheFolder.ts';
import { withFileLock } from './fileLock.ts';
import { findProgram, installDebian } from './installDebian.ts';
import { runProgram } from './runProgram.ts';

/** The newest VS Code, or the oldest one that the extension supports. */
export type VSCodeVersion = 'newest' | 'oldest';

/** A VS Code that is ready to start. */
export interface VSCodeInstallation {
  /** As in `vscode.version`. */
  readonly vscodeVersion: string;
  /** The Node that runs it, its extension host included. */
  readonly node: string;
  /** Starts VS Code's own server. */
  readonly serverMain: string;
  /** Starts code-server, which is that server with a place for secrets. */
  readonly wrapperMain: string;
}

interface Release {
  readonly codeServer: string;
  readonly vscodeVersion: string;
  /** As in the desktop build of that VS Code, where the registry has it. */
  readonly nodeVersion: string;
  readonly seconds: number;
}

const releases: Record<VSCodeVersion, Release> = {
  newest: { codeServer: '4.139.1', vscodeVersion: '1.139.1', nodeVersion: '24', seconds: 50 },
  oldest: { codeServer: '4.106.3', vscodeVersion: '1.106.3', nodeVersion: '22.20.0', seconds: 60 },
};

/** Changes when the recipe does, so that what an older recipe made is made again. */
const recipe = 2;

const nodePackage = `node-${process.platform}-${process.arch}`;

/**
 * Installs a whole VS Code from the package registry (the `code-server` package carries one), or
 * finds the one installed before. Safe to be called by several processes at once.
 */
export async function installVSCode(version: VSCodeVersion): Promise<VSCodeInstallation> {
  const release = releases[version];
  const folder = join(cacheFolder, `vscode-${release.vscodeVersion}`);
  const nodeFolder = await installNode(release);
  await installOnce(folder, `VS Code ${release.vscodeVersion}`, release.seconds, async () => {
    await installBuildTools();
    await unpack(`code-server@${release.codeServer}`, folder);
    await installDependencies(folder, nodeFolder);
  });
  return {
    vscodeVersion: release.vscodeVersion,
    node: join(nodeFolder, 'bin/node'),
    serverMain: join(folder, 'lib/vscode/out/server-main.js'),
    wrapperMain: join(folder, 'out/node/entry.js'),
  };
}

/**
 * The folder of a Node with its headers. The project's own Node is no use here: npm drops its
 * headers as soon as another package is added.
 */
async function installNode(release: Release): Promise<string> {
  const folder = join(cacheFolder, `node-${release.nodeVersion}`);
  const spec = `${nodePackage}@${release.nodeVersion}`;
  await installOnce(folder, `Node ${release.nodeVersion}`, 8, () => unpack(spec, folder));
  return folder;
}

/** Runs `install` once. A marker is written last, so that an interrupted one runs again. */
async function installOnce(
  folder: string,
  name: string,
  seconds: number,
  install: () => Promise<void>,
): Promise<void> {
  const marker = join(folder, '.installed');
  const isInstalled = async () =>
    (await readFile(marker, 'utf8').catch(() => '')) === String(recipe);
  if (await isInstalled()) return;
  await withFileLock(
    `${folder}.lock`,
    (pid) => console.log(`Waiting for process ${String(pid)}, which is installing ${name}…`),
    async () => {
      if (await isInstalled()) return;
      console.log(`Installing ${name} (about ${String(seconds)} s)…`);
      await rm(folder, { recursive: true, force: true });
      const startedAt = performance.now();
      await install();
      await writeFile(marker, String(recipe));
      const took = Math.round((performance.now() - startedAt) / 1000);
      console.log(`Installed ${name} in ${String(took)} s.`);
    },
  );
}

/** Two native modules of the server have no prebuilt form. */
async function installBuildTools(): Promise<void> {
  await installDebian('g++');
  await installDebian('make');
  await installDebian('python3');
}

async function unpack(spec: string, folder: string): Promise<void> {
  const download = `${folder}.download`;
  await rm(download, { recursive: true, force: true });
  await mkdir(download, { recursive: true });
  const args = ['pack', '--json', '--loglevel', 'error', '--pack-destination', download, spec];
  const [packed] = packedFiles(await npm(args, download));
  if (packed === undefined) throw new Error(`npm pack found no package for ${spec}`);
  await runProgram('tar', ['-xzf', join(download, packed), '-C', download]);
  await rename(join(download, 'package'), folder);
  await rm(download, { recursive: true, force: true });
}

/** npm prints an array of packages, or an object of them by name: versions differ. */
function packedFiles(json: string): string[] {
  const answer = JSON.parse(json) as Record<string, { filename: string }>;
  return Object.values(answer).map((each) => each.filename);
}

async function installDependencies(folder: string, nodeFolder: string): Promise<void> {
  const server = join(folder, 'lib/vscode');
  const install = ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  await dropUnreachableLock(server);
  await npm(install, server, nodeFolder);
  console.log('  Building its native modules…');
  await npm(['rebuild', ...(await nativeModules(server))], server, nodeFolder);
  await npm(install, folder, nodeFolder);
  // The older wrapper cannot even be loaded without it; the newer one brings it built.
  if (!existsSync(join(folder, 'node_modules/argon2/prebuilds'))) {
    await npm(['rebuild', 'argon2'], folder, nodeFolder);
  }
}

/** The native modules without which the server does not work well; their names have changed. */
async function nativeModules(server: string): Promise<string[]> {
  const candidates = ['@vscode/spdlog', '@vscode/native-watchdog', 'native-watchdog'];
  const { dependencies } = JSON.parse(await readFile(join(server, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return candidates.filter((name) => name in dependencies);
}

/** The older release locks a dependency to a git repository; its published package serves too. */
async function dropUnreachableLock(server: string): Promise<void> {
  const lockPath = join(server, 'npm-shrinkwrap.json');
  if (!(await readFile(lockPath, 'utf8')).includes('git+ssh://')) return;
  await rm(lockPath);
  const manifestPath = join(server, 'package.json');
  const manifest = JSON.parse(await readFile(manifestPath, 'utf8')) as {
    dependencies: Record<string, string>;
  };
  manifest.dependencies['@parcel/watcher'] = '^2.5.1';
  await writeFile(manifestPath, JSON.stringify(manifest, undefined, 2));
}

/** Runs npm in a folder, on the Node of `nodeFolder` and building against its headers. */
async function npm(args: readonly string[], cwd: string, nodeFolder?: string): Promise<string> {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    // The variables of an outer `npm run` must not configure this one.
    if (
      !/^npm_(package|lifecycle|config_(local_prefix|omit|ignore_scripts|strict_allow_scripts))/i.test(
        name,
      )
    ) {
      env[name] = value;
    }
  }
  if (nodeFolder !== undefined) {
    env['PATH'] = `${join(nodeFolder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`;
    env['npm_config_nodedir'] = nodeFolder;
    // Built modules to download are on hosts that need not be there.
    env['npm_config_build_from_source'] = 'true';
  }
  if ((await findProgram('npm')) === undefined) throw new Error('npm is needed and was not found');
  return runProgram('npm', args, { cwd, env });
}
