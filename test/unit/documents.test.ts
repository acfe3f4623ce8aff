import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { errorCodes } from '../../src/appError.ts';
import { importRules } from './importRules.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Manifest {
  contributes: {
    commands: { title: string }[];
    configuration: { properties: Record<string, { default: unknown }> }[];
  };
}

/** The cells of each row of the table under a heading, without the two rows of its head. */
function tableUnder(text: string, heading: string): string[][] {
  const section = text.split(/^#+ /m).find((each) => each.startsWith(`${heading}\n`)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) => row.split('|').map((cell) => cell.trim()));
}

function foldersAbove(path: string): string[] {
  const names = path.split(sep).slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
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
    const settings = contributes.configuration.flatMap(({ properties }) =>
      Object.entries(properties),
    );
    const expected = settings.map(([name, setting]) => {
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

describe('CONTRIBUTING', () => {
  const text = read('CONTRIBUTING.md');

  it('has every folder of src and test on its map', () => {
    const [, map = ''] = /^## Map\n+```\n([^]*?)```/m.exec(text) ?? [];
    const drawn: string[] = [];
    const parents: string[] = [];
    for (const [, indent = '', name = ''] of map.matchAll(/^( *)([\w-]+)\/(?: |$)/gm)) {
      parents.splice(indent.length / 2, Infinity, name);
      drawn.push(parents.join('/'));
    }
    // Of test only the uppermost, and of all only those with files: git knows no others.
    const expected = new Set(
      globSync('{src,test}/**/*.*', { cwd: root })
        .flatMap(foldersAbove)
        .filter((path) => /^(src|test(\/(?!fixtures)[\w-]+)?$)/.test(path)),
    );
    assert.deepEqual(
      drawn.filter((path) => /^(src|test)(\/|$)/.test(path)).toSorted(),
      [...expected].toSorted(),
    );
  });

  it('names no file that is not there', () => {
    const named = [...text.matchAll(/`((?:src|test|media|l10n)\/[\w./-]+)`/g)];
    assert.ok(named.length > 20);
    const missing = named.filter(([, path = '']) => !existsSync(join(root, path)));
    assert.deepEqual(
      missing.map(([, path]) => path),
      [],
    );
  });

  it('names no test that is not there', () => {
    const tests = globSync('test/**/*.test.ts', { cwd: root }).map((path) => basename(path));
    for (const [, name = ''] of text.matchAll(/`([\w-]+\.test\.ts)`/g))
      assert.ok(tests.includes(name), name);
  });

  it('has the import rules that are kept', () => {
    const rows = tableUnder(text, 'Import rules').map(([, module = '', others = '']) => [
      module.replaceAll('`', ''),
      others.replaceAll('`', '').split(', ').filter(Boolean),
    ]);
    assert.deepEqual(Object.fromEntries(rows), importRules);
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
