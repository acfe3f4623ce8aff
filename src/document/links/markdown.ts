import type { SyntaxNode, SyntaxNodeRef, Tree } from '@lezer/common';
import { withoutEntities } from '../linkText.ts';
import type { Steps } from './steps.ts';
import {
  writtenLink,
  writtenSize,
  type LinkParts,
  type Span,
  type WrittenLink,
  type WrittenSize,
  type WrittenTarget,
  type WrittenWords,
} from './writtenLink.ts';

/** What a document in Markdown holds: its links, and what is in other languages. */
export interface MarkdownParts {
  links: WrittenLink[];
  /** Pages in it, in their order. */
  html: Span[];
  /** Code, in which nothing is a link. */
  code: Span[];
}

/** `{width=300 height="200"}`, as Pandoc, Kramdown and others write it behind an image. */
const attributes = /^\{:?([^{}\n]{1,300})\}/;
const attribute = /(width|height)=(?:"([^"]*)"|'([^']*)'|([^\s"'}]+))/g;
const sizeOfTarget = /=(\d{0,5}%?)x?(\d{0,5}%?)[ \t]*\)$/;
const obsidianSize = /^(\d{1,5})(?:x(\d{1,5}))?$/;
/** What a template or a build puts into an address. */
const hole = /\{\{|\{%|\$\{|<[%?]|^\{[^}]*\}/;
const marks = new Set([
  'EmphasisMark',
  'CodeMark',
  'StrikethroughMark',
  'LinkMark',
  'URL',
  'LinkTitle',
  'LinkLabel',
]);
const nodesOfStep = 500;
const codeNodes = new Set(['FencedCode', 'CodeBlock', 'InlineCode']);

/** The links of a text by its tree. A reference takes the target of its definition, wherever it is. */
export function* partsOfMarkdown(text: string, tree: Tree): Steps<MarkdownParts> {
  const parts: MarkdownParts = { links: [], html: [], code: [] };
  const definitions = new Map<string, WrittenLink>();
  const references: SyntaxNode[] = [];
  const cursor = tree.cursor();
  let count = 0;
  for (let isMore = true; isMore;) {
    if ((count += 1) % nodesOfStep === 0) yield;
    isMore = cursor.next(enterNode(text, cursor, parts, { definitions, references }));
  }
  for (const node of references) addIfThere(parts.links, referenceImage(text, node, definitions));
  parts.links.push(...definitions.values());
  return parts;
}

interface References {
  definitions: Map<string, WrittenLink>;
  references: SyntaxNode[];
}

/** @returns whether links may be in the node too */
function enterNode(
  text: string,
  node: SyntaxNodeRef,
  parts: MarkdownParts,
  { definitions, references }: References,
): boolean {
  const { name, from, to } = node;
  if (name === 'Image') {
    const url = urlOf(node.node);
    if (url) parts.links.push(inlineImage(text, node.node, url));
    else references.push(node.node);
  } else if (name === 'ImageEmbed') addIfThere(parts.links, embeddedImage(text, from, to));
  else if (name === 'SizedImage') addIfThere(parts.links, sizedImage(text, from, to));
  else if (name === 'LinkReference') addDefinition(text, node.node, definitions);
  else if (name === 'HTMLBlock' || name === 'HTMLTag' || name === 'CommentBlock')
    parts.html.push(...withoutQuoteMarks(node));
  else if (codeNodes.has(name)) {
    parts.code.push([from, to]);
    return false;
  }
  return name !== 'HTMLTag';
}

function addIfThere(links: WrittenLink[], link: WrittenLink | undefined): void {
  if (link) links.push(link);
}

/** Behind the words: an address in them is read as one too. */
function urlOf(image: SyntaxNode): SyntaxNode | undefined {
  const [, end] = spanOfWords(image);
  return image.getChildren('URL').findLast(({ from }) => from > end);
}

function inlineImage(text: string, node: SyntaxNode, url: SyntaxNode): WrittenLink {
  const title = node.getChild('LinkTitle');
  return writtenLink('markdown', [node.from, node.to], targetOf(text, url, true), {
    ...altOf(text, node),
    ...(title && { title: titleOf(text, title) }),
    ...sizesBehind(text, node.to),
    hasVariable: hole.test(text.slice(url.from, url.to)),
  });
}

function targetOf(text: string, { from, to }: SyntaxNode, isImage: boolean): WrittenTarget {
  const isAngled = text.charAt(from) === '<' && text.charAt(to - 1) === '>';
  const span: Span = isAngled ? [from + 1, to - 1] : [from, to];
  const written = text.slice(...span);
  return { span, written, target: pathWithoutMarkdown(written), isImage };
}

/** The words of an image are read without what stresses them. */
function altOf(text: string, node: SyntaxNode): Pick<LinkParts, 'alt' | 'isDecorative'> {
  const span = spanOfWords(node);
  const holes: Span[] = [];
  const visit = (parent: SyntaxNode): void => {
    for (let child = parent.firstChild; child; child = child.nextSibling) {
      if (child.to <= span[0] || child.from >= span[1]) continue;
      if (marks.has(child.name)) holes.push([child.from, child.to]);
      else visit(child);
    }
  };
  visit(node);
  let words = '';
  let from = span[0];
  for (const [begin, end] of holes) {
    if (begin < from) continue;
    words += text.slice(from, begin);
    from = end;
  }
  words += text.slice(from, span[1]);
  const alt = { span, text: withoutMarkdown(words).replace(/\s+/g, ' ').trim() };
  // Nobody writes `![](a.png)` to say that an image means nothing: they left the words out.
  return { alt, isDecorative: false };
}

/** Between `![` and the bracket that closes it. */
function spanOfWords(node: SyntaxNode): Span {
  const [first, second] = node.getChildren('LinkMark');
  return [first?.to ?? node.from + 2, second?.from ?? node.to - 1];
}

function titleOf(text: string, { from, to }: SyntaxNode): WrittenWords {
  const span: Span = [from + 1, Math.max(from + 1, to - 1)];
  return { span, text: withoutMarkdown(text.slice(...span)) };
}

function sizesBehind(text: string, from: number): LinkParts {
  if (text.charAt(from) !== '{') return {};
  const [, inside] = attributes.exec(text.slice(from, from + 310)) ?? [];
  if (inside === undefined) return {};
  const begin = text.indexOf(inside, from);
  const parts: LinkParts = {};
  for (const found of inside.matchAll(attribute)) {
    const { index, 0: whole, 1: name, 2: double, 3: single, 4: bare } = found;
    const value = double ?? single ?? bare ?? '';
    const end = begin + index + whole.length - (bare === undefined ? 1 : 0);
    const size = writtenSize({ span: [end - value.length, end], text: value });
    if (name === 'width') parts.width ??= size;
    else parts.height ??= size;
  }
  return parts;
}

/** `![alt](target =300x200)` */
function sizedImage(text: string, from: number, to: number): WrittenLink | undefined {
  const written = text.slice(from, to);
  const opened = written.lastIndexOf('](');
  const found = /^\]\([ \t]*(<[^>]*>|\S+)/.exec(written.slice(opened));
  const [whole, url] = found ?? [];
  if (whole === undefined || url === undefined) return undefined;
  const isAngled = url.startsWith('<');
  const end = from + opened + whole.length - (isAngled ? 1 : 0);
  const span: Span = [end - url.length + (isAngled ? 2 : 0), end];
  const alt: WrittenWords = {
    span: [from + 2, from + opened],
    text: withoutMarkdown(written.slice(2, opened)),
  };
  const target = { span, written: text.slice(...span), isImage: true };
  return writtenLink(
    'markdown',
    [from, to],
    { ...target, target: pathWithoutMarkdown(target.written) },
    {
      alt,
      ...sizesInside(written, from),
      hasVariable: hole.test(target.written),
    },
  );
}

function sizesInside(written: string, from: number): LinkParts {
  const found = sizeOfTarget.exec(written);
  if (!found) return {};
  const [, width = '', height = ''] = found;
  const begin = from + found.index + 1;
  const heightFrom = begin + width.length + 1;
  return {
    ...(width && { width: sizeAt(width, begin) }),
    ...(height && { height: sizeAt(height, heightFrom) }),
  };
}

function sizeAt(text: string, from: number): WrittenSize {
  return writtenSize({ span: [from, from + text.length], text });
}

/** `![[image.png|300]]`, as Obsidian and its kin write it; `|words` is its alternative text. */
function embeddedImage(text: string, from: number, to: number): WrittenLink | undefined {
  const inside = text.slice(from + 3, to - 2);
  const nameEnd = inside.search(/\\?[|#]|$/);
  const name = inside.slice(0, nameEnd);
  const begin = from + 3 + name.length - name.trimStart().length;
  const span: Span = [begin, begin + name.trim().length];
  const target = { span, written: text.slice(...span), target: name.trim(), isImage: false };
  if (target.target === '') return undefined;
  const parts: LinkParts = {};
  let at = from + 3 + nameEnd;
  for (const part of inside.slice(nameEnd).split('|').slice(1)) {
    at = text.indexOf('|', at) + 1;
    const [, width, height] = obsidianSize.exec(part.replace(/\\$/, '').trim()) ?? [];
    if (width !== undefined) {
      const begin = at + part.length - part.trimStart().length;
      parts.width = sizeAt(width, begin);
      if (height !== undefined) parts.height = sizeAt(height, begin + width.length + 1);
    } else if (part !== '') parts.alt = { span: [at, at + part.length], text: part.trim() };
  }
  return writtenLink('wiki', [from, to], { ...target, isPath: true, isAnywhere: true }, parts);
}

/** `[label]: target "title"`; a footnote is none. The first of several counts. */
function addDefinition(
  text: string,
  node: SyntaxNode,
  definitions: Map<string, WrittenLink>,
): void {
  const label = node.getChild('LinkLabel');
  const url = node.getChild('URL');
  if (!label || !url || text.charAt(label.from + 1) === '^') return;
  const name = comparable(text.slice(label.from + 1, label.to - 1));
  if (definitions.has(name)) return;
  const title = node.getChild('LinkTitle');
  const link = writtenLink('markdown', [node.from, node.to], targetOf(text, url, false), {
    ...(title && { title: titleOf(text, title) }),
    hasVariable: hole.test(text.slice(url.from, url.to)),
    isDefinition: true,
  });
  definitions.set(name, link);
}

/** `![alt][label]`, `![label][]` and `![label]`. */
function referenceImage(
  text: string,
  node: SyntaxNode,
  definitions: ReadonlyMap<string, WrittenLink>,
): WrittenLink | undefined {
  const label = node.getChild('LinkLabel');
  const given = label ? text.slice(label.from + 1, label.to - 1) : '';
  const name = given.trim() === '' ? text.slice(...spanOfWords(node)) : given;
  const definition = definitions.get(comparable(name));
  if (!definition) return undefined;
  const { target, title, hasVariable } = definition;
  const alt = altOf(text, node);
  // What shows the image describes it, also where it is defined.
  if (alt.alt) definition.alt ??= alt.alt;
  return writtenLink(
    'markdown',
    [node.from, node.to],
    { ...target, isImage: true },
    {
      ...alt,
      ...(title && { title }),
      ...sizesBehind(text, node.to),
      hasVariable,
    },
  );
}

function comparable(name: string): string {
  return name.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** A page in a quotation is read without the signs of the quotation. */
function withoutQuoteMarks(node: SyntaxNodeRef): Span[] {
  const spans: Span[] = [];
  let { from } = node;
  for (const mark of node.node.getChildren('QuoteMark')) {
    spans.push([from, mark.from]);
    from = mark.to;
  }
  return [...spans, [from, node.to]];
}

/** A backslash that escapes nothing is one of the path, not a slash. */
function pathWithoutMarkdown(text: string): string {
  return withoutMarkdown(text).replaceAll('\\', '%5C');
}

function withoutMarkdown(text: string): string {
  return text
    .split(/\\([!-/:-@[-`{-~])/)
    .map((part) => withoutEntities(part))
    .join('');
}
