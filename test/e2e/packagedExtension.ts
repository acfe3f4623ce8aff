import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, projectFolder } from '../harness/cacheFolder.ts';
import { runProgram } from '../harness/runProgram.ts';

let packaged: Promise<string> | undefined;

/**
 * The .vsix a user installs, made once for all suites of a run: its other processes are told where
 * it is. @returns its path.
 */
export function packagedExtension(): Promise<string> {
  const made = process.env['IMAGE_STUDIO_TEST_VSIX'];
  packaged ??= made === undefined ? makePackage() : Promise.resolve(made);
  return packaged;
}

async function makePackage(): Promise<string> {
  const cwd = projectFolder;
  const bin = (name: string) => join(cwd, 'node_modules', '.bin', name);
  const vsix = join(cacheFolder, 'evolink-image-studio.vsix');
  // In a fresh checkout nothing has been installed there yet.
  await mkdir(cacheFolder, { recursive: true });
  console.log('Packaging the extension…');
  // It builds the bundles first, by the script `vscode:prepublish`.
  await runProgram(process.execPath, [bin('vsce'), 'package', '--no-dependencies', '--out', vsix], {
    cwd,
  });
  return vsix;
}
