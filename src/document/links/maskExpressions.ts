import { endOfComment } from './templateComments.ts';
import type { Span } from './writtenLink.ts';

/** Stands for each character of an expression. No text has it: it is for private use. */
export const mask = '\uE000';

const expressionEnds: Readonly<Record<string, string>> = {
  '{{': '}}',
  '{%': '%}',
  '{#': '#}',
  // The expression may go on behind it.
  '{/*': '*/',
  '<%': '%>',
  '<?': '?>',
};
const inText = /<!--|<#--|@\*|<\/?[a-z]|<[%?]|\{[{%#]|\{\/\*/gi;
const inTag = /["'>{]|<[%?]/g;
const scriptEnd = /<\/script/gi;
const inQuotes = /["']|<[%?]|\{[{%]/g;
/** Longer than expressions in tags are. */
const reachChars = 4_000;
/** So much is read for braces that nothing closes. */
const maxLostChars = 400_000;

/**
 * The text with masks for what a program puts into its tags: `{…}` of components, `{{…}}`, `{%…%}`,
 * `<%…%>` and `<?…?>` of templates. A parser of pages reads the rest, and all offsets stay.
 */
export function maskExpressions(text: string): string {
  if (!/\{|<[%?]|<#--|@\*/.test(text)) return text;
  const masked = expressionsOf(text);
  let result = '';
  let end = 0;
  for (const [from, to] of masked) {
    result += text.slice(end, from) + mask.repeat(to - from);
    end = to;
  }
  return result + text.slice(end);
}

function expressionsOf(text: string): Span[] {
  const spans: Span[] = [];
  const unclosed = new Set<string>();
  let lostChars = 0;
  let index = 0;
  let isInTag = false;
  let isScript = false;
  let quote = '';

  /** The end of what is opened at the index, or undefined where nothing closes it. */
  const endOf = (opening: string): number | undefined => {
    const closing = expressionEnds[opening];
    if (closing === undefined || unclosed.has(closing)) return undefined;
    const found = text.indexOf(closing, index + opening.length);
    if (found < 0) unclosed.add(closing);
    return found < 0 ? undefined : found + closing.length;
  };
  const endOfBraces = (): number | undefined => {
    if (lostChars > maxLostChars) return undefined;
    const end = closingBrace(text, index + 1, index + reachChars);
    if (end === undefined) lostChars += reachChars;
    return end === undefined ? undefined : end + 1;
  };

  for (;;) {
    const next = quote !== '' ? inQuotes : isInTag ? inTag : inText;
    next.lastIndex = index;
    const found = next.exec(text);
    if (!found) return spans;
    const [opening] = found;
    index = found.index;
    const end =
      endOfComment(text, index, unclosed) ??
      endOf(opening === '{' ? text.slice(index, index + 2) : opening);
    const maskedEnd = end ?? (opening === '{' && isInTag ? endOfBraces() : undefined);
    if (maskedEnd !== undefined) {
      spans.push([index, maskedEnd]);
      index = maskedEnd;
    } else if (opening === '<!--') {
      const closed = text.indexOf('-->', index);
      index = closed < 0 ? text.length : closed;
    } else {
      if (quote !== '') quote = opening === quote ? '' : quote;
      else if (opening === '"' || opening === "'") quote = opening;
      else if (opening === '>') isInTag = false;
      else if (/^<\/?[a-z]/i.test(opening)) {
        isInTag = true;
        isScript = /^<script[\s>]/i.test(text.slice(index, index + 8));
      }
      index += opening.length;
      // In a script, nothing is a tag.
      if (isScript && opening === '>' && quote === '') index = endOfScript(text, index);
    }
  }
}

function endOfScript(text: string, from: number): number {
  scriptEnd.lastIndex = from;
  return scriptEnd.exec(text)?.index ?? text.length;
}

/** Where a brace that was opened before `from` is closed; those in strings count for nothing. */
export function closingBrace(text: string, from: number, limit = text.length): number | undefined {
  let depth = 0;
  let quote = '';
  for (let index = from; index < Math.min(limit, text.length); index += 1) {
    const char = text.charAt(index);
    if (char === '\\') index += 1;
    else if (quote !== '') quote = char === quote || (char === '\n' && quote !== '`') ? '' : quote;
    else if (char === '"' || char === "'" || char === '`') quote = char;
    else if (char === '{') depth += 1;
    else if (char === '}' && depth-- === 0) return index;
  }
  return undefined;
}
