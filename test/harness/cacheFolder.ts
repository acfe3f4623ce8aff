import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const projectFolder = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Where installed editors, their profiles and what they leave behind are kept; git ignores it. */
export const cacheFolder = join(projectFolder, '.vscode-test');

/** Screenshots and logs worth a look after a run. */
export const artifactsFolder = join(cacheFolder, 'artifacts');
