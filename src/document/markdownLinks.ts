import {
  closing,
  foundLink,
  withoutEntities,
  type FoundLink,
  type LinkForm,
  type Near,
} from './linkText.ts';

// In each pattern, what repeats and what follows begin differently, so that a text that does not
// match fails in linear time.
const altParts = /\\.|[[\]]|\n[ \t\r]*\n/g;
const targetParts = /\\.|[()]|\s/g;
const angled = /^<((?:\\.|[^<>\n\\])*)>/;
/** A title, or a size as some renderers know it, and the bracket that ends the link. */
const afterTarget = /^(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^)"'\n]|\n(?![ \t\r]*\n))*\)/;
const label = /^\[((?:\\.|[^[\]\\]){0,999})\]/;
/** `[label]: target "title"`, also in a quotation; the target may stand in the next line. */
const definition =
  /^[ \t>]*\[((?:\\.|[^[\]\\]){1,999})\]:[ \t]*(?:\r?\n[ \t>]*)?(?:<((?:\\.|[^<>\n\\])*)>|([^\s<]\S*)).*/gm;
/** `[[name#heading|size]]`, where a bar in a table is escaped. */
const embedded = /^([^[\]|#\n]{1,1000}?)\\?(?:[|#][^[\]\n]{0,1000})?\]\]/;

export const markdownForms: readonly LinkForm[] = [[/!\[/g, markdownImage]];
/** `![[image.png|300]]`, as Obsidian and its kin write it. */
export const wikiForms: readonly LinkForm[] = [[/!\[\[/g, embeddedImage]];

function embeddedImage({ text, cursor }: Near, { index }: RegExpExecArray): FoundLink | undefined {
  const [whole, target = ''] = embedded.exec(text.slice(index + '![['.length)) ?? [];
  if (whole === undefined || cursor > index + '![['.length + whole.length) return undefined;
  const link = foundLink(target.trim(), false);
  return link && { ...link, isPath: true, isAnywhere: true };
}

/** The target of each label that a text defines, by what looks it up. */
export function definitionsOf(text: string): (label: string) => string | undefined {
  let targets: Map<string, string> | undefined;
  return (label) => (targets ??= definedTargets(text)).get(comparable(label));
}

/** `![alt](target "title")`, `![alt][label]`, `![label][]` and `![label]`. */
function markdownImage(
  { text, cursor, definitionOf }: Near,
  { index }: RegExpExecArray,
): FoundLink | undefined {
  const altEnd = closing(text, index + 2, altParts);
  if (altEnd === undefined || text[altEnd] !== ']') return undefined;
  const next = altEnd + 1;
  const inline = text[next] === '(' ? inlineTarget(text, next + 1) : undefined;
  if (inline)
    return cursor > inline.end ? undefined : foundLink(withoutMarkdown(inline.target), true);
  const [reference = '', given = ''] = label.exec(text.slice(next)) ?? [];
  if (cursor > next + reference.length) return undefined;
  const target = definitionOf?.(given || text.slice(index + 2, altEnd));
  return foundLink(target && withoutMarkdown(target), true);
}

/** The target after `![alt](`. */
function inlineTarget(text: string, from: number): { target: string; end: number } | undefined {
  const begin = from + text.slice(from).search(/\S|$/);
  const [whole, inAngles] = angled.exec(text.slice(begin)) ?? [];
  const end = whole ? begin + whole.length : closing(text, begin, targetParts);
  if (end === undefined) return undefined;
  const rest = afterTarget.exec(text.slice(end))?.[0];
  if (rest === undefined) return undefined;
  return { target: inAngles ?? text.slice(begin, end), end: end + rest.length };
}

/** The target of each label, by its first definition, as it was written. */
function definedTargets(text: string): Map<string, string> {
  const targets = new Map<string, string>();
  for (const [, name = '', inAngles, bare = ''] of text.matchAll(definition)) {
    const label = comparable(name);
    if (!targets.has(label)) targets.set(label, inAngles ?? bare);
  }
  return targets;
}

function comparable(name: string): string {
  return name.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** The definition that the cursor is in; its target may be a web page. */
export function definitionAt({ text, cursor }: Near): FoundLink | undefined {
  for (const { index, 0: whole, 2: inAngles, 3: bare = '' } of text.matchAll(definition))
    if (cursor >= index && cursor <= index + whole.length)
      return foundLink(withoutMarkdown(inAngles ?? bare), false);
  return undefined;
}

/** A backslash that escapes nothing is one of the path, not a slash. */
function withoutMarkdown(text: string): string {
  return text
    .split(/\\([!-/:-@[-`{-~])/)
    .map((part) => withoutEntities(part))
    .join('')
    .replaceAll('\\', '%5C');
}
