import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

interface InstalledExtension {
  identifier: { id: string };
  version: string;
  location: { $mid: 1; path: string; scheme: 'file' };
  relativeLocation: string;
}

/** Makes a folder count as an installed extension, without packaging it. */
export async function linkExtension(folder: string, extensionsDir: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    publisher: string;
    name: string;
    version: string;
  };
  const id = `${manifest.publisher}.${manifest.name}`;
  const relativeLocation = `${id}-${manifest.version}`;
  const link = join(extensionsDir, relativeLocation);
  await mkdir(extensionsDir, { recursive: true });
  await rm(link, { recursive: true, force: true });
  await symlink(resolve(folder), link, 'dir');
  await writeRegistry(extensionsDir, {
    identifier: { id },
    version: manifest.version,
    location: { $mid: 1, path: link, scheme: 'file' },
    relativeLocation,
  });
}

/** VS Code looks only at the folders that this file names. */
async function writeRegistry(extensionsDir: string, added: InstalledExtension): Promise<void> {
  const path = join(extensionsDir, 'extensions.json');
  const text = await readFile(path, 'utf8').catch(() => '[]');
  const others = (JSON.parse(text) as InstalledExtension[]).filter(
    (each) => each.identifier.id !== added.identifier.id,
  );
  await writeFile(path, JSON.stringify([...others, added]));
}
