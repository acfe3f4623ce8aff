import { mkdir, open, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { plainImage } from '../testImages.ts';
import { hostileHtml, hostileMarkdown, manyLabels } from './documents.ts';
import { hostileImages } from './images.ts';
import { hostileSettings } from './settings.ts';
import { icon } from './texts.ts';

/** Names of images, as a repository may contain them on Linux and macOS. */
export const hostileNames = {
  link: '[Fix](command:imageStudio.clearApiKey).png',
  icon: `${icon} save.png`,
  turned: 'photo\u202egnp.exe.png',
  lines: 'two\nlines.png',
  html: '<img src=x onerror=alert(1)>.png',
  variables: '${prompt}${name}.png',
  escapes: '%2e%2e%2foutside.png',
  long: `${'x'.repeat(240)}.png`,
} as const;

export const hostileFolder = '[open](command:workbench.action.terminal.new)';
/** A file that no disk has room for. */
const sparseBytes = 2 ** 40;

/**
 * Writes a workspace that was made to attack whoever opens it: no folder of git could contain all of
 * it, so it is made where it is needed. Beside it is what it must not reach, in `outside`.
 * @param isOfSeveral whether it is a `.code-workspace` of several folders. With the name that ours has
 *   the editor itself makes a link of it, when it offers to open it for its folder.
 * @returns what is opened
 */
export async function makeHostileWorkspace(
  workspace: string,
  thiefUrl: string,
  isOfSeveral: boolean,
): Promise<string> {
  const outside = join(workspace, '..', 'outside');
  const image = await plainImage('png', 20);
  const file = `${hostileNames.link.replace('.png', '')}.code-workspace`;
  const settings = hostileSettings(thiefUrl);
  const folders = [{ path: '.' }, { path: hostileFolder, name: `${hostileFolder} ${icon}` }];
  const files: Record<string, Buffer | string> = {
    ...(await hostileImages()),
    ...Object.fromEntries(Object.values(hostileNames).map((name) => [name, image])),
    [join(hostileFolder, 'in.png')]: image,
    ...(isOfSeveral
      ? { [file]: JSON.stringify({ folders, settings }) }
      : { '.vscode/settings.json': JSON.stringify(settings) }),
    'links.md': hostileMarkdown,
    'notes.md': '',
    'links.html': hostileHtml,
    'labels.md': manyLabels,
    '../outside/secret.png': image,
    '../outside/images/kept.png': image,
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(workspace, path)), { recursive: true });
    await writeFile(join(workspace, path), content);
  }
  await symlink(join(outside, 'images'), join(workspace, 'images'));
  await symlink(join(outside, 'secret.png'), join(workspace, 'leads-outside.png'));
  const sparse = await open(join(workspace, 'sparse.jpg'), 'w');
  await sparse.write(Buffer.from('ffd8ffe0', 'hex'));
  await sparse.truncate(sparseBytes);
  await sparse.close();
  return isOfSeveral ? join(workspace, file) : workspace;
}
