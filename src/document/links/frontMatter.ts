import { hasExtension, imageExtensions } from '../../images/imageExtensions.ts';
import { listParts } from './forms.ts';
import { writtenLink, type Span, type WrittenLink, type WrittenWords } from './writtenLink.ts';

const maxLines = 500;
const entry =
  /^[ \t]*(?:-[ \t]+)?(?:["']?([\w.-]{1,100})["']?[ \t]*[:=][ \t]*)?(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'#[{&*!|>][^\n]*))/;
const listOpening = /^[ \t]*(?:-[ \t]+)?["']?[\w.-]{1,100}["']?[ \t]*[:=][ \t]*\[/;
const wholeString = /^(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'#[\]{}&*!|>][^"'[\]{}\n]*))$/;
const altName = /alt|caption|description$/i;

/**
 * Where the front matter of a document ends: YAML between `---`, TOML between `+++`. It is 0 when
 * there is none.
 */
export function frontMatterEnd(text: string): number {
  const [first, fence] = /^(---|\+\+\+)[ \t]*\r?\n/.exec(text) ?? [];
  if (first === undefined || fence === undefined) return 0;
  let from = first.length;
  for (let line = 0; line < maxLines && from < text.length; line += 1) {
    const end = endOfLine(text, from);
    if (text.slice(from, end).trimEnd() === fence) return end;
    from = end + 1;
  }
  return 0;
}

/** Its values that are paths of images. Words that describe one stand in its group of lines. */
export function linksOfFrontMatter(text: string, end: number): WrittenLink[] {
  const links: WrittenLink[] = [];
  const words = new Map<string, WrittenWords>();
  for (let from = endOfLine(text, 0) + 1; from < end; from = endOfLine(text, from) + 1) {
    const line = text.slice(from, endOfLine(text, from)).trimEnd();
    const [opening] = listOpening.exec(line) ?? [];
    if (opening !== undefined) {
      links.push(...linksOfList(line, opening.length, from));
      continue;
    }
    const { name, value, span } = valueOf(line, from);
    if (value === '') continue;
    if (altName.test(name)) words.set(name.toLowerCase(), { span, text: value });
    const link = linkOf(value, span, [from, from + line.length]);
    if (link) links.push(link);
  }
  const alt = [...words].find(([name]) => name.includes('alt'))?.[1] ?? [...words.values()][0];
  if (alt) for (const link of links) link.alt = alt;
  return links;
}

function linkOf(value: string, span: Span, whole: Span): WrittenLink | undefined {
  const path = value.replace(/[?#].*/, '');
  if (!hasExtension(path, imageExtensions)) return undefined;
  const target = { span, written: value, target: value, isImage: false };
  const hasVariable = /\{\{|\{%|\$\{/.test(value);
  return writtenLink('frontMatter', whole, target, { hasVariable });
}

/** `images: ["a.png", b.png]`; where the list goes on below, its lines are read as values are. */
function linksOfList(line: string, begin: number, from: number): WrittenLink[] {
  const end = line.indexOf(']', begin);
  return listParts(line.slice(begin, Math.max(begin, end)), from + begin).flatMap(
    ({ span, text }) => {
      const first = span[0] + text.length - text.trimStart().length;
      const [whole, double, single, plain] = wholeString.exec(text.trim()) ?? [];
      const value = double ?? single ?? plain;
      if (whole === undefined || value === undefined) return [];
      const at = first + (plain === undefined ? 1 : 0);
      const link = linkOf(value, [at, at + value.length], [first, first + whole.length]);
      return link ? [link] : [];
    },
  );
}

function valueOf(line: string, from: number): { name: string; value: string; span: Span } {
  const [whole, name = '', double, single, plain] = entry.exec(line) ?? [];
  const value = double ?? single ?? plain?.replace(/[ \t]#.*/, '').trimEnd() ?? '';
  if (whole === undefined) return { name, value: '', span: [from, from] };
  const isQuoted = plain === undefined;
  const begin = from + whole.length - (isQuoted ? value.length + 1 : plain.length);
  return { name, value, span: [begin, begin + value.length] };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
