import type { LanguageName } from '../languageIds.ts';
import { codeOf } from './codeOf.ts';
import { frontMatterEnd } from './frontMatter.ts';
import { inMarkdown } from './inMarkdown.ts';
import { movedLink } from './movedLink.ts';
import type { Span, WrittenLink } from './writtenLink.ts';

/**
 * A part of a long text, with what the whole says of the links in it: the folders of images, the base
 * of a page, definitions, and what was opened before the part.
 */
export interface PartOfText {
  /** What is read in place of the whole. */
  text: string;
  /** The links of the part as those of the whole; what only stands around it has none. */
  inWhole: (links: readonly WrittenLink[]) => WrittenLink[];
}

/** What of the text is written again, behind the part. */
interface Copy {
  from: number;
  to: number;
}

/** More definitions than this no part of a text refers to. */
const maxCopies = 100;
const maxCopyChars = 2_000;
const maxLabelChars = 200;
/** Definitions of a part whose images are looked for in all of the text. */
const maxLookedFor = 20;
const fence = /^ {0,3}(`{3,}|~{3,})([^\n]*)$/gm;
/** Languages in which tags stand as they are. */
const inPages: ReadonlySet<LanguageName> = new Set(['html', 'template', 'atTemplate', 'astro']);
const ofPages = [
  ['<!--', '-->'],
  ['<style', '</style'],
  ['<script', '</script'],
] as const;

/** @param from where the part begins, at the begin of a line */
export function partOfText(
  text: string,
  [from, to]: readonly [number, number],
  language: LanguageName,
): PartOfText {
  const lead = leadOf(text, from, language);
  const part = text.slice(from, to);
  const copies = inMarkdown.has(language) ? copiesFor(text, [from, to]) : [];
  const begin = lead.length;
  const end = begin + part.length;
  let composed = lead + part + (isInScript(text, to, language) ? '\n---\n' : '');
  const starts: [begin: number, moves: number][] = [[begin, from - begin]];
  for (const copy of copies) {
    composed += '\n\n';
    starts.push([composed.length, copy.from - composed.length]);
    composed += text.slice(copy.from, copy.to);
  }
  const moved = (offset: number): number => {
    const start = starts.findLast(([at]) => at <= offset);
    return offset + (start?.[1] ?? 0);
  };
  return {
    text: composed,
    inWhole: (links) =>
      links
        .filter(({ whole }) => whole[0] >= begin && whole[1] <= end)
        .map((link) => movedLink(link, moved)),
  };
}

/** Whether an offset is in the script that a page of Astro begins with. */
function isInScript(text: string, offset: number, language: LanguageName): boolean {
  return language === 'astro' && offset < frontMatterEnd(text);
}

/** What stands before a part, as far as it changes how the part is read. */
function leadOf(text: string, from: number, language: LanguageName): string {
  if (from === 0) return '';
  const code = openCode(text, from, language);
  if (language === 'asciidoc') return lastLine(text, ':imagesdir:', from) + code;
  if (language === 'latex') return lastLine(text, '\\graphicspath', from) + code;
  if (code !== '') return code;
  if (language === 'css') return isOpen(text, ['/*', '*/'], from) ? '/*' : '';
  // A line between paragraphs is none that front matter begins with.
  if (inMarkdown.has(language)) return `\n${openFence(text, from)}`;
  if (isInScript(text, from, language)) return '---\n';
  if (!inPages.has(language)) return '';
  const opened = ofPages.find((marks) => isOpen(text, marks, from));
  return `${baseTag(text, from)}\n${opened ? tagAt(text, opened[0], from) : ''}`;
}

/** The last line before an offset that begins with a word, with what ends it. */
function lastLine(text: string, word: string, before: number): string {
  let at = text.lastIndexOf(word, before - 1);
  while (at > 0 && word.startsWith(':') && text.charAt(at - 1) !== '\n')
    at = text.lastIndexOf(word, at - 1);
  if (at < 0) return '';
  const end = text.indexOf('\n', at);
  return `${text.slice(at, Math.min(end < 0 ? before : end, at + maxCopyChars))}\n`;
}

/** Whether something was opened before an offset, and is not closed there. */
function isOpen(
  text: string,
  [opening, closing]: readonly [string, string],
  before: number,
): boolean {
  const at = text.lastIndexOf(opening, before - 1);
  return at >= 0 && text.lastIndexOf(closing, before - 1) < at;
}

function tagAt(text: string, opening: string, before: number): string {
  const at = text.lastIndexOf(opening, before - 1);
  const end = opening === '<!--' ? at + opening.length : text.indexOf('>', at) + 1;
  return end > at && end <= before ? text.slice(at, end) : '';
}

/** The tag that says where the links of a page start from. */
function baseTag(text: string, before: number): string {
  const [tag = ''] = /<base\s[^<>]*>/i.exec(text.slice(0, before)) ?? [];
  return tag.length <= maxCopyChars ? tag : '';
}

/** Of the text that was asked for last: a cursor moves in one for a while. */
let known: { text: string; language: LanguageName; blocks: readonly Span[] } | undefined;

/** The line that begins the code in which an offset is, in languages that have no parser. */
function openCode(text: string, before: number, language: LanguageName): string {
  if (known?.text !== text || known.language !== language)
    known = { text, language, blocks: codeOf(text, language) };
  const block = known.blocks.find(([from, to]) => from < before && before < to);
  if (!block) return '';
  const end = text.indexOf('\n', block[0]) + 1;
  return end > 0 && end <= before && end - block[0] <= maxCopyChars
    ? text.slice(block[0], end)
    : '';
}

/** The line that begins the code in which an offset is, in Markdown. */
function openFence(text: string, before: number): string {
  let opened = '';
  for (const [, mark = '', info = ''] of text.slice(0, before).matchAll(fence)) {
    if (opened === '') opened = mark.startsWith('`') && info.includes('`') ? '' : mark;
    else if (mark.startsWith(opened) && info.trim() === '') opened = '';
  }
  return opened === '' ? '' : `${opened}\n`;
}

/** Definitions outside of a part, of labels in it; and images outside, of definitions in it. */
function copiesFor(text: string, part: readonly [number, number]): Copy[] {
  const own = text.slice(...part);
  const used = new Set(own.includes('![') ? labelsIn(own) : []);
  const copies: Copy[] = [];
  let looked = 0;
  for (const { at, label } of definitionsOf(text)) {
    if (copies.length === maxCopies || looked === maxLookedFor) break;
    const isOwn = at >= part[0] && at < part[1];
    if (!isOwn && used.has(label.toLowerCase())) copies.push(lineAt(text, at));
    if (!isOwn || own.includes(`][${label}]`)) continue;
    looked += 1;
    const use = text.indexOf(`][${label}]`);
    if (use >= 0) copies.push(lineAt(text, use));
  }
  return copies;
}

function* labelsIn(text: string): Generator<string> {
  for (const [, label = ''] of text.matchAll(/\[([^[\]]{1,200})\]/g)) yield label.toLowerCase();
}

/** `[label]: target`, wherever a line begins with it. */
function* definitionsOf(text: string): Generator<{ at: number; label: string }> {
  for (let end = text.indexOf(']:'); end >= 0; end = text.indexOf(']:', end + 2)) {
    const near = text.slice(Math.max(0, end - maxLabelChars), end);
    const line = near.slice(near.lastIndexOf('\n') + 1);
    const [, label] = /^ {0,3}\[([^[\]]+)$/.exec(line) ?? [];
    if (label !== undefined) yield { at: end - line.length, label };
  }
}

function lineAt(text: string, at: number): Copy {
  const begin = text.lastIndexOf('\n', at) + 1;
  const end = text.indexOf('\n', at);
  const from = Math.max(begin, at - maxCopyChars);
  return { from, to: Math.min(end < 0 ? text.length : end, at + maxCopyChars) };
}
