import type { LanguageName } from '../languageIds.ts';
import {
  asciidocBlock,
  latexBlock,
  orgBlock,
  restructuredtextBlock,
  typstBlock,
} from './documentBlocks.ts';
import { markdownReader } from './markdownBlocks.ts';
import { pugPlace } from './pugPlace.ts';
import {
  indentOf,
  isBlank,
  spaces,
  type ImagePlace,
  type ReadBlock,
  type TextBlock,
} from './textBlock.ts';
import { typstArgument } from './typstArgument.ts';

const readers: Readonly<Partial<Record<LanguageName, () => ReadBlock>>> = {
  markdown: markdownReader,
  mdx: markdownReader,
  pandoc: markdownReader,
  jinjaMarkdown: markdownReader,
  asciidoc: () => asciidocBlock,
  restructuredtext: () => restructuredtextBlock,
  org: () => orgBlock,
  typst: () => typstBlock,
  latex: () => latexBlock,
};

/**
 * Where an image goes that belongs to an offset of a text: behind the block there, in a line of its own.
 * @param isBefore whether it goes before the block that begins there
 * @returns undefined where it stands in the line: in an empty cell or item, or where a language has no
 * blocks
 */
export function imagePlace(
  language: LanguageName,
  text: string,
  offset: number,
  isBefore = false,
): ImagePlace | undefined {
  const argument = language === 'typst' ? typstArgument(text, offset) : undefined;
  if (argument) return argument;
  const readBlock = readers[language]?.();
  if (!readBlock && language !== 'pug') return undefined;
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const starts = startsOf(text);
  const at = starts.findLastIndex((start) => start <= offset);
  const line = lines[at] ?? '';
  const column = offset - (starts[at] ?? 0);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  if (!readBlock) return pugPlace(lines, at, column, (row, col) => (starts[row] ?? 0) + col, eol);
  const block = blockAt(lines, at, readBlock);
  if (!block) return ownLine(lines, at, offset, eol);
  // A blank line of a figure is made for the image, unless it is in a table or code there.
  const isFree = () => !blockAt(lines, at, readBlock, block.first + 1);
  if (block.takesImages === true && line.trim() === '' && isFree())
    return { offset, lead: '', trail: '' };
  const inQuote =
    readers[language] === markdownReader ? inBlankOfQuote(lines, at, block, eol) : undefined;
  if (inQuote) return { ...inQuote, offset: (starts[at] ?? 0) + line.length };
  const isInline = language !== 'restructuredtext' && !block.isVerbatim;
  if (isInline && isEmptyPlace(line.slice(0, column), line.slice(column), block)) return undefined;
  const isAtStart = at === block.first && line.slice(0, column).trim() === '';
  return isBefore && isAtStart
    ? beforeBlock(lines, block, starts[at] ?? 0, eol)
    : behindBlock(lines, block, (starts[block.last] ?? 0) + (lines[block.last] ?? '').length, eol);
}

function startsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The block of a line; undefined for a blank line between blocks. */
function blockAt(
  lines: readonly string[],
  at: number,
  readBlock: ReadBlock,
  from = 0,
): TextBlock | undefined {
  for (let first = from; first <= at;) {
    if (isBlank(lines[first])) {
      first += 1;
      continue;
    }
    const block = readBlock(lines, first);
    if (block.last >= at) return block;
    first = block.last + 1;
  }
  return undefined;
}

/** Paragraphs of one quotation stay apart from the image between them. */
function inBlankOfQuote(
  lines: readonly string[],
  at: number,
  { first, isVerbatim }: TextBlock,
  eol: string,
): Omit<ImagePlace, 'offset'> | undefined {
  const signs = (lines[at] ?? '').trimEnd();
  if (isVerbatim === true || !signs.includes('>') || hasWords(signs)) return undefined;
  const lead = at > first && hasWords(lines[at - 1]) ? `${eol}${signs} ` : '';
  const trail = hasWords(lines[at + 1]) ? `${eol}${signs}` : '';
  return lead + trail === '' ? undefined : { lead, trail };
}

function hasWords(line = ''): boolean {
  return line.replaceAll('>', '').trim() !== '';
}

/** A cell, an item or a quotation without words, or a gap that was made in a sentence. */
function isEmptyPlace(before: string, after: string, { isTable }: TextBlock): boolean {
  if (
    after.trim() === '' &&
    /^[\s>]*(?:(?:[-*+.]+|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]*)?)?$/.test(before)
  )
    return true;
  const isGap = /(?:^|[ \t|])$/.test(before) && /^[ \t|]/.test(after) && after.trim() !== '';
  const isCell =
    isTable === true && before.trimEnd().endsWith('|') && /^[ \t]*(?:\||$)/.test(after);
  return isCell || (isGap && isTable !== true && before.trim() !== '');
}

/** The blank line itself. */
function ownLine(lines: readonly string[], at: number, offset: number, eol: string): ImagePlace {
  const line = lines[at] ?? '';
  const isGlued = at > 0 && !isBlank(lines[at - 1]);
  const indent = isGlued && line === '' ? '' : spaces(indentOf(line));
  const isFollowed = at + 1 < lines.length && !isBlank(lines[at + 1]);
  return { offset, lead: isGlued ? `${eol}${indent}` : '', trail: isFollowed ? eol : '' };
}

function behindBlock(
  lines: readonly string[],
  block: TextBlock,
  offset: number,
  eol: string,
): ImagePlace {
  const { joint = '\n\n', indent, last } = block;
  const isFollowed = last + 1 < lines.length && !isBlank(lines[last + 1]);
  const isJoined = block.joint !== undefined;
  return {
    offset,
    lead: joint.replaceAll('\n', eol) + indent,
    trail: isFollowed && !isJoined ? eol : '',
  };
}

function beforeBlock(
  lines: readonly string[],
  { first }: TextBlock,
  offset: number,
  eol: string,
): ImagePlace {
  const isGlued = first > 0 && !isBlank(lines[first - 1]);
  const indent = spaces(indentOf(lines[first] ?? ''));
  return { offset, lead: `${isGlued ? eol : ''}${indent}`, trail: eol + eol };
}
