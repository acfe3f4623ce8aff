import assert from 'node:assert/strict';
import {
  askedSize,
  eligibilityOf,
  isNamedAsImage,
} from '../../../../src/document/links/missingImage.ts';
import { pathsOfLink, servedFoldersOf } from '../../../../src/document/linkTargets.ts';
import { readLinks } from './readLinks.ts';

const place = { documentPath: '/site/docs/a.md', folderPath: '/site' };
const linkTo = (target: string) => readLinks(`<img src="${target}">`, 'html')[0]!;

describe('an image that is missing', () => {
  const cases: [target: string, expected: string][] = [
    ['img/a.png', '/site/docs/img/a.png'],
    ['../my%20a.webp?v=1', '/site/my a.webp'],
    ['https://example.com/a.png', 'elsewhere'],
    ['//example.com/a.png', 'elsewhere'],
    ['data:image/png;base64,AAAA', 'elsewhere'],
    ['C:/a.png', 'elsewhere'],
    ['file:///etc/a.png', 'elsewhere'],
    ['{{ base }}/a.png', 'variable'],
    ['{base}/a.png', 'variable'],
    ['a', 'noExtension'],
    ['.png', 'noExtension'],
    ['d.png/', 'noExtension'],
    ['a.svg', 'formatNotDrawn'],
    ['a.ico', 'formatNotDrawn'],
    ['a.gif', 'formatNotDrawn'],
    ['~/a.png', 'elsewhere'],
    ['..%5c..%5cevil/a.png', 'elsewhere'],
    ['img%5C..%5C..%5C..%5Ca.png', 'elsewhere'],
    [`${'a'.repeat(300)}.png`, 'nameTooLong'],
    ['/img/a.JPEG', '/site/img/a.JPEG'],
    ['@/assets/a.png', '/site/assets/a.png'],
    ['@site/static/a.png', '/site/static/a.png'],
    ['@assets/a.png', 'elsewhere'],
    ['~package/a.png', 'elsewhere'],
    ['$env/a.png', 'elsewhere'],
    ['img@2x/a.png', '/site/docs/img@2x/a.png'],
    ['%PUBLIC_URL%/a.png', 'variable'],
    ['%BASE_URL%a/a.png', 'variable'],
    ['%sveltekit.assets%/a.png', 'variable'],
    ['%41bc%64.png', '/site/docs/Abcd.png'],
    ['100%_a%.png', '/site/docs/100%_a%.png'],
    ['/img/@Model.Id.png', 'variable'],
    ['/img/@Model.Path/a.png', 'variable'],
    ['img/@a.png', '/site/docs/img/@a.png'],
  ];
  for (const [target, expected] of cases)
    it(`can be made where its link leads, or says why not: ${target}`, () => {
      const found = eligibilityOf(linkTo(target), place);
      assert.equal('path' in found ? found.path : found.reason, expected);
    });

  it('belongs into the folders that a project serves, and a document names', () => {
    const page = { documentPath: '/site/web/src/a.astro', folderPath: '/site' };
    const ratherOf = (target: string) => {
      const found = eligibilityOf(linkTo(target), page);
      return 'path' in found ? found.rather.map(({ path }) => path) : assert.fail(found.reason);
    };
    assert.ok(ratherOf('/a.png').includes('/site/web/public/a.png'));
    assert.ok(ratherOf('/a.png').includes('/site/static/a.png'));
    assert.ok(!ratherOf('/a.png').includes('/site/src/a.png'));
    assert.ok(ratherOf('@/a.png').includes('/site/web/src/a.png'));
    assert.deepEqual(ratherOf('a.png'), []);
    const latex = String.raw`\graphicspath{{img/}{figs/}}\includegraphics{a}`;
    assert.deepEqual(eligibilityOf(readLinks(latex, 'latex')[0]!, place), {
      path: '/site/docs/img/a.png',
      rather: [{ folder: '/site/docs/figs/', path: '/site/docs/figs/a.png' }],
    });
  });

  const names: [name: string, isNamed: boolean, expected: string][] = [
    ['figs/plot', true, '/site/docs/figs/plot.png'],
    ['plot.jpg', true, '/site/docs/plot.jpg'],
    ['plot.pdf', false, 'formatNotDrawn'],
    ['example-image-a', true, 'elsewhere'],
    [String.raw`plot\jobname`, true, 'variable'],
  ];
  for (const [name, isNamed, expected] of names)
    it(`may have no extension in LaTeX, and gets the first: ${name}`, () => {
      const [link] = readLinks(String.raw`\includegraphics{${name}}`, 'latex');
      const found = eligibilityOf(link!, place);
      assert.equal(isNamedAsImage(link!), isNamed);
      assert.equal('path' in found ? found.path : found.reason, expected);
    });

  it('is not made where nothing says which folder its path starts from', () => {
    const part = { ...place, starts: ['/site/docs', '/site'], isStartUnknown: true };
    const foundFor = (path: string) =>
      eligibilityOf(readLinks(String.raw`\includegraphics{${path}}`, 'latex')[0]!, part);
    assert.deepEqual(foundFor('figs/a.png'), { reason: 'startUnknown' });
    assert.deepEqual(foundFor('/site/figs/a.png'), { path: '/site/figs/a.png', rather: [] });
  });

  const modules: [name: string, expected: string][] = [
    ['./a.png', '/site/docs/a.png'],
    ['../a.png?url', '/site/a.png'],
    ['/a.png', '/site/a.png'],
    ['@/a.png', '/site/a.png'],
    ['$lib/a.png', '/site/lib/a.png'],
    ['@site/static/a.png', '/site/static/a.png'],
    ['a.png', 'elsewhere'],
    ['package/a.png', 'elsewhere'],
    ['@scope/package/a.png', 'elsewhere'],
    ['@assets/a.png', 'elsewhere'],
    ['#img/a.png', 'elsewhere'],
  ];
  for (const [name, expected] of modules)
    it(`is imported from where a build finds it, or only the build knows: ${name}`, () => {
      for (const script of [`import a from '${name}';`, `const a = require('${name}');`]) {
        const found = eligibilityOf(readLinks(script, 'script')[0]!, place);
        assert.equal('path' in found ? found.path : found.reason, expected, script);
      }
    });

  it('belongs into the folder of the project that Docusaurus calls @site', () => {
    const page = { documentPath: '/site/web/docs/a.md', folderPath: '/site' };
    const ratherOf = (target: string) => {
      const found = eligibilityOf(linkTo(target), page);
      return 'path' in found ? found.rather : assert.fail(found.reason);
    };
    assert.deepEqual(ratherOf('@site/static/img/a.png')[1], {
      folder: '/site/web/static',
      path: '/site/web/static/img/a.png',
    });
    assert.deepEqual(ratherOf('@site/a.png'), []);
    const paths = pathsOfLink({ target: '@site/static/img/a.png', isImage: true }, page);
    assert.ok(paths.includes('/site/web/static/img/a.png'));
  });

  it('belongs in the folder that the site of its project serves, whether it is there yet or not', () => {
    const page = {
      documentPath: '/site/web/src/a.md',
      folderPath: '/site',
      site: '/site/web/static',
    };
    assert.deepEqual(eligibilityOf(linkTo('/img/a.png'), page), {
      path: '/site/web/static/img/a.png',
      rather: [],
    });
    const found = eligibilityOf(linkTo('/img/a.png'), { ...page, served: ['files'] });
    assert.deepEqual('rather' in found && found.rather[0], {
      folder: '/site/web/src/files',
      path: '/site/web/src/files/img/a.png',
    });
    const paths = pathsOfLink({ target: '/a.png', isImage: true }, { ...page, served: ['files'] });
    const ordered = ['/site/files/a.png', '/site/web/static/a.png', '/site/web/public/a.png'];
    assert.deepEqual(
      paths.filter((path) => ordered.includes(path)),
      ordered,
    );
    assert.equal(pathsOfLink({ target: 'a.png', isImage: true }, page).length, 1);
  });

  it('belongs in a folder that a project says to be served, before the usual ones', () => {
    const served = servedFoldersOf([
      'site/assets/',
      '.',
      '..',
      '../x',
      '/y',
      'C:\\z',
      '',
      7,
      'a/../../b',
    ]);
    assert.deepEqual(served, ['site/assets']);
    assert.deepEqual(servedFoldersOf('public'), []);
    const page = { ...place, served };
    const found = eligibilityOf(linkTo('/a.png'), page);
    const folders = 'rather' in found ? found.rather.map(({ folder }) => folder) : [];
    assert.deepEqual(folders.slice(0, 2), ['/site/docs/site/assets', '/site/docs/static']);
    const paths = pathsOfLink({ target: '/a.png', isImage: true }, page);
    assert.ok(paths.indexOf('/site/site/assets/a.png') < paths.indexOf('/site/public/a.png'));
    assert.ok(paths.includes('/site/site/assets/a.png'));
  });

  it('has the size that its link or its name asks for', () => {
    const sized = readLinks('<img src="a@2x.png" width="20" height="10">', 'html')[0]!;
    assert.deepEqual(askedSize(sized, '/site/a@2x.png'), { width: 40, height: 20 });
    assert.deepEqual(askedSize(linkTo('x.png'), '/x/icon-32.png'), { width: 32, height: 32 });
    assert.deepEqual(askedSize(linkTo('x.png'), '/x/og-image.png'), { width: 1200, height: 630 });
    assert.deepEqual(askedSize(linkTo('x.png'), '/x/a-300x200.png'), { width: 300, height: 200 });
    assert.equal(askedSize(linkTo('x.png'), '/x/a.png'), undefined);
  });
});
