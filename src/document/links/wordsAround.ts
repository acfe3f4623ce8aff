import type { LanguageName } from '../languageIds.ts';
import type { Span } from './writtenLink.ts';

/** So far from a link nothing says any more what it is for. */
const maxHeadingChars = 20_000;
const maxParagraphChars = 2_000;
const maxWordsChars = 200;
const signs = '[]!*_`#>|{}~\\=^$+';

/** What begins the line of a heading, by language. */
const headingSigns: Readonly<Partial<Record<LanguageName, string>>> = {
  markdown: '#',
  mdx: '#',
  pandoc: '#',
  jinjaMarkdown: '#',
  asciidoc: '=',
  typst: '=',
  org: '*',
};
const sectionCommand = /\\(?:chapter|(?:sub){0,2}section|title)\*?\{/;
/** Of program text, the lines around a link say nothing that could be drawn. */
const ofPrograms: ReadonlySet<LanguageName> = new Set(['css', 'script', 'jsx', 'pug']);

/**
 * The words around a link, which may say what its image should show: the heading above it, and the
 * sentence that it stands in, or that stands next to it. Empty where there are none.
 * @param others links to other images, in their order, whose words are about those
 */
export function wordsAround(
  text: string,
  { whole }: { whole: Span },
  language: LanguageName,
  others: readonly { whole: Span }[] = [],
): string {
  const [from, to] = whole;
  const spans = others.map((each) => each.whole);
  const before = blanked(text, [Math.max(0, from - maxHeadingChars), from], spans);
  const after = blanked(text, [to, to + maxParagraphChars], spans);
  const heading = headingAbove(before, language);
  const sentence = ofPrograms.has(language) ? '' : sentenceAround(before, after, language);
  return [heading, sentence === heading ? '' : sentence].filter(Boolean).join('. ');
}

/** The words of a file's name. */
export function wordsOfName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  return name
    .replace(/@\dx$/, '')
    .replace(/[-_.\s]+/g, ' ')
    .trim();
}

function headingAbove(before: string, language: LanguageName): string {
  const lines = before.split('\n');
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const heading = headingIn(lines[index] ?? '', lines[index - 1] ?? '', language);
    if (heading !== '') return cut(heading);
  }
  return '';
}

function headingIn(line: string, lineAbove: string, language: LanguageName): string {
  const short = line.slice(0, maxParagraphChars);
  const sign = headingSigns[language];
  const trimmed = short.trim();
  if (sign !== undefined && trimmed.startsWith(sign) && /^[#=*]{1,6}\s/.test(trimmed))
    return plain(trimmed);
  const isUnderline = /^([=\-~^"#*+])\1{2,}$/.test(trimmed);
  const isUnderlined = language === 'restructuredtext' || sign === '#';
  if (isUnderlined && isUnderline && /[\p{L}\p{N}]/u.test(lineAbove)) return plain(lineAbove);
  if (language === 'latex') {
    const [command] = sectionCommand.exec(short) ?? [];
    if (command === undefined) return '';
    const from = short.indexOf(command) + command.length;
    const end = short.indexOf('}', from);
    return plain(short.slice(from, end < 0 ? undefined : end));
  }
  const tag = /<(?:h[1-6]|title)\b/i.exec(short);
  if (!tag) return '';
  const closed = short.slice(tag.index).search(/<\/(?:h[1-6]|title)/i);
  return plain(short.slice(tag.index, closed < 0 ? undefined : tag.index + closed));
}

/** A part of a text with blanks for the spans that lie in it, which are in their order. */
function blanked(text: string, [from, to]: Span, spans: readonly Span[]): string {
  let part = '';
  let at = from;
  for (const [begin, end] of spans) {
    if (begin < at || end > to) continue;
    part += text.slice(at, begin) + ' '.repeat(end - begin);
    at = end;
  }
  return part + text.slice(at, to);
}

function sentenceAround(before: string, after: string, language: LanguageName): string {
  const blank = /\n[ \t]*\r?\n/;
  const paragraphsBefore = before.slice(-maxParagraphChars).split(blank);
  const paragraphsAfter = after.split(blank);
  const words = (paragraph = '') => plain(withoutHeadings(paragraph, language));
  const own = `${words(paragraphsBefore.at(-1))} ${words(paragraphsAfter[0])}`.trim();
  return cut(firstFull(own, words(paragraphsAfter[1]), words(paragraphsBefore.at(-2))));
}

/** A word alone, as the rest of a list's sign, says nothing. */
function firstFull(...texts: string[]): string {
  return texts.find((each) => each.includes(' ')) ?? '';
}

function withoutHeadings(paragraph: string, language: LanguageName): string {
  const lines = paragraph.split('\n');
  const isHeading = (line = '', above = '') => headingIn(line, above, language) !== '';
  return lines
    .filter((line, at) => !isHeading(line, lines[at - 1]) && !isHeading(lines[at + 1], line))
    .join('\n');
}

/** Up to the end of a sentence, where one is near. */
function cut(sentence: string): string {
  if (sentence.length <= maxWordsChars) return sentence;
  const head = sentence.slice(0, maxWordsChars);
  const end = Math.max(...['. ', '! ', '? ', '。'].map((each) => head.lastIndexOf(each)));
  if (end > 20) return head.slice(0, end + 1);
  const space = head.lastIndexOf(' ');
  return head.slice(0, space > 20 ? space : undefined).toWellFormed();
}

/** Without tags, targets of links, and the signs of a markup. */
function plain(markup: string): string {
  const shown = without(without(markup, '<', '>'), '](', ')');
  let result = '';
  for (const char of shown) result += signs.includes(char) ? ' ' : char;
  return result
    .replace(/\s+/g, ' ')
    .replace(/^(?:[-:]|\d{1,3}[.)]) /, '')
    .trim();
}

/** The text without what stands between two signs. What is not closed stays. */
function without(text: string, opening: string, end: string): string {
  let result = '';
  let from = 0;
  for (;;) {
    const at = text.indexOf(opening, from);
    const to = at < 0 ? -1 : text.indexOf(end, at + opening.length);
    if (to < 0) return result + text.slice(from);
    result += `${text.slice(from, at)} `;
    from = to + end.length;
  }
}
