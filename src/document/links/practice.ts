import type { LanguageName } from '../languageIds.ts';

/** What most documents of a kind have, in a few lines. */
const ofMarkdown = `# Practice

Words with *stress*, \`code\`, <kbd>K</kbd> and a [link](a.md).

![What it shows](images/a.png "Title")
<img src="a.png" alt="What it shows" width="3">

- one
- two

> a quotation, and ![a][b]

| a | b |
|---|---|
| ![a](b.png) | c |

[b]: c.png

`;
const ofScripts = `import a from './a.png';

export function A({ b }) {
  const c = \`\${b}.png\`;
  return <div className="d">{b && <img src={a} alt="What it shows" width={3} />}</div>;
}

`;
const ofPages = `<h2>Practice</h2>
<p style="color: red">Words <b>with</b> stress <img src="a.png" srcset="b.png 2x" alt="What it shows"></p>
<style>a { background: url(c.png) }</style>

`;
const samples: Readonly<Partial<Record<LanguageName, string>>> = {
  markdown: ofMarkdown,
  pandoc: ofMarkdown,
  jinjaMarkdown: ofMarkdown,
  mdx: ofScripts.split('\n\n', 1).join('') + '\n\n' + ofMarkdown.replace('"3">', '"3" />'),
  jsx: ofScripts,
  script: ofScripts,
  html: ofPages,
  template: ofPages,
  atTemplate: ofPages,
  astro: `---\nimport a from '../a.png';\n---\n${ofPages}`,
};
/** One compiles most of the parsers, and another the rest; more would keep the editor for longer. */
const rounds = 2;

/**
 * A few lines of a language, and more of them, by which the parsers that were just loaded are compiled
 * before somebody waits for them. None for languages that need no parser.
 */
export function practiceTexts(language: LanguageName): string[] {
  const sample = samples[language];
  if (sample === undefined) return [];
  return Array.from({ length: rounds }, (_, round) => `\n${sample.repeat(round + 1)}`);
}
