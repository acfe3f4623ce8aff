import { strict as assert } from 'node:assert';
import type { LanguageName } from '../../../src/document/languageIds.ts';
import type { FoundLink } from '../../../src/document/linkText.ts';
import {
  isNamedIn,
  relink,
  withReplacements,
  type LinkReading,
  type Relinked,
} from '../../../src/document/linksTo.ts';
import { absoluteLink, relativeLink } from '../../../src/editor/files/relativeLink.ts';
import { readingOf, type Files } from './twoFiles.ts';

function addressOf(path: string) {
  return { scheme: 'file', authority: '', path };
}

function relinked(language: LanguageName, text: string, given: Files): Promise<Relinked> {
  const files = { documentPath: '/site/docs/text', ...given };
  const to = addressOf(files.newPath);
  const link = relativeLink(addressOf(files.documentPath), to) ?? absoluteLink(to);
  return relink(text, language, { ...files, link }, readingOf(language, files));
}

async function replaced(
  language: LanguageName,
  text: string,
  oldPath: string,
  newPath: string,
): Promise<string> {
  const { replacements, left } = await relinked(language, text, { oldPath, newPath });
  assert.deepEqual(left, []);
  return withReplacements(text, replacements);
}

const beside: [LanguageName, string, string][] = [
  ['markdown', '![a](../img/hero.png)', '![a](../img/hero.edit.png)'],
  ['markdown', '![a](<../img/hero.png> "t")', '![a](<../img/hero.edit.png> "t")'],
  ['markdown', '![hero.png](../img/hero.png?v=2)', '![hero.png](../img/hero.edit.png?v=2)'],
  ['markdown', '![a][h]\n\n[h]: ../img/hero.png', '![a][h]\n\n[h]: ../img/hero.edit.png'],
  ['markdown', '![[hero.png|300]]', '![[hero.edit.png|300]]'],
  ['markdown', 'See hero.png and `hero.png`.', 'See hero.png and `hero.png`.'],
  [
    'markdown',
    '<img src="/img/hero.png"> ![b](/img/hero.png)',
    '<img src="/img/hero.edit.png"> ![b](/img/hero.edit.png)',
  ],
  [
    'html',
    '<img srcset="../img/a.png 1x, ../img/hero.png 2x">',
    '<img srcset="../img/a.png 1x, ../img/hero.edit.png 2x">',
  ],
  ['html', "<img src='../img/hero.png'>", "<img src='../img/hero.edit.png'>"],
  ['css', 'a { background: url(../img/hero.png) }', 'a { background: url(../img/hero.edit.png) }'],
  ['jsx', "import hero from '../img/hero.png';", "import hero from '../img/hero.edit.png';"],
  ['asciidoc', 'image::../img/hero.png[Hero]', 'image::../img/hero.edit.png[Hero]'],
  [
    'restructuredtext',
    '.. image:: ../img/hero.png\n   :alt: a',
    '.. image:: ../img/hero.edit.png\n   :alt: a',
  ],
  [
    'latex',
    '\\includegraphics[width=1cm]{../img/hero}',
    '\\includegraphics[width=1cm]{../img/hero.edit.png}',
  ],
  ['typst', '#image("../img/hero.png")', '#image("../img/hero.edit.png")'],
  ['org', '[[file:../img/hero.png]]', '[[file:../img/hero.edit.png]]'],
];

describe('links that lead to another image', () => {
  for (const [language, before, after] of beside)
    it(`are ${JSON.stringify(after)} in ${language}`, async () => {
      assert.equal(
        await replaced(language, before, '/site/img/hero.png', '/site/img/hero.edit.png'),
        after,
      );
    });

  it('are spelled as each was spelled', async () => {
    const text = '![a](../my%20img/r%C3%A9d%20fox.png) ![b](<../my img/réd fox.png>)';
    assert.equal(
      await replaced('markdown', text, '/site/my img/réd fox.png', '/site/my img/réd fox.edit.png'),
      '![a](../my%20img/r%C3%A9d%20fox.edit.png) ![b](<../my img/réd fox.edit.png>)',
    );
  });

  it('start from where they started when the image lies elsewhere', async () => {
    const moved = (text: string) =>
      replaced('markdown', text, '/site/img/hero.png', '/site/images/new one.png');
    assert.equal(await moved('![a](../img/hero.png)'), '![a](../images/new%20one.png)');
    assert.equal(await moved('![a](/img/hero.png)'), '![a](/images/new%20one.png)');
    const own = await replaced(
      'markdown',
      '![a](./a.png)',
      '/site/docs/a.png',
      '/site/docs/b/c.png',
    );
    assert.equal(own, '![a](./b/c.png)');
  });

  it('start from the folder that a document names for its images', async () => {
    const moved = (language: LanguageName, text: string, oldPath: string) =>
      replaced(language, text, oldPath, '/site/images/new one.png');
    assert.equal(
      await moved(
        'asciidoc',
        ':imagesdir: ../img\n\nimage::hero.png[Hero]\n',
        '/site/img/hero.png',
      ),
      ':imagesdir: ../img\n\nimage::../images/new one.png[Hero]\n',
    );
    assert.equal(
      await moved(
        'latex',
        '\\graphicspath{{../img/}}\n\\includegraphics{hero}\n',
        '/site/img/hero.png',
      ),
      '\\graphicspath{{../img/}}\n\\includegraphics{../images/new one.png}\n',
    );
    assert.equal(
      await moved('markdown', '![[hero.png|300]] and ![[img/hero.png]]', '/site/docs/img/hero.png'),
      '![[new one.png|300]] and ![[../images/new one.png]]',
    );
  });

  it('name the drive where no path leads from one to the other', async () => {
    const files = {
      oldPath: '/c:/site/img/hero.png',
      newPath: '/d:/out/new one.png',
      documentPath: '/c:/site/docs/text',
    };
    const text = '![a](../img/hero.png "t")\n';
    const { replacements } = await relinked('markdown', text, files);
    assert.equal(withReplacements(text, replacements), '![a](file:///d:/out/new%20one.png "t")\n');
  });

  it('are left where none would lead to the new image', async () => {
    // On a server, a path from the root is one of the site.
    const text = 'First\n\n![a](../img/hero.png) ![b](b.png)\n\n![[hero.png]]\n';
    const files = { oldPath: '/site/img/hero.png', newPath: '/elsewhere/hero(2.png' };
    const reading = readingOf('markdown', { ...files, documentPath: '/site/docs/text' });
    const leadsTo = async (link: FoundLink) =>
      (await reading.leadsTo(link)) === 'old' ? ('old' as const) : ('neither' as const);
    const file = { ...files, documentPath: '/site/docs/text', link: '../../elsewhere/hero(2.png' };
    const { replacements, left } = await relink(text, 'markdown', file, { ...reading, leadsTo });
    assert.deepEqual(replacements, []);
    assert.deepEqual(left, [text.indexOf('../img'), text.indexOf('hero.png]]')]);
  });

  it('are read a few times, however many there are and whatever is in the way', async () => {
    const text = '![a](img/hero.png)\n'.repeat(300);
    const files = {
      oldPath: '/site/img/hero.png',
      newPath: '/site/img/hero.edit.png',
      documentPath: '/site/text',
    };
    const reading = readingOf('markdown', files);
    const file = { ...files, link: 'img/hero.edit.png' };
    const all = await relink(text, 'markdown', file, reading);
    assert.equal(all.replacements.length, 300);
    assert.ok(reading.reads <= 3, String(reading.reads));
    const nowhere = { ...reading, leadsTo: () => Promise.resolve('old' as const) };
    reading.reads = 0;
    const none = await relink(text, 'markdown', file, {
      ...nowhere,
      read: (each) => reading.read(each),
    });
    assert.equal(none.left.length, 300);
    assert.ok(reading.reads <= 102, String(reading.reads));
  });

  it('are not sought in a text that cannot be read', async () => {
    const file = {
      oldPath: '/site/a.png',
      newPath: '/site/b.png',
      documentPath: '/site/text',
      link: 'b.png',
    };
    const reading: LinkReading = {
      read: () => Promise.resolve(undefined),
      leadsTo: () => Promise.resolve('old'),
    };
    const found = await relink('![](a.png)', 'markdown', file, reading);
    assert.deepEqual(found, { replacements: [], left: [], isUnread: true });
  });

  it('are not looked for in a text that has only a part of the name', () => {
    for (const text of ['a banana.png', 'a fox', '![](aa.png)'])
      assert.equal(isNamedIn(text, '/site/a.png'), false, text);
  });

  const foreign: [string, string][] = [
    ['\\includegraphics{a\\string\\#b.png}', 'a#b.png'],
    ['\\includegraphics{../img/a\\string\\#b}', 'a#b.png'],
    ['image::hero%5F.png[]', 'hero_.png'],
    ['.. image:: a\\ b.png', 'a b.png'],
    ['![](a%20b.png)', 'a b.png'],
  ];
  for (const [text, name] of foreign)
    it(`are looked for in a text that writes ${name} in its own way: ${text}`, () => {
      assert.equal(isNamedIn(text, `/site/${name}`), true);
    });
});
