import type { LanguageName } from '../languageIds.ts';
import type { Span } from './writtenLink.ts';

/** A block of code, or of a comment, in which nothing is a link. */
interface Opened {
  /** Whether a line ends it. Of what ends before a line, that line is looked at again. */
  ends: (line: string) => 'within' | 'before' | undefined;
}

type Open = (line: string) => Opened | undefined;

const asciidocFence = /^(?:-{4,}|\.{4,}|\+{4,}|\/{4,}|`{3,}.{0,100})$/;
const latexBlock =
  /^[^%\n]{0,500}\\begin\{(verbatim\*?|Verbatim\*?|lstlisting|minted|comment|alltt)\}/;
const orgBlock = /^[ \t]*#\+begin_(src|example|export|comment)\b/i;
const rstDirective =
  /^[ \t]*\.\.[ \t]+(?:code|code-block|sourcecode|parsed-literal|highlight|raw|math)::/;
/** Not in a string. */
const typstFence = /^[^"`\n]{0,500}(`{3,})[^`]{0,500}$/;

const opens: Readonly<Partial<Record<LanguageName, Open>>> = {
  asciidoc(line) {
    const written = line.trimEnd();
    if (!asciidocFence.test(written)) return undefined;
    const closing = written.startsWith('`') ? '```' : written;
    return { ends: (next) => (next.trimEnd() === closing ? 'within' : undefined) };
  },
  latex(line) {
    const [whole, name = ''] = latexBlock.exec(line) ?? [];
    const closing = `\\end{${name}}`;
    if (whole === undefined || line.includes(closing)) return undefined;
    return { ends: (next) => (next.includes(closing) ? 'within' : undefined) };
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
    const isOpening = isDirective || (line.trimEnd().endsWith('::') && !/^[ \t]*\.\./.test(line));
    if (!isOpening) return undefined;
    const indent = indentOf(line);
    // Of what is indented more, the first line that is not ends it.
    return {
      ends: (next) => (next.trim() === '' || indentOf(next) > indent ? undefined : 'before'),
    };
  },
  typst(line) {
    const [, fence] = typstFence.exec(line) ?? [];
    return fence === undefined
      ? undefined
      : { ends: (next) => (next.includes(fence) ? 'within' : undefined) };
  },
};

/**
 * The lines of a document that are code, by the marks of its language; one that nothing ends goes on to
 * the end of the text. None in languages that have a parser.
 */
export function codeBlocksOf(text: string, language: LanguageName): Span[] {
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
