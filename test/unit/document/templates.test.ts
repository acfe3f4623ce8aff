import assert from 'node:assert/strict';
import { imageMarkup } from '../../../src/document/imageMarkup.ts';
import type { LanguageName } from '../../../src/document/languageIds.ts';
import {
  parseTemplates,
  templateForm,
  templateFor,
  type Template,
  type TemplateProblem,
} from '../../../src/document/templates.ts';
import { createFuzz } from '../fuzz.ts';

const templateOf = (text: string): Template => {
  const { byLanguage, problems } = parseTemplates({ x: text });
  return byLanguage.get('x') ?? assert.fail(JSON.stringify(problems));
};
const size = { width: 640, height: 480 };
const written = (language: LanguageName, template: string, alt: string) =>
  imageMarkup(
    language,
    [{ path: 'a b.png', alt, size }],
    undefined,
    templateForm(templateOf(template)),
  );

describe('a template', () => {
  const samples: [LanguageName, string, string, string][] = [
    ['markdown', '![${alt}](${link}){width=${width}}', '[x]', '![\\[x\\]](a%20b.png){width=640}'],
    [
      'markdown',
      '<img src="${link}" alt="${alt}" height="${height}">',
      'a "b" <c> *d*',
      '<img src="a%20b.png" alt="a &#34;b&#34; &#60;c&#62; &#42;d&#42;" height="480">',
    ],
    [
      'html',
      '<i>${alt}</i>${link}',
      '<b> & {{c}}',
      '<i>&#60;b&#62; &#38; &#123;&#123;c&#125;&#125;</i>a%20b.png',
    ],
    [
      'jsx',
      '<Img src="${link}">{"x"}${alt}</Img>',
      '{y}',
      '<Img src="a%20b.png">{"x"}&#123;y&#125;</Img>',
    ],
    [
      'astro',
      '<Img src="${link}" alt="${alt}" />',
      'a {b}',
      '<Img src="a%20b.png" alt={"a {b}"} />',
    ],
    [
      'asciidoc',
      'image::${link}[alt="${alt}",role=x]',
      'a, b',
      'image::a b.png[alt="a, b",role=x]',
    ],
    [
      'latex',
      '\\includegraphics{${link}}\\caption{${alt}}',
      '50% of \\x_{y}',
      '\\includegraphics{a b.png}\\caption{50\\% of \\textbackslash{}x\\_\\{y\\}}',
    ],
    ['css', 'url("${link}") /* ${alt} */', 'a */ b', 'url("a%20b.png") /* a *\\/ b */'],
    [
      'typst',
      '#figure(image("${link}"), caption: "${alt}")',
      '"a"',
      '#figure(image("a b.png"), caption: "\\"a\\"")',
    ],
    ['org', '#+CAPTION: ${alt}\n[[file:${link}]]', 'a\nb', '#+CAPTION: a b\n[[file:a b.png]]'],
  ];
  for (const [language, template, alt, expected] of samples)
    it(`gives ${expected} in ${language}`, () =>
      assert.equal(written(language, template, alt), expected));

  it('is left, for the form of the language, where an image has no size', () => {
    const links = [{ path: 'a.png', alt: 'A' }];
    const sized = templateOf('![${alt}](${link} =${width}x)');
    assert.equal(imageMarkup('markdown', links, undefined, templateForm(sized)), '![A](a.png)');
    const plain = templateOf('{{< figure src="${link}" >}}');
    assert.equal(
      imageMarkup('markdown', links, undefined, templateForm(plain)),
      '{{< figure src="a.png" >}}',
    );
  });

  it('is not used where only a path can stand', () => {
    const around = { before: '<img src="', after: '">' };
    const template = templateOf('<x ${link}>');
    assert.equal(
      imageMarkup('html', [{ path: 'a.png', alt: '' }], around, templateForm(template)),
      'a.png',
    );
  });

  it('is taken by the id of the language, else the end of the name, else what it is written as', () => {
    const all = parseTemplates({ vue: 'v ${link}', html: 'h ${link}', astro: 'a ${link}' });
    const found = (...given: [string, string | undefined, LanguageName]) =>
      templateFor(all, ...given)?.[0];
    assert.equal(found('vue', '/a.vue', 'html'), 'v ');
    assert.equal(found('php', '/a.php', 'html'), 'h ');
    assert.equal(found('plaintext', '/a.astro', 'astro'), 'a ');
    assert.equal(found('markdown', '/a.md', 'markdown'), undefined);
  });

  it('is named, and not used, when it is wrong', () => {
    const wrong: [unknown, Omit<TemplateProblem, 'language'>][] = [
      [3, { kind: 'noText' }],
      ['', { kind: 'noText' }],
      [{ link: '${link}' }, { kind: 'noText' }],
      ['<img>', { kind: 'noLink' }],
      [`\${link}${'x'.repeat(2_000)}`, { kind: 'tooLong' }],
      ['${link} ${src}', { kind: 'placeholder', placeholder: 'src' }],
      ['${link} ${', { kind: 'placeholder', placeholder: '' }],
      ['${link} ${constructor}', { kind: 'placeholder', placeholder: 'constructor' }],
    ];
    for (const [value, problem] of wrong) {
      const { byLanguage, problems } = parseTemplates({ html: value, css: 'url(${link})' });
      assert.deepEqual(problems, [{ language: 'html', ...problem }]);
      assert.deepEqual([...byLanguage.keys()], ['css']);
    }
  });

  it('may come in a setting of any kind', () => {
    const { value, like } = createFuzz(7);
    for (let run = 0; run < 3_000; run += 1) {
      const setting = run % 2 === 0 ? value() : like({ html: '<img src="${link}" alt="${alt}">' });
      for (const template of parseTemplates(setting).byLanguage.values())
        assert.ok(
          imageMarkup(
            'html',
            [{ path: 'a.png', alt: 'A' }],
            undefined,
            templateForm(template),
          ).includes('a.png'),
        );
    }
  });
});
