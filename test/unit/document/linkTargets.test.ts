import assert from 'node:assert/strict';
import { imagesOfAntora } from '../../../src/document/imageFolders.ts';
import type { LanguageName } from '../../../src/document/languageIds.ts';
import { fileNameGlob, pathsOfLink, placeToMake } from '../../../src/document/linkTargets.ts';
import { readLinks } from './links/readLinks.ts';

const place = { documentPath: '/site/web/src/pages/a.astro', folderPath: '/site' };
const pathsOf = (target: string, link = {}, from = place) =>
  pathsOfLink({ target, isImage: true, ...link }, from);

describe('the file of a link', () => {
  it('is beside the document, and nowhere else', () => {
    assert.deepEqual(pathsOf('../img/a%20b.png?x#y'), ['/site/web/src/img/a b.png']);
  });

  it('is in the workspace folder while a text is no file', () => {
    assert.deepEqual(
      pathsOfLink(
        { target: 'a.png', isImage: true },
        { documentPath: undefined, folderPath: '/site' },
      ),
      ['/site/a.png'],
    );
  });

  it('is in the workspace folder, or in a public folder near the document, after a slash', () => {
    const paths = pathsOf('/logo.png');
    assert.equal(paths[0], '/site/logo.png');
    for (const expected of [
      ...['/site/public/logo.png', '/site/static/logo.png', '/site/web/public/logo.png'],
      ...['/site/web/src/assets/logo.png', '/site/web/static/logo.png', '/site/web/logo.png'],
      ...['/site/wwwroot/logo.png', '/site/app/assets/images/logo.png'],
    ])
      assert.ok(paths.includes(expected), expected);
    const near = paths.indexOf('/site/web/public/logo.png');
    assert.ok(near < paths.indexOf('/site/public/logo.png'), 'the nearer one is tried first');
    assert.ok(paths.every((path) => path.startsWith('/site/')));
    assert.equal(new Set(paths).size, paths.length);
  });

  it('is where builds look for what begins with an alias', () => {
    const expected: [string, string][] = [
      ['@/assets/a.png', '/site/web/src/assets/a.png'],
      ['~/assets/a.png', '/site/web/assets/a.png'],
      ['~@/assets/a.png', '/site/web/src/assets/a.png'],
      ['$lib/a.png', '/site/web/src/lib/a.png'],
      ['~/img/a.png', '/site/wwwroot/img/a.png'],
    ];
    for (const [target, path] of expected) assert.ok(pathsOf(target).includes(path), target);
    assert.equal(pathsOf('~/a.png')[0], '/site/web/src/pages/~/a.png');
  });

  it('has the name that is written, where nothing is percent-encoded', () => {
    const folder = '/site/web/src/pages';
    assert.deepEqual(pathsOf('50%25.png', { isPath: true }), [
      `${folder}/50%25.png`,
      `${folder}/50%.png`,
    ]);
    assert.equal(pathsOf('a#b.png', { isPath: true })[0], `${folder}/a#b.png`);
  });

  it('is none of an address, a share, or what never was a file', () => {
    for (const target of ['https://a.b/c.png', '//host/a.png', 'data:image/png,a', 'mailto:a.png'])
      for (const isPath of [true, false]) assert.deepEqual(pathsOf(target, { isPath }), [], target);
  });

  it('may lack its extension in LaTeX', () => {
    const link = { isPath: true, extensions: ['png', 'jpg'] };
    const begin = '/site/web/src/pages/fig/a';
    assert.deepEqual(pathsOf('fig/a', link), [begin, `${begin}.png`, `${begin}.jpg`]);
  });

  it('is on another drive where the link says so', () => {
    assert.deepEqual(pathsOf('file:///d:/my%20pics/a.png'), ['/d:/my pics/a.png']);
    assert.deepEqual(pathsOf('d:/pics/a.png', { isPath: true }), ['/d:/pics/a.png']);
    assert.deepEqual(pathsOf('d:\\pics\\a.png', { isPath: true }), ['/d:/pics/a.png']);
    for (const share of ['file://server/a.png', 'file:////server/a.png', 'file:///\\server/a.png'])
      assert.deepEqual(pathsOf(share), [], share);
  });

  const onDisk: [language: LanguageName, text: string][] = [
    ['latex', String.raw`\includegraphics{/home/figs/a.png}`],
    ['latex', String.raw`\graphicspath{{/home/figs/}}\includegraphics{a.png}`],
    ['org', '[[file:/home/figs/a.png]]'],
    ['org', '[[/home/figs/a.png]]'],
  ];
  for (const [language, text] of onDisk)
    it(`is the very path to what knows no site: ${text}`, () => {
      const from = { documentPath: '/site/a.tex', folderPath: '/site' };
      const { target } = readLinks(text, language)[0]!;
      assert.equal(pathsOfLink(target, from)[0], '/home/figs/a.png');
      assert.deepEqual(placeToMake(target, from), { path: '/home/figs/a.png', rather: [] });
      assert.deepEqual(
        pathsOfLink(target, from).filter((path) => path.startsWith('/site/home')),
        [],
      );
    });

  it('is found from where the project of LaTeX starts, and made in the first of its folders', () => {
    const from = {
      documentPath: '/site/chapters/a.tex',
      folderPath: '/site',
      starts: ['/site'],
      folders: ['figs'],
    };
    const [link] = readLinks(String.raw`\includegraphics{a.png}`, 'latex');
    assert.deepEqual(pathsOfLink(link!.target, from).slice(0, 2), [
      '/site/figs/a.png',
      '/site/chapters/figs/a.png',
    ]);
    assert.ok(pathsOfLink(link!.target, from).includes('/site/chapters/a.png'));
    assert.equal(placeToMake(link!.target, from)?.path, '/site/figs/a.png');
    const unknown = { ...from, isStartUnknown: true };
    assert.equal(placeToMake(link!.target, unknown), undefined);
    const root = readLinks(String.raw`\includegraphics{/site/b.png}`, 'latex')[0]!;
    assert.equal(placeToMake(root.target, unknown)?.path, '/site/b.png');
  });

  it('is among the images of its module in Antora', () => {
    const images = imagesOfAntora('/site/docs/modules/ROOT/pages/sub/x.adoc');
    assert.equal(images, '/site/docs/modules/ROOT/images');
    assert.equal(imagesOfAntora('/site/docs/modules/x.adoc'), undefined);
  });

  it('is there in Antora whatever a page names for its preview', () => {
    const images = '/site/docs/modules/ROOT/images';
    const from = {
      documentPath: '/site/docs/modules/ROOT/pages/sub/x.adoc',
      folderPath: '/site',
      starts: [images],
      isClosed: true,
    };
    const text = ':imagesdir: ../../images\n\nimage::a.png[]\n\nimage::b.png[imagesdir=c]\n';
    const [one, other] = readLinks(text, 'asciidoc');
    assert.equal(pathsOfLink(one!.target, from)[0], `${images}/a.png`);
    assert.equal(placeToMake(one!.target, from)?.path, `${images}/a.png`);
    assert.equal(placeToMake(other!.target, from)?.path, `${images}/b.png`);
  });

  it('is in the public folder of VuePress', () => {
    const from = { documentPath: '/site/docs/guide/a.md', folderPath: '/site' };
    assert.ok(pathsOf('/logo.png', {}, from).includes('/site/docs/.vuepress/public/logo.png'));
  });

  it('is in the folder of the settings of Sphinx, and made nowhere else', () => {
    const text = '.. image:: /_static/a.png';
    const from = { documentPath: '/site/docs/source/i.rst', folderPath: '/site' };
    const { target } = readLinks(text, 'restructuredtext')[0]!;
    const site = '/site/docs/source';
    assert.deepEqual(placeToMake(target, { ...from, site }), {
      path: '/site/docs/source/_static/a.png',
      rather: [],
    });
  });

  it('is sought by its name in notes, when a pattern can say it', () => {
    assert.equal(fileNameGlob('notes/a b.png'), '**/a b.png');
    for (const target of ['a*.png', 'a{b}.png', 'a[1].png', '', 'notes/'])
      assert.equal(fileNameGlob(target), undefined, target);
  });
});
