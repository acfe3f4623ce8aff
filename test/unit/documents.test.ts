import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodes } from '../../src/appError.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Manifest {
  contributes: {
    commands: { title: string }[];
    configuration: { properties: Record<string, { default: unknown }> };
  };
}

/** The cells of each row of the table under a heading, without the two rows of its head. */
function tableUnder(text: string, heading: string): string[][] {
  const section = text.split(/^#+ /m).find((each) => each.startsWith(`${heading}\n`)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) => row.split('|').map((cell) => cell.trim()));
}

/** As GitHub and the editor make an anchor of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .trim()
    .replace(/\s/g, '-');
}

describe('the README', () => {
  const readme = read('README.md');
  const { contributes } = JSON.parse(read('package.json')) as Manifest;
  const titles = JSON.parse(read('package.nls.json')) as Record<string, string>;

  it('begins the tests and the extension with the two commands that CI and people use', () => {
    assert.match(readme, /^npm ci && npm test$/m);
    assert.match(readme, /^npm start$/m);
  });

  it('names every command', () => {
    const named = tableUnder(readme, 'Commands').map(([, title = '']) => title);
    const all = contributes.commands.map(({ title }) => titles[title.replaceAll('%', '')]);
    for (const title of all) {
      assert.ok(title !== undefined);
      assert.ok(
        named.some((each) => each.split(', ').includes(title)),
        title,
      );
    }
  });

  it('names every setting with its default', () => {
    const rows = tableUnder(readme, 'Settings').flatMap(([, names = '', defaults = '']) =>
      names.split('<br>').map((name, index) => [name, defaults.split('<br>')[index]]),
    );
    const expected = Object.entries(contributes.configuration.properties).map(([name, setting]) => {
      const value = setting.default;
      return [`\`${name}\``, `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``];
    });
    assert.deepEqual(rows.toSorted(), expected.toSorted());
  });

  it('names every error code, and no other', () => {
    const named = tableUnder(readme, 'Errors').map(([, code]) => code);
    assert.deepEqual(
      named,
      errorCodes.map((code) => `\`${code}\``),
    );
  });
});

describe('the documents', () => {
  for (const path of ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'test/bench/README.md']) {
    it(`link only to what is there, in ${path}`, () => {
      const text = read(path);
      const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
        anchorOf(heading),
      );
      const broken = [...text.matchAll(/\]\((?!https?:)(.+?)\)/g)].filter(([, link = '']) =>
        link.startsWith('#')
          ? !anchors.includes(link.slice(1))
          : !existsSync(join(root, path, '..', link)),
      );
      assert.deepEqual(
        broken.map(([, link]) => link),
        [],
      );
    });
  }
});
