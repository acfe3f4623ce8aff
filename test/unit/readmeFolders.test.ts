import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { expandDirectory } from '../../src/requests/expandDirectory.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const [, section = ''] = readme.split('### Folders for new images');
const rows = [...(section.split('\n#')[0] ?? '').matchAll(/^\| `([^`]+)` +\| (.+?) +\|$/gm)]
  .map(([, setting = '', folder = '']) => [setting, folder] as const)
  .filter(([setting]) => !setting.startsWith('imageStudio.'));

const notes = { name: 'notes', uri: { path: '/w/notes' } };
const site = { name: 'site', uri: { path: '/w/site' } };
/** How the README says in words what a path is. */
const wholePaths: Record<string, string> = {
  '`Pictures` in your home folder': '/home/me/Pictures',
  '`img` where the variable `ASSETS` leads': '/assets/img',
  '`img` of the workspace folder `site`': 'site:img',
};

describe('the folders that the README promises', () => {
  it('are many', () => assert.ok(rows.length >= 7));

  for (const [setting, folder] of rows)
    it(`are ${folder} for ${setting}`, () => {
      const found = expandDirectory(setting, {
        folder: notes,
        folders: [notes, site],
        documentPath: '/w/notes/docs/guide/intro.md',
        home: '/home/me',
        env: { ASSETS: '/assets' },
        isWindows: false,
      });
      const shown = found.folder === site ? `site:${found.path}` : found.path;
      assert.equal(shown, wholePaths[folder] ?? folder.replaceAll('`', ''));
    });
});
