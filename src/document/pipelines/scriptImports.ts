import type { SyntaxNode, Tree } from '@lezer/common';

/** An import of a script, as it is written. */
export interface WrittenImport {
  module: string;
  /** The name of what the module exports by default. */
  defaultName?: string;
  /** The names of others in the script, by those that the module gives them. */
  names: ReadonlyMap<string, string>;
}

/** Where imports are in a script, and how they are written there. */
export interface ScriptImports {
  imports: readonly WrittenImport[];
  /** Names that have a meaning in the script. */
  taken: ReadonlySet<string>;
  quote: '"' | "'";
  semicolon: string;
  /** What lines begin with. */
  indent: string;
  /** Where the next import goes, with what is written before and behind it. */
  place: { offset: number; lead: string; trail: string };
}

/** What a name may begin with in a binding of `import { name as other }`. */
const specifier = /^(?:([\w$]+)\s+as\s+)?([\w$]+)$/;

/**
 * The imports of a script.
 * @param offset where the script begins in its document
 * @returns undefined where it cannot be told where another import would go
 */
export function importsOf(document: string, tree: Tree, offset: number): ScriptImports | undefined {
  const imports: WrittenImport[] = [];
  const taken = new Set<string>();
  let last: string | undefined;
  let lastEnd = 0;
  let directiveEnd: number | undefined;
  let first: number | undefined;
  const comments: SyntaxNode[] = [];
  const textOf = (from: number, to: number) => document.slice(from + offset, to + offset);
  for (let node = tree.topNode.firstChild; node; node = node.nextSibling) {
    const text = textOf(node.from, node.to);
    const isComment = /Comment$|^Hashbang$/.test(node.name);
    if (node.name === 'ImportDeclaration') {
      last = text;
      lastEnd = node.to;
      const read = readImport(node, textOf);
      if (read) imports.push(read);
    } else if (node.name === 'ExpressionStatement' && node.firstChild?.name === 'String') {
      if (first === undefined) directiveEnd = node.to;
    }
    if (isComment) comments.push(node);
    const isDirective = directiveEnd === node.to;
    if (!isComment && !isDirective) first ??= node.from;
  }
  tree.iterate({
    enter({ name, from, to }) {
      if (/^(?:Variable(?:Definition|Name)|Type(?:Definition|Name)|JSXIdentifier)$/.test(name))
        taken.add(textOf(from, to));
    },
  });
  const script = document.slice(offset);
  const importsEnd = last === undefined ? undefined : lastEnd;
  const place = placeOf(script, importsEnd, directiveEnd, first, comments);
  if (!place) return undefined;
  const likeLine = last === undefined ? (first ?? 0) : lastEnd - last.length;
  const line = script.slice(script.lastIndexOf('\n', likeLine - 1) + 1, likeLine);
  return {
    imports,
    taken,
    quote: last?.includes('"') === true ? '"' : "'",
    semicolon: last === undefined || last.trimEnd().endsWith(';') ? ';' : '',
    indent: line.trim() === '' ? line : '',
    place: { ...place, offset: place.offset + offset },
  };
}

function readImport(
  node: SyntaxNode,
  textOf: (from: number, to: number) => string,
): WrittenImport | undefined {
  const ofChild = (name: string) => {
    const child = node.getChild(name);
    return child ? textOf(child.from, child.to) : undefined;
  };
  const module = ofChild('String')?.slice(1, -1);
  // What is imported as a type is none at run time.
  if (module === undefined || /^import\s+type\s/.test(textOf(node.from, node.from + 40)))
    return undefined;
  const defaultName = ofChild('VariableDefinition');
  const names = new Map<string, string>();
  for (const part of (ofChild('ImportGroup') ?? '').slice(1, -1).split(',')) {
    const [, given, own = ''] = specifier.exec(part.trim()) ?? [];
    if (own !== '') names.set(given ?? own, own);
  }
  return { module, ...(defaultName !== undefined && { defaultName }), names };
}

/** Behind the last import, else behind directives, else before the first statement and its comments. */
function placeOf(
  script: string,
  lastEnd: number | undefined,
  directiveEnd: number | undefined,
  first: number | undefined,
  comments: readonly SyntaxNode[],
): ScriptImports['place'] | undefined {
  const before = lastEnd ?? directiveEnd;
  if (before !== undefined) {
    const end = endOfLine(script, before);
    const lead = lastEnd === undefined ? '\n\n' : '\n';
    return end === undefined ? undefined : { offset: end, lead, trail: '' };
  }
  const trail = first === undefined ? '\n' : '\n\n';
  // A comment right before a statement is about it; others are about the file.
  let gap = script.slice(0, first).lastIndexOf('\n\n');
  for (const { from, to } of comments.toReversed())
    if (gap > from && gap < to) gap = script.slice(0, from).lastIndexOf('\n\n');
  if (gap >= 0) return { offset: gap + 2, lead: '', trail };
  const isBehindTag = script.startsWith('\n') || script.startsWith('\r\n');
  const begins = isBehindTag || script.startsWith('#!') ? script.indexOf('\n') + 1 : 0;
  return { offset: begins, lead: '', trail };
}

/** The end of a line behind a statement and its comment; undefined where more follows there. */
function endOfLine(script: string, from: number): number | undefined {
  const at = script.indexOf('\n', from);
  const end = at < 0 ? script.length : script.charAt(at - 1) === '\r' ? at - 1 : at;
  const rest = script.slice(from, end).replace(/^;/, '').trim();
  const isComment = rest.startsWith('//') || (rest.startsWith('/*') && rest.endsWith('*/'));
  return rest === '' || isComment ? end : undefined;
}
