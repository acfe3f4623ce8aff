import type { CSSToken } from '@csstools/css-tokenizer';
import type { Tree } from '@lezer/common';
import { imageFolders, otherImagesFolder } from '../imageFolders.ts';
import type { LanguageName } from '../languageIds.ts';
import { codeOf } from './codeOf.ts';
import { withoutDeepNesting } from './deepNesting.ts';
import { fromBase } from './pageBase.ts';
import { linksOfCss } from './css.ts';
import { linksOfDocument } from './documents.ts';
import { frontMatterEnd, linksOfFrontMatter } from './frontMatter.ts';
import { partsOfMarkdown } from './markdown.ts';
import { inMarkdown } from './inMarkdown.ts';
import { mask, maskExpressions } from './maskExpressions.ts';
import type { MarkupPart } from '../blocks/markupParts.ts';
import type { Tag } from './parsers/htmlTokenizer.ts';
import type { KnownTree } from './parsers/knownTree.ts';
import { linksOfPug } from './pug.ts';
import { partsOfScript } from './scripts.ts';
import type { Steps } from './steps.ts';
import { linkOfTag } from './tags.ts';
import { commentsOfMarkdown } from './templateComments.ts';
import type { Span, WrittenLink } from './writtenLink.ts';

/** What reads languages; each comes from a bundle that is loaded when a document needs it. */
export interface Parsers {
  readTags: (text: string) => Steps<Tag[]>;
  /** All tags of a page, and its comments. */
  readMarkup: (text: string) => Steps<Omit<MarkupPart, 'depth'>[]>;
  readCssTokens: (css: string) => () => CSSToken;
  parseScript: ParseTree;
  parseMarkdown: ParseTree;
}

/** @param isExtended whether the script has elements, or the Markdown is MDX */
type ParseTree = (text: string, isExtended: boolean, known?: KnownTree) => Steps<Tree>;

const inScript: ReadonlySet<LanguageName> = new Set(['jsx', 'script']);
const footnote = /^( {0,3})\[(?=\^[^\]\n]{1,200}\]:)/gm;

/**
 * All links of a document that may lead to images, in their order, with where each part is written.
 * Those whose target is not surely an image have `isImage` unset: a font, or the definition of a page.
 */
export function* linksOf(
  text: string,
  language: LanguageName,
  parsers: Parsers,
  known?: KnownTree,
): Steps<WrittenLink[]> {
  const links = yield* readLinks(text, language, parsers, known);
  const ordered = links.toSorted((one, other) => one.whole[0] - other.whole[0]);
  const needsFolders = language === 'asciidoc' || language === 'latex';
  const placed = needsFolders ? inFolders(ordered, language, text) : ordered;
  return language === 'latex' || language === 'org' ? placed.map(fromDisk) : placed;
}

/** These languages are read by programs that take a path as the disk has it. */
function fromDisk(link: WrittenLink): WrittenLink {
  const { target } = link;
  const paths = [target.target, ...(target.folders ?? [])];
  return paths.some((path) => path.startsWith('/'))
    ? { ...link, target: { ...target, isFromDisk: true } }
    : link;
}

function* readLinks(
  text: string,
  language: LanguageName,
  parsers: Parsers,
  known?: KnownTree,
): Steps<WrittenLink[]> {
  if (inMarkdown.has(language)) return yield* readMarkdown(text, language, parsers, known);
  if (inScript.has(language)) return yield* readScript(text, language, parsers, known);
  switch (language) {
    case 'css':
      return yield* linksOfCss(text, 0, parsers.readCssTokens);
    case 'pug':
      return yield* linksOfPug(text, without(text, codeOf(text, language)));
    case 'asciidoc':
    case 'restructuredtext':
    case 'latex':
    case 'typst':
    case 'org': {
      const plain = without(text, codeOf(text, language));
      const own = yield* linksOfDocument[language](text, plain);
      return language === 'asciidoc' && text.includes('<')
        ? [...own, ...(yield* readPage(text, plain, parsers))]
        : own;
    }
    case 'astro':
      return yield* readAstro(text, parsers);
    default:
      return yield* readPage(text, text, parsers);
  }
}

function* readMarkdown(
  text: string,
  language: LanguageName,
  parsers: Parsers,
  known?: KnownTree,
): Steps<WrittenLink[]> {
  const end = frontMatterEnd(text);
  const markdown = plainMarkdown(text, end);
  const isMdx = language === 'mdx';
  const tree = yield* parsers.parseMarkdown(markdown, isMdx, known);
  const { links, html, code } = yield* partsOfMarkdown(text, tree);
  const comments = commentsOfMarkdown(without(markdown, code), language);
  const page = without(isMdx ? without(markdown, code) : only(markdown, html), comments);
  const others = page.includes('<') ? yield* readPage(text, page, parsers) : [];
  const modules = isMdx ? yield* readModules(text, page, parsers) : undefined;
  if (modules) joinImports(text, others, modules.imports);
  const shownLinks = outside(links, comments);
  return [...linksOfFrontMatter(text, end), ...shownLinks, ...(modules?.links ?? []), ...others];
}

/** The links that begin in none of some spans. */
function outside(links: WrittenLink[], spans: readonly Span[]): WrittenLink[] {
  if (spans.length === 0) return links;
  let next = 0;
  return links
    .toSorted((one, other) => one.whole[0] - other.whole[0])
    .filter(({ whole: [from] }) => {
      while ((spans[next]?.[1] ?? Infinity) <= from) next += 1;
      return (spans[next]?.[0] ?? Infinity) > from;
    });
}

/** The text without front matter, and without the brackets by which a footnote looks like a definition. */
export function plainMarkdown(text: string, frontMatterTo: number): string {
  const markdown = blank(text.slice(0, frontMatterTo)) + text.slice(frontMatterTo);
  const flat = withoutDeepNesting(markdown);
  return flat.includes('[^') ? flat.replace(footnote, '$1.') : flat;
}

interface Modules {
  links: WrittenLink[];
  imports: Map<string, WrittenLink>;
}

/** The imports of MDX, each of which begins a line. */
function* readModules(text: string, page: string, parsers: Parsers): Steps<Modules> {
  const modules: Modules = { links: [], imports: new Map() };
  for (const { index, 0: line } of page.matchAll(/^(?:import|export)\b[^\n]*(?:\n[^\n]+)*/gm)) {
    const tree = yield* parsers.parseScript(line, true);
    const parts = yield* partsOfScript(text, tree, index, true);
    modules.links.push(...parts.links);
    for (const [name, link] of parts.imports) modules.imports.set(name, link);
  }
  return modules;
}

function* readScript(
  text: string,
  language: LanguageName,
  parsers: Parsers,
  known?: KnownTree,
): Steps<WrittenLink[]> {
  const hasElements = language === 'jsx' || /<\/|\/>/.test(text);
  const tree = yield* parsers.parseScript(text, hasElements, known);
  const { links, templates, imports } = yield* partsOfScript(text, tree, 0);
  joinImports(text, links, imports);
  for (const { span, holes } of templates) {
    yield;
    const template = masked(text.slice(...span), span[0], holes);
    if (template.includes('<'))
      links.push(...(yield* readTagsOnly(text, template, span[0], parsers)));
    if (/\burl\(/i.test(template))
      links.push(...shown(yield* linksOfCss(template, span[0], parsers.readCssTokens), text));
  }
  return links;
}

/** The fences are operators to a parser of scripts. */
function withoutFences(script: string): string {
  const last = script.lastIndexOf('---');
  const end = last < 3 ? script.length : last;
  const fence = (from: number, to: number) => blank(script.slice(from, to));
  return fence(0, 3) + script.slice(3, end) + fence(end, end + 3) + script.slice(end + 3);
}

/** The script between the fences of Astro, and the page below it. */
function* readAstro(text: string, parsers: Parsers): Steps<WrittenLink[]> {
  const end = frontMatterEnd(text);
  const tree = yield* parsers.parseScript(withoutFences(text.slice(0, end)), false);
  const script = yield* partsOfScript(text, tree, 0);
  const page = yield* readPage(text, blank(text.slice(0, end)) + text.slice(end), parsers, true);
  joinImports(text, page, script.imports);
  return [...script.links, ...page];
}

/**
 * The tags of a page, the imports of its scripts, and its style sheets.
 * @param page the text with blanks for what is no page; of the same length
 */
function* readPage(
  text: string,
  page: string,
  parsers: Parsers,
  hasStrings = false,
): Steps<WrittenLink[]> {
  const links: WrittenLink[] = [];
  const imports = new Map<string, WrittenLink>();
  const tags = yield* parsers.readTags(maskExpressions(page));
  for (const tag of tags) {
    yield;
    const link = linkOfTag(text, tag);
    if (link) links.push(link);
    links.push(...(yield* linksOfStyle(text, tag, parsers)));
    if (tag.contentTo === undefined) continue;
    const content = page.slice(tag.to, tag.contentTo);
    if (/^style$/i.test(tag.name))
      links.push(...(yield* linksOfCss(content, tag.to, parsers.readCssTokens)));
    else if (/["'`]/.test(content)) {
      const tree = yield* parsers.parseScript(content, false);
      const parts = yield* partsOfScript(text, tree, tag.to, !hasStrings);
      links.push(...parts.links);
      for (const [name, each] of parts.imports) imports.set(name, each);
    }
  }
  joinImports(text, links, imports);
  return fromBase(links, tags);
}

function* linksOfStyle(text: string, tag: Tag, parsers: Parsers): Steps<WrittenLink[]> {
  const style = tag.attributes.find(({ name }) => name.toLowerCase() === 'style');
  if (!style?.value?.includes('url(')) return [];
  const css = text.slice(style.valueFrom, style.valueTo);
  // An entity stands for a quote, and its offsets are not those of the text.
  if (css.includes('&')) return [];
  return yield* linksOfCss(css, style.valueFrom, parsers.readCssTokens);
}

function* readTagsOnly(
  text: string,
  template: string,
  from: number,
  parsers: Parsers,
): Steps<WrittenLink[]> {
  const tags = yield* parsers.readTags(template);
  const links = tags.map((tag) => linkOfTag(text, movedTag(tag, from)));
  return links
    .filter((link) => link !== undefined)
    .map((link): WrittenLink => ({ ...link, isInString: true }));
}

function movedTag(tag: Tag, by: number): Tag {
  return {
    ...tag,
    from: tag.from + by,
    to: tag.to + by,
    attributes: tag.attributes.map((each) => ({
      ...each,
      from: each.from + by,
      to: each.to + by,
      valueFrom: each.valueFrom + by,
      valueTo: each.valueTo + by,
    })),
  };
}

/** What was read behind masks gets back what stands there. */
function shown(links: WrittenLink[], text: string): WrittenLink[] {
  return links.map((link) => {
    const { target } = link;
    if (!target.written.includes(mask)) return link;
    const written = text.slice(...target.span);
    return { ...link, target: { ...target, written, target: written }, hasVariable: true };
  });
}

/** An import has no words of its own: it gets those of the element that shows it. */
function joinImports(
  text: string,
  links: readonly WrittenLink[],
  imports: ReadonlyMap<string, WrittenLink>,
): void {
  if (imports.size === 0) return;
  for (const { family, hasVariable, target, alt, title, width, height } of links) {
    if (family !== 'tag' || !hasVariable || target.target !== '') continue;
    const [, name = ''] = /^\s*([\w$]+)/.exec(text.slice(...target.span)) ?? [];
    const imported = imports.get(name);
    if (!imported) continue;
    if (alt && !alt.isComputed) imported.alt ??= alt;
    if (title) imported.title ??= title;
    if (width) imported.width ??= width;
    if (height) imported.height ??= height;
  }
}

const folderName = /^:imagesdir:|\\graphicspath/gm;

/** The last folder that is named before a link counts, as a processor reads it. */
function inFolders(links: WrittenLink[], language: LanguageName, whole: string): WrittenLink[] {
  if (whole.search(folderName) < 0) return links;
  const text = without(whole, codeOf(whole, language));
  const changes = [...text.matchAll(folderName)].map(({ index }) => index);
  let next = 0;
  let folders: string[] = [];
  let other: string | undefined;
  return links.map((link) => {
    const begun = next;
    while ((changes[next] ?? Number.POSITIVE_INFINITY) < link.whole[0]) next += 1;
    if (next > begun) {
      const part = text.slice(changes[next - 1], link.whole[0]);
      folders = imageFolders(language, part);
      other = otherImagesFolder(language, part);
    }
    if (other !== undefined && !link.target.folders) return inOtherFolder(link, other);
    if (link.target.folders) return link;
    return folders.length === 0 ? link : { ...link, target: { ...link.target, folders } };
  });
}

/** An address, or a path from the root, which only what starts from nowhere else follows. */
function inOtherFolder(link: WrittenLink, folder: string): WrittenLink {
  const { target } = link;
  if (/^(?:[a-z][\w+.-]*:|[/\\])/i.test(target.target)) return link;
  if (/[{}]/.test(folder)) return { ...link, hasVariable: true };
  return {
    ...link,
    target: { ...target, target: `${folder.replace(/\/$/, '')}/${target.target}` },
  };
}

function blank(text: string): string {
  return text.replace(/[^\n]+/g, (line) => ' '.repeat(line.length));
}

/** The text with blanks for all but some of it. */
function only(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return '';
  let result = '';
  for (const [from, to] of spans)
    if (from >= result.length) result += ' '.repeat(from - result.length) + text.slice(from, to);
  return result;
}

/** The text with blanks for some of it. */
function without(text: string, spans: readonly Span[]): string {
  let result = '';
  for (const [from, to] of spans) {
    if (from < result.length) continue;
    result += text.slice(result.length, from);
    result += blank(text.slice(from, to));
  }
  return result + text.slice(result.length);
}

function masked(text: string, offset: number, holes: readonly Span[]): string {
  let result = '';
  for (const [from, to] of holes) {
    if (from - offset < result.length) continue;
    result += text.slice(result.length, from - offset);
    result += mask.repeat(to - from);
  }
  return result + text.slice(result.length);
}
