import type { ImagePlace } from './textBlock.ts';

/** What the brackets of Typst hold: arguments and blocks of code, and content, which is markup. */
type Opening = '(' | '{' | '[' | 'statement';

/** A string, comments, raw text, an escape, a statement or a call in markup, brackets and lines. */
const marks =
  /"(?:\\[^]|[^"\\])*("?)|(?<!:)\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|```[^]*?(?:```|$)|`[^`\n]*`?|\\[^]|#(?:let|set|show|if|else|for|while|return)\b|#(?:[a-z_][\w.-]*)?[({[]|\)\.[a-z_][\w.-]*\(|[()[\]{}\n]|[^\s]/gi;
const closings: Readonly<Record<string, Opening>> = { ')': '(', '}': '{', ']': '[' };

/** Where an image is an argument of a call, as that of `#figure(…)`. @returns undefined elsewhere */
export function typstArgument(text: string, offset: number): ImagePlace | undefined {
  const before = lastOfArguments(text.slice(0, offset));
  if (before === undefined || !'(,:'.includes(before)) return undefined;
  const [, space = '', next = ''] = /^(\s*)([^]?)/.exec(text.slice(offset)) ?? [];
  const isLast = next === '' || next === ')' || next === ',';
  // A name has one value.
  if (before === ':' && !isLast) return undefined;
  const isInLine = space === '';
  return { offset, lead: '', trail: isLast ? '' : isInLine ? ', ' : ',', isArgument: true };
}

/** The last sign of the arguments that a text ends in. @returns undefined where it ends in no such */
function lastOfArguments(before: string): string | undefined {
  const open: Opening[] = [];
  let last = '';
  marks.lastIndex = 0;
  for (let mark = marks.exec(before); mark; mark = marks.exec(before)) {
    const [written, closed] = mark;
    const top = open.at(-1);
    const isCode = top !== undefined && top !== '[';
    if (written.startsWith('"')) {
      // In markup it is a sign like others.
      if (!isCode) marks.lastIndex = mark.index + 1;
      else if (closed === '') return undefined;
    }
    if (written.startsWith('//') || written.startsWith('/*')) continue;
    if (written === '\n') {
      if (top === 'statement') open.pop();
      continue;
    }
    last = written.slice(-1);
    if (written.startsWith('#') && !'({['.includes(last)) open.push('statement');
    else if (written.length > 1 && !written.startsWith('#') && !written.startsWith(').')) continue;
    else step(open, written, isCode);
  }
  return open.at(-1) === '(' ? last : undefined;
}

function step(open: Opening[], written: string, isCode: boolean): void {
  const closing = closings[written.charAt(0)];
  const isCalled = written.length > 1;
  if (closing !== undefined) {
    // A statement ends with what it stands in.
    if (open.at(-1) === 'statement' && open.at(-2) === closing) open.pop();
    if (open.at(-1) === closing) open.pop();
    else return;
    if (isCalled) open.push('(');
    return;
  }
  const opening = written.slice(-1);
  if (opening === '[') open.push('[');
  else if ((opening === '(' || opening === '{') && (isCode || isCalled)) open.push(opening);
}
