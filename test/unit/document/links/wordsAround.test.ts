import assert from 'node:assert/strict';
import type { LanguageName } from '../../../../src/document/languageIds.ts';
import { wordsAround, wordsOfName } from '../../../../src/document/links/wordsAround.ts';
import { readLinks } from './readLinks.ts';

function around(text: string, language: LanguageName = 'markdown'): string {
  const link = readLinks(text, language).find(({ isDefinition }) => !isDefinition);
  return wordsAround(text, link ?? assert.fail('no link'), language);
}

describe('words around a link', () => {
  const image = '![](a.png)';

  it('are the heading above it and the sentence that it stands in', () => {
    assert.equal(
      around(`# The old *lighthouse*\n\nIt stands ${image} on a [rock](rock.md).\n`),
      'The old lighthouse. It stands on a rock .',
    );
    assert.equal(around(`Lighthouses\n===========\n\n${image}\n`), 'Lighthouses');
  });

  it('are those of the next paragraph, or of the one before, where it stands alone', () => {
    assert.equal(
      around(`## Keepers\n\n${image}\n\nA keeper at work.`),
      'Keepers. A keeper at work.',
    );
    assert.equal(around(`## Keepers\n\nA keeper.\n\n${image}\n\n## Ships`), 'Keepers. A keeper.');
  });

  it('are found in each language of documents', () => {
    const page = '<h2 class="a">At sea</h2>\n<p>A <b>storm</b> rises</p>\n\n<img src="a.png">';
    assert.equal(around(page, 'html'), 'At sea. A storm rises');
    assert.equal(around('== At sea\n\nimage::a.png[]\n', 'asciidoc'), 'At sea');
    assert.equal(around('= At sea\n\n#image("a.png")\n', 'typst'), 'At sea');
    assert.equal(around('* At sea\n\n[[file:a.png]]\n', 'org'), 'At sea');
    assert.equal(around('At sea\n------\n\n.. image:: a.png\n', 'restructuredtext'), 'At sea');
    assert.equal(
      around(String.raw`\section{At sea}` + '\n\n' + String.raw`\includegraphics{a}`, 'latex'),
      'At sea',
    );
    assert.equal(around('<h1>At sea</h1><img src="a.png" />', 'jsx'), 'At sea');
  });

  it('are not those of other images', () => {
    const first: [string, LanguageName][] = [
      ['## At sea\n\n![](a.png)\n\n![a quiet bay at dawn](b.png)\n', 'markdown'],
      ['## At sea\n\n![a quiet bay](b.png)\n\n![](a.png)\n', 'markdown'],
      ['## At sea\n\n![](a.png) ![a quiet bay at dawn](b.png)\n', 'markdown'],
      ['== At sea\n\nimage::a.png[]\n\nimage::b.png[a quiet bay]\n', 'asciidoc'],
      ['\\section{At sea}\n\n\\includegraphics{a} \\includegraphics[width=1cm]{my bay}\n', 'latex'],
    ];
    for (const [text, language] of first) {
      const links = readLinks(text, language);
      const link = links.find(({ target }) => target.target.startsWith('a')) ?? assert.fail(text);
      const others = links.filter((each) => each !== link);
      assert.equal(wordsAround(text, link, language, others), 'At sea', text);
    }
    const text = 'A storm ![](a.png) with ![a quiet bay](b.png) rises.';
    const [link, ...others] = readLinks(text, 'markdown');
    assert.equal(
      wordsAround(text, link ?? assert.fail(), 'markdown', others),
      'A storm with rises.',
    );
  });

  it('are none in a program, and not without end', () => {
    assert.equal(around('.storm { color: red; }\na { background: url(a.png) }', 'css'), '');
    const long = 'A storm rises over the sea. '.repeat(100);
    const words = around(`${long}${image}${long}`);
    assert.ok(words.length <= 200 && words.endsWith('sea.'), words);
    assert.equal(around(`# ${'w'.repeat(5_000)}\n\n${image}`).length, 200);
  });

  it('are those of the file’s name where nothing else is', () => {
    assert.equal(wordsOfName('/site/red-fox_at.dawn@2x.png'), 'red fox at dawn');
  });
});
