import type { Tree } from '@lezer/common';

/** A tag or a comment of a text, in the order in which they stand. */
export interface MarkupPart {
  kind: 'open' | 'close' | 'empty' | 'comment';
  /** As it is written; nothing for the tags of a fragment. */
  name: string;
  from: number;
  to: number;
  /** In how many expressions in braces it stands: what is beside it in one is code. */
  depth: number;
}

/** What is read of a text with tags, for a place in it. */
export interface Markup {
  parts: readonly MarkupPart[];
  /** In how many expressions the place stands. */
  depth: number;
  /** Whether an expression, or the text itself, takes one element alone. */
  areRootsAlone: boolean;
}

/**
 * Gives each part of a page its depth by the braces in the text between them. Text that has a brace
 * for its own sake makes depths that fit nowhere, which is no harm: an image stands in the line then.
 */
export function withDepth(
  text: string,
  parts: readonly Omit<MarkupPart, 'depth'>[],
  offset: number,
): Markup | undefined {
  let depth = 0;
  let end = 0;
  let raw: string | undefined;
  let depthThere: number | undefined;
  const count = (from: number, to: number): void => {
    if (offset >= from && offset <= to) {
      for (let at = from; at < offset; at += 1) depth += braceAt(text, at);
      depthThere = depth;
      for (let at = offset; at < to; at += 1) depth += braceAt(text, at);
    } else for (let at = from; at < to; at += 1) depth += braceAt(text, at);
  };
  const counted = parts.map((part) => {
    if (raw === undefined) count(end, part.from);
    else if (offset >= end && offset <= part.from) depthThere = depth;
    if (part.from < offset && offset < part.to) depthThere = depth;
    end = part.to;
    const isRaw = part.kind === 'open' && /^(?:script|style)$/i.test(part.name);
    raw = isRaw ? part.name : undefined;
    return { ...part, depth };
  });
  if (raw === undefined) count(end, text.length);
  return depthThere === undefined
    ? undefined
    : { parts: counted, depth: depthThere, areRootsAlone: false };
}

function braceAt(text: string, at: number): number {
  const char = text.charAt(at);
  return char === '{' ? 1 : char === '}' ? -1 : 0;
}

const partOf: Readonly<Record<string, MarkupPart['kind']>> = {
  JSXOpenTag: 'open',
  JSXFragmentTag: 'open',
  JSXCloseTag: 'close',
  JSXSelfClosingTag: 'empty',
};

/** The tags of a script that surround a place, or stand beside it. @returns undefined in its code */
export function partsOfScript(text: string, tree: Tree, offset: number): Markup | undefined {
  const { name } = tree.resolveInner(offset, 0);
  if (name !== 'JSXText' && name !== 'JSXElement') return undefined;
  const parts: MarkupPart[] = [];
  let depth = 0;
  const cursor = tree.cursor();
  const isAround = () => cursor.from < offset && offset < cursor.to;
  for (;;) {
    const kind = partOf[cursor.name];
    const isEscape = cursor.name === 'JSXEscape';
    if (kind) parts.push({ kind, ...tagAt(text, cursor), depth });
    // What stands in an expression beside the place is no boundary of its text.
    const isEntered = !kind && (!isEscape || isAround()) && cursor.firstChild();
    if (isEntered) {
      if (isEscape) depth += 1;
      continue;
    }
    while (!cursor.nextSibling()) {
      if (!cursor.parent()) return { parts, depth: depthAt(tree, offset), areRootsAlone: true };
      if (cursor.name === 'JSXEscape') depth -= 1;
    }
  }
}

/** The elements of a script that a place in its code is in, from the inside. */
export function elementsAround(text: string, tree: Tree, offset: number): { name: string }[] {
  const found: { name: string }[] = [];
  for (let node = tree.resolveInner(offset, 0).node.parent; node; node = node.parent) {
    const tag = node.name === 'JSXElement' ? node.firstChild : null;
    if (tag) found.push(tagAt(text, tag));
  }
  return found;
}

function tagAt(text: string, { from, to }: { from: number; to: number }) {
  const written = /^<\/?\s*([^\s/>]*)/.exec(text.slice(from, Math.min(to, from + 200)));
  return { name: written?.[1] ?? '', from, to };
}

function depthAt(tree: Tree, offset: number): number {
  let depth = 0;
  for (let node = tree.resolveInner(offset, 0).node.parent; node; node = node.parent)
    if (node.name === 'JSXEscape') depth += 1;
  return depth;
}
