import type { SyntaxNode, Tree } from '@lezer/common';
import { hasExtension, imageExtensions } from '../../images/imageExtensions.ts';
import { withoutBackslashes, withoutEntities } from '../linkText.ts';
import { mask } from './maskExpressions.ts';
import type { Tag, TagAttribute } from './parsers/htmlTokenizer.ts';
import type { Steps } from './steps.ts';
import { linkOfTag } from './tags.ts';
import { writtenLink, type Span, type WrittenLink } from './writtenLink.ts';

/** Of a tree, between two moments in which the work can rest. */
const nodesAtOnce = 200;
/** Each of them may stand in another of its kind, thousands deep. */
const deepening: ReadonlySet<string> = new Set(['TemplateString', 'JSXOpenTag']);
/** A template is read as long as templates are. */
const maxTemplateChars = 100_000;

/** What a script holds: its links, and its templates of pages and style sheets. */
export interface ScriptParts {
  links: WrittenLink[];
  /** Templates with signs of other languages, and what a program puts into them. */
  templates: { span: Span; holes: Span[] }[];
  /** The links of imported images, by the names that they have in the script. */
  imports: Map<string, WrittenLink>;
}

/**
 * The links of a script by its tree: elements of JSX, and strings that are paths of images.
 * @param offset where the script begins in its document
 * @param onlyImports in a page only imports are certain to be paths
 */
export function* partsOfScript(
  document: string,
  tree: Tree,
  offset: number,
  onlyImports = false,
): Steps<ScriptParts> {
  const parts: ScriptParts = { links: [], templates: [], imports: new Map() };
  const tagTargets = new Set<number>();
  const cursor = tree.cursor();
  let seen = 0;
  do {
    seen += 1;
    // A node deep in others takes long to be had.
    if (seen % nodesAtOnce === 0 || deepening.has(cursor.name)) yield;
    const { name, from, to } = cursor;
    if (name === 'JSXOpenTag' || name === 'JSXSelfClosingTag') {
      const tag = tagOf(document, cursor.node, offset);
      const link = tag && linkOfTag(document, tag);
      if (!link) continue;
      parts.links.push(link);
      tagTargets.add(link.target.span[0]);
    } else if (name === 'String') {
      const { node } = cursor;
      const isModule = isModuleName(document, node, offset);
      if (onlyImports && !isModule) continue;
      const span: Span = [from + offset, to + offset];
      const link = stringOfPath(document, span, onlyImports ? 'import' : 'script');
      if (!link && !onlyImports) parts.templates.push(...styleOf(document, span));
      if (!link || tagTargets.has(link.target.span[0])) continue;
      const binding =
        node.parent?.name === 'ImportDeclaration' ? boundName(document, node, offset) : undefined;
      const own = isModule ? { ...link, isDefinition: true as const } : link;
      parts.links.push(own);
      if (binding !== undefined) parts.imports.set(binding, own);
    } else if (name === 'TemplateString' && !onlyImports) {
      if (to - from > maxTemplateChars) continue;
      const span: Span = [from + offset, to + offset];
      const holes = cursor.node
        .getChildren('Interpolation')
        .map((hole): Span => [hole.from + offset, hole.to + offset]);
      const link = holes.length === 0 ? stringOfPath(document, span, 'script') : undefined;
      if (link && !tagTargets.has(link.target.span[0])) parts.links.push(link);
      else if (!link && /[<(]/.test(document.slice(...span))) parts.templates.push({ span, holes });
    }
  } while (cursor.next());
  return parts;
}

/** An element of JSX as a page's parser would give it; its expressions stand behind masks. */
function tagOf(text: string, node: SyntaxNode, offset: number): Tag | undefined {
  const nameNode = node.firstChild?.nextSibling;
  if (!nameNode) return undefined;
  const attributes = node.getChildren('JSXAttribute').flatMap((each): TagAttribute[] => {
    const name = each.firstChild;
    if (!name) return [];
    const value = each.getChild('JSXAttributeValue');
    const code = each.getChild('JSXEscape');
    const base = {
      name: text.slice(name.from + offset, name.to + offset),
      from: each.from + offset,
      to: each.to + offset,
    };
    if (code)
      return [{ ...base, value: mask, valueFrom: code.from + offset, valueTo: code.to + offset }];
    if (!value) return [{ ...base, valueFrom: base.to, valueTo: base.to }];
    const span: Span = [value.from + 1 + offset, value.to - 1 + offset];
    const words = withoutEntities(text.slice(...span));
    return [{ ...base, value: words, valueFrom: span[0], valueTo: span[1] }];
  });
  const name = text.slice(nameNode.from + offset, nameNode.to + offset);
  return { name, from: node.from + offset, to: node.to + offset, attributes };
}

/** What a string says of a style, as in `backgroundImage: 'url(/hero.png)'`; an escape would end a path. */
function styleOf(document: string, [from, to]: Span): ScriptParts['templates'] {
  if (to - from > maxTemplateChars) return [];
  const inside: Span = [from + 1, to - 1];
  const words = document.slice(...inside);
  return /\burl\(/i.test(words) && !/[<\\]/.test(words) ? [{ span: inside, holes: [] }] : [];
}

/** A string that is the path of an image, as in `import hero from './hero.png'`. */
function stringOfPath(
  text: string,
  [from, to]: Span,
  family: 'script' | 'import',
): WrittenLink | undefined {
  const span: Span = [from + 1, to - 1];
  const quote = text.charAt(from);
  if (to - from < 3 || text.charAt(to - 1) !== quote) return undefined;
  const written = text.slice(...span);
  const value = withoutBackslashes(written);
  const isPath = [value, value.replace(/[?#].*/s, '')].some((path) =>
    hasExtension(path, imageExtensions),
  );
  // The end of a name that a program puts together is none.
  if (!isPath || /^\.[a-z]{1,5}$/i.test(value)) return undefined;
  const target = { span, written, target: value, isImage: false, isPath: true, hasAliases: true };
  return writtenLink(family, [from, to], target, { hasVariable: /\{\{|\$\{|\{%|<%/.test(written) });
}

/** Whether a string says where a module is. */
function isModuleName(text: string, { parent }: SyntaxNode, offset: number): boolean {
  if (!parent) return false;
  if (/^(?:ImportDeclaration|ExportDeclaration|DynamicImport)$/.test(parent.name)) return true;
  const callee = parent.name === 'ArgList' ? parent.prevSibling : null;
  const name = callee && text.slice(callee.from + offset, callee.to + offset);
  return name === 'require' || name === 'import';
}

/** The name that a script gives to the module of a string. */
function boundName(text: string, { parent }: SyntaxNode, offset: number): string | undefined {
  const definition = parent?.getChild('VariableDefinition');
  return definition ? text.slice(definition.from + offset, definition.to + offset) : undefined;
}
