import { strict as assert } from 'node:assert';
import { languageOf, type LanguageName } from '../../../src/document/languageIds.ts';
import { pathOfLink, webAddressOfLink } from '../../../src/document/linkTargets.ts';
import { targetAt as linkIn } from './links/readLinks.ts';
import { tooSlow } from '../../support/processorTime.ts';

function imageLinkAt(text: string, offset: number, languageId: string) {
  return linkIn(text, offset, languageOf(languageId) ?? assert.fail(languageId));
}

/** The link at the bar in the text. */
function linkAt(marked: string, languageId = 'markdown') {
  assert.equal(marked.split('|').length, 2, 'one bar');
  return imageLinkAt(marked.replace('|', ''), marked.indexOf('|'), languageId);
}

const targetAt = (marked: string, languageId?: string) => linkAt(marked, languageId)?.target;

/** The path of the link at the bar. */
function pathAt(marked: string, languageId?: string) {
  const target = targetAt(marked, languageId);
  return target === undefined ? undefined : pathOfLink(target);
}

/** The target wherever in the link the cursor is, its ends included, and none beyond it. */
function assertIsWhole(link: string, target: string, languageId = 'markdown'): void {
  const text = `. ${link} .`;
  for (let offset = 0; offset <= text.length; offset++) {
    const isIn = offset >= 2 && offset <= 2 + link.length;
    const found = imageLinkAt(text, offset, languageId)?.target;
    assert.equal(found, isIn ? target : undefined, `${link} at ${String(offset - 2)}`);
  }
}

describe('a link to an image', () => {
  it('is found in Markdown, with and without a title', () => {
    assert.equal(targetAt('See ![a f|ox](images/fox.png) here'), 'images/fox.png');
    assert.equal(targetAt('![fox](images/f|ox.png "A fox")'), 'images/fox.png');
    assert.equal(targetAt("![fox](fox.png 'A (red) f|ox')"), 'fox.png');
    assert.equal(targetAt('![fox](<images/red f|ox.png>)'), 'images/red fox.png');
    assert.equal(targetAt('![fox](fox.png =20|0x)'), 'fox.png');
    assert.equal(targetAt('![fox](\r\n  fox.png\r\n  "A f|ox"\r\n)'), 'fox.png');
  });

  it('is found from its first sign to its last', () => {
    assertIsWhole('![a](a.png)', 'a.png');
    assertIsWhole('![a](a.png "A (b)")', 'a.png');
    assertIsWhole('<img alt="a" src="a.png" />', 'a.png');
    assertIsWhole('url(a.png)', 'a.png', 'css');
  });

  it('is found in HTML, JSX and CSS', () => {
    assert.equal(targetAt('<p><img alt="x" src="../fox|.png"></p>', 'html'), '../fox.png');
    assert.equal(targetAt("<img src='fox.png' al|t={name} />", 'typescriptreact'), 'fox.png');
    assert.equal(pathAt('background: url("img/fox.p|ng?v=2");', 'css'), 'img/fox.png');
    assert.equal(targetAt('background: url( fox.p|ng )', 'scss'), 'fox.png');
    assert.equal(targetAt("background: URL('a (1).p|ng')", 'less'), 'a (1).png');
  });

  it('is the one the cursor is in, of several in a line', () => {
    assert.equal(targetAt('![a](a.png) ![b](b.p|ng)'), 'b.png');
    assert.equal(targetAt('![a](a.p|ng) ![b](b.png)'), 'a.png');
    assert.equal(targetAt('<img src="a.png"> <img src="b.p|ng">', 'html'), 'b.png');
    assert.equal(targetAt('<img src="a.p|ng"> <img src="b.png">', 'html'), 'a.png');
    assert.equal(targetAt('url(a.png), url(b.p|ng)', 'css'), 'b.png');
    assert.equal(targetAt('![a ![b](b.p|ng)](a.png)'), 'b.png');
    assert.equal(targetAt(`${'![a](a.png)'.repeat(20)} ![b](b.p|ng)`), 'b.png');
  });

  it('is not found beside one, nor in a link to something else', () => {
    assert.equal(targetAt('te|xt ![a](a.png)'), undefined);
    assert.equal(targetAt('![a](a.png) te|xt'), undefined);
    assert.equal(targetAt('<img src="a.png"> te|xt'), undefined);
    assert.equal(targetAt('url(a.png) te|xt', 'css'), undefined);
    assert.equal(targetAt('[a page](pa|ge.html)'), undefined);
    assert.equal(targetAt('![a](|)'), undefined);
    assert.equal(targetAt('<a src="a.p|ng">'), undefined);
    assert.equal(targetAt('<img-like src="a.p|ng">'), undefined);
  });

  it('is found far within a long document, without what is far from it', () => {
    const far = 'word\n\n'.repeat(20_000);
    assert.equal(targetAt(`${far}![a](a.p|ng)\n${far}`), 'a.png');
    assert.equal(targetAt(`![a](a.png)\n${far}|`), undefined);
    assert.equal(targetAt(`|![${'a'.repeat(20_000)}](a.png)`), undefined);
    assert.equal(targetAt(`![${'a'.repeat(20_000)}](a.png|)`), undefined);
  });

  it('is read in no time in a text made to be slow', () => {
    const hostile = [
      '![',
      '![](',
      '![a](',
      '<img ',
      '<img {',
      '(',
      '[',
      '"',
      '\\',
      'url(',
      'url("',
    ];
    hostile.push('![a](b "', '<img a=', ' ', '\n', '>', '\n[', '\n[a', '![[', '[a]:\n', '![a]');
    for (const beginning of ['', '![a](', '![a](b', '<img a="', '<img a', '[', '[a]:', 'url(a'])
      for (const part of hostile) {
        const text = beginning + part.repeat(100_000 / part.length);
        const cursors = [0, beginning.length, text.length / 2, text.length].map(Math.floor);
        for (const cursor of cursors) imageLinkAt(text, cursor, 'markdown');
      }
  });

  it('is read in less than 100 ms in a text of nothing but labels', () => {
    const labels = '[a]: b\n'.repeat(400_000 / 7);
    for (const link of [`![${'a b '.repeat(900)}]`, `![a][${'b'.repeat(990)}]`, '![a'.repeat(900)])
      for (const offset of [1, 300, 2_000]) {
        const read = (chars: number) =>
          imageLinkAt(`${link}\n${labels.slice(0, chars)}`, offset, 'markdown');
        assert.equal(tooSlow(read, labels.length, 100), undefined, link.slice(0, 9));
      }
  });
});

describe('a link to an image in Markdown', () => {
  it('may have brackets in its words', () => {
    assertIsWhole('![a [b] c](x.png)', 'x.png');
    assert.equal(targetAt('![a \\] b](x.p|ng)'), 'x.png');
    assert.equal(targetAt('[![a](x.p|ng)](page.html)'), 'x.png');
    assert.equal(targetAt('![a https://a.example b](x.p|ng)'), 'x.png');
    assert.equal(targetAt('![https://a.exa|mple][b]\n\n[b]: x.png'), 'x.png');
  });

  it('may have brackets in its target, when each is closed', () => {
    assertIsWhole('![x](a(1).png)', 'a(1).png');
    assert.equal(targetAt('![x](a(b(c)).p|ng "title")'), 'a(b(c)).png');
    assert.equal(targetAt('![x](a\\(1.p|ng)'), 'a(1.png');
    assert.equal(targetAt('![x](a(1.p|ng)'), undefined);
    assert.equal(targetAt('![x](a(b| c).png)'), undefined);
  });

  it('ends with its paragraph', () => {
    assert.equal(targetAt('![a\nb](x.p|ng)'), 'x.png');
    assert.equal(targetAt('![a\n\nb](x.p|ng)'), undefined);
    assert.equal(targetAt('![a](x.png\n\nwo|rds)'), undefined);
  });

  it('may name a definition elsewhere', () => {
    const defined = '\n\nwords\n\n[ref]: x.png "A [title]"\n';
    for (const link of ['![x][r|ef]', '![x|][ref]', '![ref|][]', '![r|ef]', '!|[REF]'])
      assert.equal(targetAt(link + defined), 'x.png', link);
    assert.equal(targetAt('![a [b] c][ r|ef\n]' + defined), 'x.png');
    assert.equal(targetAt('![x][My\n r|ef]\n\n[my ref]: x.png'), 'x.png');
    assert.equal(targetAt('![ref](not one, r|ef' + defined), undefined);
    assert.equal(targetAt('![ref] wo|rd' + defined), undefined);
    assert.equal(targetAt('[r|ef]' + defined), undefined);
    assert.equal(targetAt('![other|]' + defined), undefined);
  });

  it('finds a definition however far it is, and the first of several', () => {
    const far = 'word\n\n'.repeat(20_000);
    assert.equal(targetAt(`![r|ef]\n${far}\n[ref]: x.png\n[ref]: y.png`), 'x.png');
    assert.equal(targetAt(`[ref]: x.png\n${far}\n![r|ef]`), 'x.png');
  });

  it('knows definitions in angle brackets, on two lines, in quotations and lists', () => {
    assert.equal(targetAt('![r|ef]\n\n[ref]: <red fox.png>'), 'red fox.png');
    assert.equal(targetAt('![r|ef]\n\n[ref]:\n  x.png\n  "title"'), 'x.png');
    assert.equal(targetAt('> ![r|ef]\r\n>\r\n> [ref]: x.png\r\n'), 'x.png');
    assert.equal(targetAt('- ![r|ef]\n\n    [ref]: x.png'), 'x.png');
    assert.equal(targetAt('![r|ef]\n\n[ref]: my\\_x.png'), 'my_x.png');
  });

  it('is a definition itself', () => {
    for (const line of ['[r|ef]: x.png "title"', '[ref]: x.p|ng "title"', '[ref]: x.png "ti|tle"'])
      assert.equal(targetAt(`words\n\n${line}\nwords`), 'x.png', line);
    assert.equal(targetAt('[ref]: x.png\nwo|rds'), undefined);
    assert.equal(targetAt('words [ref]: x.p|ng'), undefined);
    assert.equal(targetAt('[ref]: my\\_x.p|ng'), 'my_x.png');
  });

  it('has references in no other language', () => {
    assert.equal(targetAt('![r|ef]\n\n[ref]: x.png', 'mdx'), 'x.png');
    assert.equal(targetAt('if (![r|ef])\n\n[ref]: x.png', 'typescriptreact'), undefined);
    assert.equal(targetAt('  [name]: x.p|ng', 'typescriptreact'), undefined);
  });

  it('loses its backslashes and entities', () => {
    assert.equal(pathAt('![x](my\\_fi|le.png)'), 'my_file.png');
    assert.equal(pathAt('![x](<my\\_fi|le.png>)'), 'my_file.png');
    assert.equal(pathAt('![x](a&amp;b|.png)'), 'a&b.png');
    assert.equal(pathAt('![x](a\\&amp;b|.png)'), 'a&amp;b.png');
  });

  it('keeps a backslash that escapes nothing, as previews do', () => {
    assert.equal(pathAt('![x](im\\x|.png)'), 'im\\x.png');
    assert.equal(pathAt('![x](im\\\\x|.png)'), 'im\\x.png');
  });
});

describe('a link to an image in HTML and JSX', () => {
  it('may be spread over several lines', () => {
    const tag = '<img\n  alt="a"\r\n  src="x.png"\n/>';
    assertIsWhole(tag, 'x.png', 'html');
  });

  it('may stand without quotes', () => {
    assert.equal(targetAt('<img src=fo|o.png>', 'html'), 'foo.png');
    assert.equal(targetAt('<img src=foo.p|ng alt=a>', 'html'), 'foo.png');
    assert.equal(targetAt('<img src = foo.p|ng />', 'html'), 'foo.png');
    assert.equal(targetAt('<IMG SRC=foo.p|ng>', 'html'), 'foo.png');
  });

  it('may have a bracket in another attribute', () => {
    assertIsWhole('<img alt="a > b" src="x.png">', 'x.png', 'html');
    assert.equal(targetAt('<img alt=\'a " > b\' src="x.p|ng">', 'html'), 'x.png');
    const jsx = '<img {...all} onLoad={() => { if (a > b) go(); }} src="x.p|ng" />';
    assert.equal(targetAt(jsx, 'typescriptreact'), 'x.png');
  });

  it('may be a string in braces', () => {
    assertIsWhole('<img src={"x.png"} />', 'x.png', 'typescriptreact');
    assert.equal(targetAt("<img src={'x.p|ng'} />", 'javascriptreact'), 'x.png');
    assert.equal(targetAt("<img src={ 'it\\'s.p|ng' } />", 'javascriptreact'), "it's.png");
  });

  it('is none when a program makes it', () => {
    for (const made of ['logo', '"a" + ".png"', "a ? 'a.png' : 'b.png'", '`${a}.png`', '{}.a'])
      assert.equal(targetAt(`<img alt="a.png" src={|${made}} />`, 'typescriptreact'), undefined);
    assert.equal(targetAt('<img :src="a.p|ng">', 'vue'), undefined);
    assert.equal(targetAt('<img data-src="a.p|ng">', 'html'), undefined);
    assert.equal(targetAt('<img src={logo|} srcSet="a.png 2x" />', 'typescriptreact'), undefined);
  });

  it('is none before its tag is closed', () => {
    assert.equal(targetAt('<img src="x.p|ng" <p>', 'html'), undefined);
    assert.equal(targetAt('<img src="x.p|ng', 'html'), undefined);
  });

  it('loses its entities, and the space around it', () => {
    assert.equal(pathAt('<img src="a&amp;b|.png">', 'html'), 'a&b.png');
    assert.equal(pathAt('<img src="&lt;&gt;&quot;&apos;|.png">', 'html'), '<>"\'.png');
    assert.equal(pathAt('<img src="&#97;&#x62;&#x1F98A;|.png">', 'html'), 'ab🦊.png');
    assert.equal(pathAt('<img src="a&b&nope;|.png">', 'html'), 'a&b&nope;.png');
    assert.equal(pathAt('<img src="a&amp;amp;|.png">', 'html'), 'a&amp;.png');
    assert.equal(pathAt('<img src="\n a.p|ng ">', 'html'), 'a.png');
  });

  it('has slashes where a backslash stands, as in browsers', () => {
    assert.equal(pathAt('<img src="im\\x|.png">', 'html'), 'im/x.png');
    assert.equal(pathAt('<img src="im%5Cx|.png">', 'html'), 'im\\x.png');
  });

  it('is the one of a srcset that the cursor is in', () => {
    assert.equal(targetAt('<source srcset="a.p|ng 2x">', 'html'), 'a.png');
    assert.equal(targetAt('<source srcset="a.png, b.p|ng 2x" />', 'html'), 'b.png');
    assert.equal(targetAt('<sour|ce srcset="a.png 1x, b.png 2x">', 'html'), 'a.png');
    assert.equal(targetAt('<img src="a.png" srcset="b.png 2x, c.p|ng 3x">', 'html'), 'c.png');
    assert.equal(targetAt('<img src="a.p|ng" srcset="b.png 2x, c.png 3x">', 'html'), 'a.png');
    assert.equal(targetAt('<img srcset="b.png 2x" src="a.p|ng">', 'html'), 'a.png');
    assert.equal(targetAt('<source src="film.p|ng">', 'html'), undefined);
  });
});

describe('the target of a link', () => {
  it('leads to a path only when it stays on this machine', () => {
    assert.equal(pathOfLink('images/red%20fox.png'), 'images/red fox.png');
    assert.equal(pathOfLink('100%.png'), '100%.png');
    for (const host of [
      '//host/a.png',
      '\\\\host\\a.png',
      '/\\host/a.png',
      '%2f%2Fhost/a.png',
      '%5C%5Chost/a.png',
    ])
      assert.equal(pathOfLink(host), undefined, host);
    assert.equal(pathOfLink('100%%20/%ff.png'), '100% /%ff.png');
    assert.equal(pathOfLink('a.png?v=2#b'), 'a.png');
    assert.equal(pathOfLink('a.png#b'), 'a.png');
    assert.equal(pathOfLink('https://example.com/a.png'), undefined);
    assert.equal(pathOfLink('data:image/png;base64,AAAA'), undefined);
    assert.equal(pathOfLink('//example.com/a.png'), undefined);
  });

  it('leads to the web with everything as it was written', () => {
    const signed = 'https://example.com/a%2Fb%20c?key=a%2Bb%3D&to=2024';
    assert.equal(targetAt(`![a|](${signed})`), signed);
    assert.equal(targetAt(`<img src="|${signed.replace('&', '&amp;')}">`, 'html'), signed);
    assert.deepEqual(webAddressOfLink(`${signed}#c`), {
      scheme: 'https',
      authority: 'example.com',
      path: '/a%2Fb%20c',
      query: 'key=a%2Bb%3D&to=2024',
      fragment: 'c',
    });
    assert.equal(webAddressOfLink('http://localhost:8080')?.authority, 'localhost:8080');
    for (const other of [
      'a.png',
      '//example.com/a.png',
      'data:image/png;base64,A',
      'https:/a.png',
      'ftp://a/b',
    ])
      assert.equal(webAddressOfLink(other), undefined, other);
  });

  it('is surely an image by its form, but in CSS and in a definition', () => {
    assert.equal(linkAt('![|](https://example.com/1)')?.isImage, true);
    assert.equal(linkAt('![|a]\n\n[a]: https://example.com/1')?.isImage, true);
    assert.equal(linkAt('<img src="|https://example.com/1">', 'html')?.isImage, true);
    assert.equal(linkAt('<source srcset="|https://example.com/1">', 'html')?.isImage, true);
    assert.equal(linkAt('[a]: |https://example.com/1')?.isImage, false);
    assert.equal(linkAt('url(|https://example.com/font)', 'css')?.isImage, false);
  });
});

describe('a link to an image in other forms', () => {
  const links: [string, string, string][] = [
    ['astro', '<Image src="/he|ro.png" alt="" />', '/hero.png'],
    ['astro', "---\nimport hero from '../as|sets/hero.png';\n---\n", '../assets/hero.png'],
    ['jsx', 'const Logo = styled(Image).attrs({ src: "lo|go.png" });', 'logo.png'],
    ['jsx', "<Image src={require('./he|ro.png')} />", './hero.png'],
    ['jsx', '<motion.img src={`he|ro.png`} alt={"a } b"} />', 'hero.png'],
    ['script', 'const a = () => <img src="he|ro.png" />;', 'hero.png'],
    ['html', '<NuxtImg src="/he|ro.png" />', '/hero.png'],
    ['html', '<v-img src="he|ro.png"></v-img>', 'hero.png'],
    ['html', '<v-img :src="\'he|ro.png\'"></v-img>', 'hero.png'],
    ['html', '<amp-img src="he|ro.png" width="1"></amp-img>', 'hero.png'],
    ['html', '<video src="film.mp4" poster="he|ro.png">', 'hero.png'],
    ['html', '<link rel="icon" href="/fav|icon.png">', '/favicon.png'],
    ['html', '<svg><image xlink:href="he|ro.png"/></svg>', 'hero.png'],
    ['html', '<input type="image" src="he|ro.png">', 'hero.png'],
    ['html', '<img ngSrc="he|ro.png">', 'hero.png'],
    [
      'html',
      "<script setup>\nimport hero from '@/assets/he|ro.png';\n</script>",
      '@/assets/hero.png',
    ],
    ['mdx', "import hero from './he|ro.png';", './hero.png'],
    [
      'template',
      "<script>\n  import hero from '$lib/he|ro.png?enhanced';",
      '$lib/hero.png?enhanced',
    ],
    ['template', '<enhanced:img src="./he|ro.png" />', './hero.png'],
    ['template', '<img src="{{ asset(\'img/he|ro.png\') }}">', '/img/hero.png'],
    ['template', '<img src="{% static \'he|ro.png\' %}">', '/hero.png'],
    ['atTemplate', '<img src="~/img/he|ro.png">', '~/img/hero.png'],
    ['css', '@import url(x.css); a { background: url( he|ro.png ) }', 'hero.png'],
    ['markdown', '![[he|ro.png]]', 'hero.png'],
    ['markdown', '![[notes/he|ro.png#left]] words', 'notes/hero.png'],
    ['markdown', '<Image src="/he|ro.png" />', '/hero.png'],
    ['pug', 'p #[img.big(alt="a (b)", src="he|ro.png")] words', 'hero.png'],
    ['pug', "  img(src='he|ro.png')", 'hero.png'],
    ['asciidoc', 'image::img/he|ro.png[A hero,300,align="center"]', 'img/hero.png'],
    ['asciidoc', 'An image:he|ro.png[] in words', 'hero.png'],
    ['restructuredtext', '.. figure:: img/he|ro.png\n   :width: 3', 'img/hero.png'],
    ['restructuredtext', '.. |hero| image:: my\\ he|ro.png', 'my hero.png'],
    ['restructuredtext', '.. image:: hero.png\n   :alt: a h|ero\n\nwords', 'hero.png'],
    ['latex', '\\includegraphics[width=.5\\textwidth]{img/he|ro.png}', 'img/hero.png'],
    ['latex', '\\includegraphics*{\\detokenize{my_he|ro.png}}', 'my_hero.png'],
    ['latex', '\\includegraphics{{my.he|ro}.png}', 'my.hero.png'],
    ['typst', '#figure(image("img/he|ro.png", width: 80%), caption: [A hero])', 'img/hero.png'],
    ['org', '[[./img/he|ro.png]]', './img/hero.png'],
    ['org', '[[file:he|ro.png][A hero]]', 'hero.png'],
  ];
  for (const [language, marked, target] of links)
    it(`is found in ${language}: ${marked}`, () => {
      const at = marked.indexOf('|', marked.startsWith('.. |hero|') ? 9 : 0);
      const text = marked.slice(0, at) + marked.slice(at + 1);
      assert.equal(linkIn(text, at, language as LanguageName)?.target, target);
    });

  it('has a size behind a bar in notes', () => {
    for (const text of ['![[a b.png|300]]', '![[a b.png|a fox|300x200]]', '![[a b.png\\|300]]'])
      assert.equal(linkIn(text, 5, 'markdown')?.target, 'a b.png', text);
    assert.equal(linkIn('![[a.png|300]] words', 17, 'markdown'), undefined);
  });

  const others: [LanguageName, string][] = [
    ['html', '<Button src={hero|} />'],
    ['html', '<my-card src="he|ro.png">'],
    ['script', "const name = 'he|ro';"],
    ['script', "show('a.png'); go|(); show('b.png');"],
    ['latex', '\\includegraphicx{he|ro.png}'],
    ['typst', '#figure(caption: [image|])'],
    ['asciidoc', 'image:: he|ro.png[]'],
    ['restructuredtext', '.. code:: he|ro.png'],
    ['org', '[[he|ro.png'],
  ];
  for (const [language, marked] of others)
    it(`is none in ${language}: ${marked}`, () => {
      assert.equal(linkIn(marked.replace('|', ''), marked.indexOf('|'), language), undefined);
    });
});
