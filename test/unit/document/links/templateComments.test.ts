import assert from 'node:assert/strict';
import type { LanguageName } from '../../../../src/document/languageIds.ts';
import { maskExpressions } from '../../../../src/document/links/maskExpressions.ts';
import { readLinks } from './readLinks.ts';

describe('comments of templates and MDX', () => {
  const picture = '<img src="b.png" alt="b">';
  const cases: [language: LanguageName, commented: string][] = [
    ['mdx', '{/* ![b](b.png) */}'],
    ['mdx', '{/*\n\n![b](b.png)\n\n<img src="c.png" />\n\n*/}'],
    ['mdx', '- {/* ![b](b.png) */}'],
    ['mdx', '{ /* ![b](b.png) */ }'],
    ['markdown', '{% comment %}\n\n![b](b.png)\n\n{% endcomment %}'],
    ['markdown', `{%- comment "old" -%}${picture}{%- endcomment -%}`],
    ['pandoc', '{% comment %} ![b][b] {% endcomment %}'],
    ['jinjaMarkdown', '{# ![b](b.png) #}'],
    ['jinjaMarkdown', `{#\n${picture}\n#}`],
    ['template', `{% comment %}{% if a %}${picture}{% endif %}{% endcomment %}`],
    ['template', `{{!-- {{a}} ${picture} --}}`],
    ['template', `<%-- <%= a %> ${picture} --%>`],
    ['template', `<%!-- <%= a %> ${picture} --%>`],
    ['template', `<#-- ${picture} -->`],
    ['html', `{% comment %}<style>p { background: url(b.png) }</style>{% endcomment %}`],
    ['atTemplate', `@* ${picture} *@`],
    ['atTemplate', `{{-- {{ $a }} ${picture} --}}`],
  ];
  for (const [language, commented] of cases)
    it(`hold no links: ${language}, ${JSON.stringify(commented)}`, () => {
      const link = (name: string) =>
        language === 'mdx' ? `![${name}](${name}.png)` : `<img src="${name}.png" alt="${name}">`;
      const text = `${link('a')}\n\n${commented}\n\n${link('z')}\n`;
      const targets = readLinks(text, language).map(({ target }) => target.target);
      assert.deepEqual(targets, ['a.png', 'z.png']);
    });

  const goingOn: [language: LanguageName, text: string][] = [
    ['mdx', "export const meta = { /* site */ title: 'x' };\n\n![a](a.png)\n\n{/* todo */}"],
    ['mdx', '<A {/* c */...p} />\n\n![a](a.png)\n\n{/* noop */}'],
    ['mdx', '{ /* one */ /* two */ }\n\n![a](a.png)\n\n{/* noop */}'],
    ['mdx', '{/* c */ b && <img src="a.png" />}\n\n{/* noop */}'],
    ['astro', '{/* c */ b && <img src="a.png" />}\n\n{/* noop */}'],
    ['html', '<style>p {/* c */ color: red }</style>\n<img src="a.png">\n<p>{/* d */}</p>'],
    ['template', '{/* c */ b}<img src="a.png">{/* d */}'],
    ['jsx', 'const a = <p>{/* c */ b}<img src="a.png" />{/* d */}</p>;'],
  ];
  for (const [language, text] of goingOn)
    it(`end where an expression goes on: ${language}, ${JSON.stringify(text)}`, () => {
      const targets = readLinks(text, language).map(({ target }) => target.target);
      assert.deepEqual(targets, ['a.png']);
    });

  it('leave what is exported in MDX to its parser', () => {
    const text =
      "export const meta = { /* ![b](b.png) */ a: <img src='a.png' /> };\n\n# T\n\n{/* todo */}\n";
    const targets = readLinks(text, 'mdx').map(({ target }) => target.target);
    assert.deepEqual([...new Set(targets)], ['a.png']);
  });

  const others: [language: LanguageName, text: string][] = [
    ['mdx', '`{/*` ![a](a.png) `*/}`'],
    ['mdx', '```\n{/*\n```\n\n![a](a.png)\n\n*/}'],
    ['mdx', '{/* ![a](a.png)'],
    ['markdown', '# T {#id}\n\n![a](a.png)\n\n# U {#other}'],
    ['markdown', '`{% comment %}` ![a](a.png) `{% endcomment %}`'],
    ['template', '{% comment %}<img src="a.png">'],
    ['atTemplate', 'me@* <img src="a.png">'],
    ['template', '{{--n}} <img src="a.png">'],
  ];
  for (const [language, text] of others)
    it(`are none where nothing opens or ends them: ${language}, ${JSON.stringify(text)}`, () => {
      const targets = readLinks(text, language).map(({ target }) => target.target);
      assert.deepEqual(targets, ['a.png']);
    });

  it('are sought in no time in a text that is made to be slow', () => {
    const start = performance.now();
    for (const each of [
      '{% comment %}',
      '@*',
      '{{--',
      '<%--',
      '<#--',
      '{%-  ',
      '{/*',
      '{%endcomment ',
    ]) {
      maskExpressions(each.repeat(50_000));
      readLinks(each.repeat(10_000), 'mdx');
      readLinks(each.repeat(10_000), 'jinjaMarkdown');
    }
    assert.ok(performance.now() - start < 10_000, String(performance.now() - start));
  });
});
