import type { LanguageName } from '../languageIds.ts';
import type { Span } from './writtenLink.ts';

/** Lines of code, or of a comment, in which nothing is a link. */
interface Opened {
  /** Whether a line ends it. Of what ends before a line, that line is looked at again. */
  ends: (line: string) => 'within' | 'before' | undefined;
}

type Open = (line: string) => Opened | undefined;

const asciidocFence = /^(?:-{4,}|\.{4,}|\+{4,}|\/{4,}|`{3,}.{0,100})$/;
const orgBlock = /^[ \t]*#\+begin_(src|example|export|comment)\b/i;
const rstDirective =
  /^[ \t]*\.\.[ \t]+(?:code|code-block|sourcecode|parsed-literal|highlight|raw|math)::/;
/** What is no directive, target, footnote or substitution. */
const rstComment = /^[ \t]*\.\.(?:[ \t]+(?![ \t[_|]|\S{1,100} ?::(?:\s|$))|\r?\n|$)/;
const pugComment = /^[ \t]*\/\//;

const opens: Readonly<Partial<Record<LanguageName, Open>>> = {
  asciidoc(line) {
    const written = line.trimEnd();
    if (!asciidocFence.test(written)) return undefined;
    const closing = written.startsWith('`') ? '```' : written;
    return { ends: (next) => (next.trimEnd() === closing ? 'within' : undefined) };
  },
  org(line) {
    const [, name] = orgBlock.exec(line) ?? [];
    const closing = `#+end_${String(name).toLowerCase()}`;
    return name === undefined
      ? undefined
      : { ends: (next) => (next.trim().toLowerCase() === closing ? 'within' : undefined) };
  },
  restructuredtext(line) {
    const isDirective = rstDirective.test(line);
    const isComment = rstComment.test(line);
    const isLiteral = line.trimEnd().endsWith('::') && !/^[ \t]*\.\./.test(line);
    if (!isDirective && !isComment && !isLiteral) return undefined;
    const { ends } = indentedMore(line);
    if (line.trim() !== '..') return { ends };
    // Two dots alone comment what follows at once.
    let isFirst = true;
    return {
      ends(next) {
        const isEmpty = isFirst && next.trim() === '';
        isFirst = false;
        return isEmpty ? 'before' : ends(next);
      },
    };
  },
  pug: (line) => (pugComment.test(line) ? indentedMore(line) : undefined),
};

/** Of what is indented more than a line, the first line that is not ends it. */
function indentedMore(line: string): Opened {
  const indent = indentOf(line);
  return {
    ends: (next) => (next.trim() === '' || indentOf(next) > indent ? undefined : 'before'),
  };
}

/** The lines of a document that are code; what nothing ends goes on to the end of the text. */
export function codeLines(text: string, language: LanguageName): Span[] {
  const open = opens[language];
  const blocks: Span[] = [];
  if (!open) return blocks;
  let opened: Opened | undefined;
  let blockFrom = 0;
  for (let from = 0; from < text.length;) {
    const newline = text.indexOf('\n', from);
    const to = newline < 0 ? text.length : newline + 1;
    const line = text.slice(from, to);
    const end = opened?.ends(line);
    if (opened && end !== undefined) blocks.push([blockFrom, end === 'within' ? to : from]);
    if (end !== undefined) opened = undefined;
    if (!opened && end !== 'within') {
      opened = open(line);
      blockFrom = from;
    }
    from = to;
  }
  if (opened) blocks.push([blockFrom, text.length]);
  return blocks;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
