import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { cacheFolder } from './cacheFolder.ts';
import { editorEnvironment } from './editorEnvironment.ts';
import { withFileLock } from './fileLock.ts';
import type { VSCodeInstallation } from './installVSCode.ts';
import { runProgram } from './runProgram.ts';

const templatesFolder = join(cacheFolder, 'installed');
const installMs = 120_000;

export function codeServerArguments(installation: VSCodeInstallation, dataDir: string): string[] {
  return [
    installation.wrapperMain,
    // A user's own configuration of code-server is not for tests.
    ...['--config', join(dataDir, 'code-server.yaml')],
    ...['--user-data-dir', dataDir],
    ...['--extensions-dir', join(dataDir, 'extensions')],
  ];
}

/**
 * Installs a package unless the very same one was installed before. The editor itself installs it,
 * once: further profiles get a copy of what it made.
 */
export async function installVsix(
  installation: VSCodeInstallation,
  dataDir: string,
  vsix: string,
): Promise<void> {
  const marker = join(dataDir, 'installed-vsix.txt');
  const digest = createHash('sha256')
    .update(await readFile(vsix))
    .digest('hex');
  if ((await readFile(marker, 'utf8').catch(() => '')) === digest) return;
  const template = await installedTemplate(installation, vsix, digest);
  await copyExtensions(template, join(dataDir, 'extensions'));
  await writeFile(marker, digest);
}

/** The extensions folder in which the editor has installed the package. */
async function installedTemplate(
  installation: VSCodeInstallation,
  vsix: string,
  digest: string,
): Promise<string> {
  const prefix = `${installation.vscodeVersion}-`;
  const name = `${prefix}${digest.slice(0, 16)}`;
  const template = join(templatesFolder, name);
  const ignoreWait = () => undefined;
  await withFileLock(`${template}.lock`, ignoreWait, async () => {
    const made = await readdir(templatesFolder);
    if (made.includes(name)) return;
    for (const each of made)
      if (each.startsWith(prefix) && !each.endsWith('.lock'))
        await rm(join(templatesFolder, each), { recursive: true });
    const unfinished = join(templatesFolder, `unfinished-${name}`);
    await rm(unfinished, { recursive: true, force: true });
    const args = [
      ...codeServerArguments(installation, unfinished),
      ...['--install-extension', resolve(vsix), '--force'],
    ];
    await runProgram(installation.node, args, {
      env: editorEnvironment(),
      timeoutMs: installMs,
    });
    await rename(unfinished, template);
  });
  return join(template, 'extensions');
}

/** The registry of a copy names its own folders. */
async function copyExtensions(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await cp(from, to, { recursive: true });
  const registry = join(to, 'extensions.json');
  const installed = JSON.parse(await readFile(registry, 'utf8')) as Installed[];
  const moved = installed.map((each) => ({
    ...each,
    location: { $mid: 1, scheme: 'file', path: join(to, each.relativeLocation) },
  }));
  await writeFile(registry, JSON.stringify(moved));
}

interface Installed {
  relativeLocation: string;
}
