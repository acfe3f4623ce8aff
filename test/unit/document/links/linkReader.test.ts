import assert from 'node:assert/strict';
import type { LanguageName } from '../../../../src/document/languageIds.ts';
import { createLinkReader, maxDocumentChars } from '../../../../src/document/links/linkReader.ts';
import { createFuzz } from '../../fuzz.ts';
import { readLinks } from './readLinks.ts';

const pieces: Readonly<Partial<Record<LanguageName, readonly string[]>>> = {
  markdown: [
    ...['# A\n\n', 'words ', '![a](b.png)', '![a][b]\n\n', '[b]: c.png\n\n', '- ', '> ', '\n\n'],
    ...['```\n', '<img src="d.png">', '    ', '| a |\n|--|\n', '---\n', 'cover: e.png\n', '[^1]: '],
  ],
  jsx: [
    ...[
      'import a from "./b.png";\n',
      '<img src="c.png" />',
      'const d = (',
      ');\n',
      '{',
      '}',
      '"e.png"',
    ],
    ...['`f.png`', '// g\n', '/*', '*/', '=> ', '<A>', '</A>'],
  ],
};

describe('the reader of links', () => {
  it('reads an edited document as if it had never seen it', async () => {
    for (const [language, parts] of Object.entries(pieces) as [LanguageName, string[]][]) {
      const fuzz = createFuzz(7);
      const reader = createLinkReader();
      let text = Array.from({ length: 60 }, () => fuzz.pick(parts)).join('');
      for (let edit = 0; edit < 150; edit += 1) {
        const at = fuzz.below(text.length + 1);
        text = text.slice(0, at) + fuzz.pick([...parts, '']) + text.slice(at + fuzz.below(9));
        const links = await reader.read('a', text, language);
        assert.deepEqual(links, readLinks(text, language), JSON.stringify(text));
      }
    }
  });

  it('reads the same text once, whoever asks', async () => {
    const reader = createLinkReader();
    const [one, other] = await Promise.all([
      reader.read('a', '![a](b.png)', 'markdown'),
      reader.read('a', '![a](b.png)', 'markdown'),
    ]);
    assert.equal(one, other);
    assert.equal(one?.length, 1);
    assert.equal((await reader.read('a', '![a](b.png)', 'html'))?.length, 0);
  });

  it('loads what reads each language', async () => {
    const reader = createLinkReader();
    const page =
      '<img src="a.png">\n\n<script>import b from "./b.png"</script>\n\n<style>a{b:url(c.png)}</style>';
    for (const language of ['html', 'template', 'atTemplate', 'markdown', 'mdx', 'pandoc'] as const)
      assert.equal((await reader.read(language, page, language))?.length, 3, language);
    for (const language of ['jsx', 'script'] as const)
      assert.equal((await reader.read(language, '"a.png"', language))?.length, 1, language);
  });

  it('leaves a document alone that is too long', async () => {
    const reader = createLinkReader();
    assert.equal(await reader.read('a', 'a'.repeat(maxDocumentChars + 1), 'markdown'), undefined);
  });

  it('leaves a document alone whose tree takes long to be put together', async () => {
    const reader = createLinkReader();
    for (const [language, part] of [
      ['jsx', '<img '],
      ['jsx', '<a>'],
      ['markdown', '> - \n'],
      ['markdown', '- a\n'],
    ] as const)
      assert.equal(await reader.read('a', part.repeat(200_000), language), undefined, part);
    const ordinary = 'Words with *stress* and a [link](part.md).\n\n- one\n\n![a](b.png)\n\n';
    assert.equal((await reader.read('a', ordinary.repeat(15_000), 'markdown'))?.length, 15_000);
  });

  it('gives the editor its turn, and stops when nobody waits any more', async () => {
    const reader = createLinkReader();
    const text = 'words ![a](b.png)\n\n'.repeat(20_000);
    const stop = new AbortController();
    const stopped = reader.read('a', text, 'markdown', stop.signal);
    setImmediate(() => stop.abort(new Error('closed')));
    await assert.rejects(stopped, /closed/);
    assert.equal((await reader.read('a', '![a](b.png)', 'markdown'))?.length, 1);
  });
});
