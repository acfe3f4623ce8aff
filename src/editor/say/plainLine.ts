/**
 * Text as the editor may show it. The editor makes links of `[text](command:…)` in notifications,
 * progress, prompts and the hovers of lists, and icons of `$(name)` in lists, prompts and the status
 * bar. An address that stands there by itself says where it leads, and stays.
 */

/** The longest that a value of others may be in a sentence, in UTF-16 units. */
const maxValueChars = 200;
/** The longest that one sentence may be: the editor cuts notifications there. */
const maxLineChars = 1_000;
/** So much of a text is looked at. */
const maxReadChars = 4_096;

const [firstStrongIsolate, popIsolate] = ['\u2068', '\u2069'];
/** What nobody sees: marks of direction, joiners, fillers, tags. */
const invisible = /[\p{DI}\ufff9-\ufffb]/gu;
const invisibleButIsolates = /(?![\u2068\u2069])[\p{DI}\ufff9-\ufffb]/gu;
const blanks = /[\s\p{Cc}\u2800]+/gu;
const loneSurrogate = /\p{Cs}/gu;
/** More marks than any script puts on one letter cover the lines above and below. */
const pileOfMarks = /(\p{M}{4})\p{M}+/gu;
const linkOrIcon = /([\]$])(?=\()/g;
let graphemes: Intl.Segmenter | undefined;
/** Letters that run from right to left. */
const rightToLeft =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * A text of others (a name, a setting, an answer) as part of a sentence: one line of at most
 * `maxChars` (10 or more), which shows its true order, turns no words around it, and forms no link
 * or icon. For people alone; a file is not found by it.
 */
export function oneLine(text: string, { maxChars = maxValueChars } = {}): string {
  const line = cut(plain(text, invisible), maxChars);
  return rightToLeft.test(line) ? `${firstStrongIsolate}${line}${popIsolate}` : line;
}

/** A whole sentence or label, of ours and of others: the same, with the isolates of its parts. */
export function wholeLine(text: string): string {
  return closeIsolates(cut(plain(text, invisibleButIsolates), maxLineChars));
}

function plain(text: string, hidden: RegExp): string {
  return text
    .slice(0, maxReadChars)
    .replace(loneSurrogate, '\ufffd')
    .replace(hidden, '')
    .replace(blanks, ' ')
    .replace(pileOfMarks, '$1')
    .replace(linkOrIcon, '$1 ')
    .trim();
}

/** Between two characters as people count them. */
function cut(line: string, maxChars: number): string {
  if (line.length <= maxChars) return line;
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  // One that is longer than the line is cut all the same.
  const end = graphemes.segment(line).containing(maxChars - 1)?.index || maxChars - 1;
  return `${line
    .slice(0, end)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd()}…`;
}

/** Every isolate ends, and ends only what began. */
function closeIsolates(line: string): string {
  let depth = 0;
  const closed = line.replace(/[\u2068\u2069]/g, (mark) => {
    if (mark === popIsolate && depth === 0) return '';
    depth += mark === firstStrongIsolate ? 1 : -1;
    return mark;
  });
  return closed + popIsolate.repeat(depth);
}
