import type { ImagePlace } from './textBlock.ts';
import type { Markup, MarkupPart } from './markupParts.ts';
import { mask } from '../links/maskExpressions.ts';

/** Where an image stands in a text with tags: in HTML, in components, in JSX. */

const words = (names: string): ReadonlySet<string> => new Set(names.split(' '));

/** They hold text alone: an image goes behind them. */
const ofText = words('p h1 h2 h3 h4 h5 h6 figcaption summary');
const inLines = words(
  'a abbr b bdi bdo big br cite code data del dfn em font i img input ins kbd mark output q ruby s samp small span strike strong sub sup time tt u var wbr',
);
/** In them, or right in them, white space or what else stands there counts. */
const closed = words(
  'pre textarea script style title svg math select option button label picture video audio object',
);
const closedToBlocks = words(
  'dt caption legend td th table thead tbody tfoot tr colgroup ul ol dl menu head html',
);
/** What a template decides or repeats. */
const control =
  /\{%|<[%?]|\{[#/:]|\{\{[~-]?\s?[#/^!]|\{\{[~-]?\s?(?:else|end|if|range|with|block|define)\b|^[ \t]*@/m;

/** So far out of what surrounds a tag a place is looked for: each step reads the whole text. */
const mostOutside = 10;

interface Element {
  open: MarkupPart;
  close: MarkupPart | undefined;
  parent: Element | undefined;
}

/**
 * Where an image goes that belongs to a place: in lines of its own, behind the paragraph or what else
 * the place is in. @param masked the text with its expressions masked
 * @returns undefined where it stands in the line
 */
export function tagPlace(
  text: string,
  masked: string,
  offset: number,
  { parts, depth, areRootsAlone }: Markup,
  isBefore: boolean,
): ImagePlace | undefined {
  if (isInExpression(masked, offset)) return undefined;
  if (hasOpenCode(text, offset)) return undefined;
  const lines = linesOf(text);
  const inside = parts.find(({ from, to }) => from < offset && offset < to);
  if (inside?.kind === 'comment') return lines.at(inside.to, inside.from);
  if (inside) {
    // A tag that nothing closes yet goes on into others.
    if (text.slice(inside.from + 1, inside.to).includes('<')) return undefined;
    const outside = ancestors(elementAt(parts, inside.to))
      .slice(0, mostOutside)
      .map(({ close }) => close?.to);
    for (const at of [inside.to, ...outside]) {
      const place =
        at === undefined
          ? undefined
          : tagPlace(text, masked, at, { parts, depth, areRootsAlone }, false);
      if (place) return place;
    }
    return lines.at(inside.to, inside.from);
  }
  const innermost = elementAt(parts, offset);
  const around = ancestors(innermost);
  if (around.some(({ open }) => closed.has(nameOf(open)) || isOtherLanguage(text, open)))
    return undefined;
  if (innermost && isEmpty(text, innermost)) return undefined;
  const element = blockOf(around);
  const isCell = element && closedToBlocks.has(nameOf(element.open));
  if (lines.isBlank(offset)) return lines.blankLine(offset, element);
  if (isCell || (element && element.open.depth !== depth)) return undefined;
  const isAtStart = text.slice(lines.startOf(offset), offset).trim() === '';
  if (isBefore && isAtStart) return lines.at(offset, offset);
  const run = runAt(text, parts, offset, depth, element);
  if (run.text.trim() === '') return lines.at(offset, element?.open.from ?? offset, element);
  if (!element || isGap(text, offset, run)) return undefined;
  const hasSiblings = element.parent
    ? element.open.depth === element.parent.open.depth
    : !areRootsAlone;
  const { close } = element;
  if (ofText.has(nameOf(element.open)) && close?.depth === element.open.depth && hasSiblings)
    return lines.at(close.to, element.open.from);
  return behindRun(text, run, offset, areRootsAlone, lines, element);
}

/** A part of a page that another language is in. */
export interface PagePart {
  language: 'css' | 'script';
  from: number;
  to: number;
}

/** The style sheet or the script of a page that an offset is in. */
export function partAt(
  text: string,
  offset: number,
  { parts }: Pick<Markup, 'parts'>,
): PagePart | undefined {
  const element = elementAt(parts, offset);
  const name = element?.open.name.toLowerCase();
  if (!element || (name !== 'style' && name !== 'script')) return undefined;
  const { open, close } = element;
  if (offset < open.to) return undefined;
  return {
    language: name === 'style' ? 'css' : 'script',
    from: open.to,
    to: close?.from ?? text.length,
  };
}

/** Whether a block may stand at an offset, which is no part of a paragraph, a list or a table there. */
export function takesBlocks(
  text: string,
  masked: string,
  offset: number,
  { parts }: Pick<Markup, 'parts'>,
): boolean {
  if (isInExpression(masked, offset) || hasOpenCode(text, offset)) return false;
  if (parts.some(({ from, to }) => from < offset && offset < to)) return false;
  return takeBlocks(ancestors(elementAt(parts, offset)).map(({ open }) => open));
}

/** Whether elements may have a block in them. @param around from the inside */
export function takeBlocks(around: readonly Pick<MarkupPart, 'name'>[]): boolean {
  const [innermost, ...outer] = around.map(nameOf);
  const holdsText = (name: string) => ofText.has(name) || inLines.has(name) || closed.has(name);
  if (innermost === undefined) return true;
  return ![innermost, ...outer].some(holdsText) && !closedToBlocks.has(innermost);
}

function isInExpression(masked: string, offset: number): boolean {
  return masked.charAt(offset - 1) === mask && masked.charAt(offset) === mask;
}

/** A program that goes on to the end of the text, or a template's tag without one. */
export function hasOpenCode(text: string, offset: number): boolean {
  const before = text.slice(0, offset);
  return ['?', '%'].some((sign) => before.lastIndexOf(`<${sign}`) > before.lastIndexOf(`${sign}>`));
}

/** All that is around an element, and itself, from the inside. */
function ancestors(innermost: Element | undefined): Element[] {
  const found: Element[] = [];
  for (let element = innermost; element; element = element.parent) found.push(element);
  return found;
}

/** HTML is written in any letters; in components, a name that begins with a capital is their own. */
function nameOf({ name }: Pick<MarkupPart, 'name'>): string {
  return name === name.toUpperCase() ? name.toLowerCase() : name;
}

function isOtherLanguage(text: string, { name, from, to }: MarkupPart): boolean {
  return name === 'template' && /\blang\s*=\s*["']?(?:pug|jade)/.test(text.slice(from, to));
}

const impliedEnds: Readonly<Record<string, ReadonlySet<string>>> = {
  li: words('li'),
  dt: words('dt dd'),
  dd: words('dt dd'),
  td: words('td th'),
  th: words('td th'),
  tr: words('tr td th'),
  option: words('option'),
};
const endsParagraphs = words(
  'address article aside blockquote details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul',
);

/** The innermost element around an offset; one that has no end tag ends with what is around it. */
function elementAt(parts: readonly MarkupPart[], offset: number): Element | undefined {
  let innermost: Element | undefined;
  let found: Element | undefined;
  let isFound = false;
  // An end tag of none of them is not looked for in all that is open.
  const counts = new Map<string, number>();
  const count = (name: string, by: number) => counts.set(name, (counts.get(name) ?? 0) + by);
  const outOf = ({ open, parent }: Element) => {
    count(nameOf(open), -1);
    return parent;
  };
  for (const part of parts) {
    if (!isFound && part.from >= offset) {
      isFound = true;
      found = innermost;
    }
    const name = nameOf(part);
    if (part.kind === 'open') {
      for (;;) {
        const last: string | undefined = innermost && nameOf(innermost.open);
        const isEnded =
          last !== undefined &&
          ((last === 'p' && endsParagraphs.has(name)) || impliedEnds[name]?.has(last) === true);
        if (!innermost || !isEnded) break;
        innermost = outOf(innermost);
      }
      innermost = { open: part, close: undefined, parent: innermost };
      count(name, 1);
    } else if (part.kind === 'close') {
      if ((counts.get(name) ?? 0) === 0) continue;
      while (innermost && nameOf(innermost.open) !== name) innermost = outOf(innermost);
      if (!innermost) continue;
      innermost.close = part;
      innermost = outOf(innermost);
    }
  }
  return isFound ? found : innermost;
}

function isEmpty(text: string, { open, close }: Element): boolean {
  if (!close) return false;
  const content = text.slice(open.to, close.from);
  return content.trim() === '' && !content.includes('\n');
}

/** The paragraph around a place, or else what holds text and blocks. Components stand in either. */
function blockOf(around: readonly Element[]): Element | undefined {
  const isInLine = ({ open }: Element) => inLines.has(nameOf(open));
  const first = around.findIndex(
    (each) => !isInLine(each) && /^[a-z][a-z\d]*$/.test(nameOf(each.open)),
  );
  const plain = around[first];
  if (plain && ofText.has(nameOf(plain.open))) return plain;
  return around.find((each) => !isInLine(each));
}

interface Run {
  from: number;
  to: number;
  text: string;
}

/** The text around an offset that no block and no blank line interrupts. */
function runAt(
  text: string,
  parts: readonly MarkupPart[],
  offset: number,
  depth: number,
  element: Element | undefined,
): Run {
  const isBoundary = (part: MarkupPart): boolean => {
    if (part === element?.open || part === element?.close) return true;
    if (part.depth > depth) return false;
    const name = nameOf(part);
    const isPlain = /^[a-z][a-z\d]*$/.test(name);
    if (part.kind !== 'comment' && isPlain) return !inLines.has(name);
    return isFirstInLine(text, part.from);
  };
  const before = parts.findLast((part) => part.to <= offset && isBoundary(part));
  const after = parts.find((part) => part.from >= offset && isBoundary(part));
  const [least, most] = [before?.to ?? 0, after?.from ?? text.length];
  const lead = text.slice(least, offset);
  const rest = text.slice(offset, most);
  const begin = least + blankLineEnd(lead);
  const end = offset + blankLineStart(rest);
  return { from: begin, to: end, text: text.slice(begin, end) };
}

/** What stands before it is not read as a whole: a text may be one line of thousands of tags. */
function isFirstInLine(text: string, at: number): boolean {
  let before = at - 1;
  while (/[^\S\n]/.test(text.charAt(before))) before -= 1;
  return before < 0 || text.charAt(before) === '\n';
}

/** Where the last blank line of a text ends. */
function blankLineEnd(text: string): number {
  const lines = text.split('\n');
  const blank = lines.findLastIndex(
    (line, index) => index > 0 && index < lines.length - 1 && line.trim() === '',
  );
  return blank < 0 ? 0 : lines.slice(0, blank + 1).join('\n').length;
}

/** Where the first blank line of a text begins. */
function blankLineStart(text: string): number {
  const lines = text.split('\n');
  const blank = lines.findIndex(
    (line, index) => index > 0 && index < lines.length - 1 && line.trim() === '',
  );
  return blank < 0 ? text.length : lines.slice(0, blank).join('\n').length;
}

/** A gap that was made in a sentence. */
function isGap(text: string, offset: number, { from, to }: Run): boolean {
  return (
    /[ \t]/.test(text.charAt(offset - 1)) &&
    /[ \t]/.test(text.charAt(offset)) &&
    text.slice(from, offset).trim() !== '' &&
    text.slice(offset, to).trim() !== ''
  );
}

function behindRun(
  text: string,
  run: Run,
  offset: number,
  isScript: boolean,
  lines: Lines,
  element: Element,
): ImagePlace | undefined {
  const isFree = (end: number) => isScript || !control.test(text.slice(offset, end));
  const end = Math.max(offset, run.from + run.text.trimEnd().length);
  const begin = run.from + run.text.length - run.text.trimStart().length;
  if (isFree(end)) return lines.at(end, begin, element);
  const lineEnd = lines.endOf(offset);
  return lineEnd < end && isFree(lineEnd) ? lines.at(lineEnd, begin, element) : undefined;
}

type Lines = ReturnType<typeof linesOf>;

function linesOf(text: string) {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const startOf = (at: number) => text.lastIndexOf('\n', at - 1) + 1;
  const endOf = (at: number) => {
    const end = text.indexOf('\n', at);
    const whole = end < 0 ? text.length : end;
    return whole > at && text.charAt(whole - 1) === '\r' ? whole - 1 : whole;
  };
  const indentAt = (at: number) => /^[ \t]*/.exec(text.slice(startOf(at), endOf(at)))?.[0] ?? '';
  const isBlank = (at: number) => text.slice(startOf(at), endOf(at)).trim() === '';

  /** One step more than an element has: as its first child has it, or the text elsewhere. */
  function inside({ open, close }: Element): string {
    const own = indentAt(open.from);
    const first = /\S/.exec(text.slice(open.to, close?.from));
    const at = open.to + (first?.index ?? 0);
    const isOnOwnLine = first && text.slice(startOf(at), at).trim() === '';
    if (isOnOwnLine) return indentAt(at);
    const [, step = '  '] = /\n(\t| {2,8})\S/.exec(text) ?? [];
    return own + step;
  }

  /**
   * In lines of its own. @param like where a line begins that is indented likewise
   * @param parent the element that it is in, where it stands right behind its text
   */
  function at(offset: number, like: number, parent?: Element): ImagePlace {
    const before = text.slice(startOf(offset), offset);
    const isFirst = before.trim() === '';
    const isBesideParent = parent && startOf(like) === startOf(parent.open.from);
    const indent = isBesideParent ? inside(parent) : indentAt(like);
    const rest = text.slice(offset, endOf(offset));
    const isEnd = parent?.close !== undefined && /^\s*<\//.test(rest);
    const restIndent = isFirst ? before : isEnd ? indentAt(parent.open.from) : indent;
    return {
      offset,
      lead: isFirst ? '' : eol + indent,
      trail: rest.trim() === '' ? '' : eol + restIndent,
    };
  }

  /** A blank line itself. Whoever began it with white space knows where it belongs. */
  function blankLine(offset: number, parent: Element | undefined): ImagePlace | undefined {
    if (startOf(offset) !== offset || endOf(offset) !== offset) return undefined;
    const next = /\S/.exec(text.slice(offset));
    const isEnd = !next || parent?.close?.from === offset + next.index;
    const lead = !isEnd ? indentAt(offset + next.index) : parent ? inside(parent) : '';
    return lead === '' ? undefined : { offset, lead, trail: '' };
  }

  return { at, blankLine, startOf, endOf, isBlank };
}
