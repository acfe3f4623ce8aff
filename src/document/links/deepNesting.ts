/** Lists and quotations in each other, deeper than anybody writes them: a parser takes for ever. */
const maxDepth = 40;
const maxIndent = 8;
const maxDigits = 9;

/** The text with blanks for what begins lists and quotations too deep; of the same length. */
export function withoutDeepNesting(text: string): string {
  let result = '';
  let end = 0;
  for (let from = 0; from < text.length;) {
    const deep = deepNestingEnd(text, from);
    if (deep !== undefined) {
      result += text.slice(end, from) + ' '.repeat(deep - from);
      end = deep;
    }
    const line = text.indexOf('\n', deep ?? from);
    from = line < 0 ? text.length : line + 1;
  }
  return end === 0 ? text : result + text.slice(end);
}

/** Where the signs end that a line begins with, when they are too many. */
function deepNestingEnd(text: string, lineFrom: number): number | undefined {
  let depth = 0;
  let end = lineFrom;
  for (let next = signEnd(text, end); next !== undefined; next = signEnd(text, end)) {
    depth += 1;
    end = next;
  }
  return depth >= maxDepth ? end : undefined;
}

/** The end of one sign, with the blanks before it. */
function signEnd(text: string, from: number): number | undefined {
  let at = from;
  while (at < from + maxIndent && (text[at] === ' ' || text[at] === '\t')) at += 1;
  const sign = text[at];
  if (sign === undefined) return undefined;
  if ('-+*>'.includes(sign)) return at + 1;
  const digits = at;
  while (at < digits + maxDigits && isDigit(text.charCodeAt(at))) at += 1;
  return at > digits && (text[at] === '.' || text[at] === ')') ? at + 1 : undefined;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
