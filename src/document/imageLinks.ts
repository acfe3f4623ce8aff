/** Where an image is linked to in a text. Plain functions, so plain Node tests them. */
export interface FoundLink {
  /** A path or URL with its query. The language's escapes are undone, percent-encoding is not. */
  target: string;
  /** Whether its form shows only images; other links are images by the target's extension. */
  isImage: boolean;
}

/** The parts of a web address, each as it was written. */
export interface WebAddress {
  scheme: string;
  authority: string;
  path: string;
  query: string;
  fragment: string;
}

/** The text around the cursor. */
interface Near {
  text: string;
  cursor: number;
  /** Looks in all of the text; missing where the language has no references. */
  definitionOf?: (label: string) => string | undefined;
}

interface Attribute {
  name: string;
  value: string | undefined;
  /** Where the value begins in the text, and where the attribute ends. */
  begin: number;
  end: number;
}

/** So much of a document is read for the labels in it, at each move of the cursor. */
export const maxReadChars = 400_000;
/** Longer than links are, and short enough to be read at each move of the cursor. */
const reachChars = 4_000;
/** A link may be inside the text of another; a text made to be slow has thousands of beginnings. */
const maxBeginnings = 8;

const forms: [RegExp, (near: Near, start: RegExpExecArray) => FoundLink | undefined][] = [
  [/!\[/g, markdownImage],
  [/<(?:img|source)(?=[\s/])/gi, tag],
  [/\burl\(/gi, cssUrl],
];

// In each pattern, what repeats and what follows begin differently, so that a text that does not
// match fails in linear time.
const altParts = /\\.|[[\]]|\n[ \t\r]*\n/g;
const targetParts = /\\.|[()]|\s/g;
const braces = /[{}]/g;
const angled = /^<((?:\\.|[^<>\n\\])*)>/;
/** A title, or a size as some renderers know it, and the bracket that ends the link. */
const afterTarget = /^(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^)"'\n]|\n(?![ \t\r]*\n))*\)/;
const label = /^\[((?:\\.|[^[\]\\]){0,999})\]/;
/** `[label]: target "title"`, also in a quotation; the target may stand in the next line. */
const definition =
  /^[ \t>]*\[((?:\\.|[^[\]\\]){1,999})\]:[ \t]*(?:\r?\n[ \t>]*)?(?:<((?:\\.|[^<>\n\\])*)>|([^\s<]\S*)).*/gm;
/** A name and its value, up to the brace when the value is one of JSX. */
const attribute =
  /[\s/]*(?:([^\s"'<>/={}]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>{][^\s>]*)|(?=\{)))?|(?=\{))/y;
const tagEnd = /^[\s/]*>/;
const jsString = /^\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)')\s*$/;
const inSrcset = /([^\s,]\S*[^\s,])[^,]*/g;
const afterUrl = /^\s*(?:"((?:\\.|[^"\\\n])*)"|'((?:\\.|[^'\\\n])*)'|((?:\\.|[^\s"'()\\])+))\s*\)/;

/**
 * The image link that an offset of a document is in.
 * @param text the document, or its part around the offset: at most `maxReadChars`
 */
export function imageLinkAt(
  text: string,
  offset: number,
  languageId: string,
): FoundLink | undefined {
  const from = Math.max(0, offset - reachChars);
  const near: Near = { text: text.slice(from, offset + reachChars), cursor: offset - from };
  // In other languages `[name]:` is a property.
  const hasReferences = languageId === 'markdown' || languageId === 'mdx';
  if (hasReferences) {
    let targets: Map<string, string> | undefined;
    near.definitionOf = (label) => (targets ??= definedTargets(text)).get(comparable(label));
  }
  for (const [beginning, read] of forms) {
    const starts = [...near.text.matchAll(beginning)].filter(({ index }) => index <= near.cursor);
    for (const start of starts.slice(-maxBeginnings).reverse()) {
      const link = read(near, start);
      if (link) return link;
    }
  }
  return hasReferences ? definitionAt(near) : undefined;
}

function foundLink(target: string | undefined, isImage: boolean): FoundLink | undefined {
  return target ? { target, isImage } : undefined;
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
function definitionAt({ text, cursor }: Near): FoundLink | undefined {
  for (const { index, 0: whole, 2: inAngles, 3: bare = '' } of text.matchAll(definition))
    if (cursor >= index && cursor <= index + whole.length)
      return foundLink(withoutMarkdown(inAngles ?? bare), false);
  return undefined;
}

/** `<img src="target">` in HTML and JSX; in a `srcset` the image that the cursor is in. */
function tag(
  { text, cursor }: Near,
  { index, 0: opening }: RegExpExecArray,
): FoundLink | undefined {
  const { attributes, end } = attributesFrom(text, index + opening.length);
  const [rest] = tagEnd.exec(text.slice(end)) ?? [];
  if (rest === undefined || cursor > end + rest.length) return undefined;
  const src = attributes.find(({ name }) => name === 'src');
  const srcset = attributes.find(({ name }) => name === 'srcset');
  const isInSrcset = srcset && cursor >= srcset.begin && cursor <= srcset.end;
  // The src of a <source> is a video or a sound.
  if (/img/i.test(opening) && src && !isInSrcset) return foundLink(src.value?.trim(), true);
  const { value = '', begin = 0 } = srcset ?? {};
  const candidates = [...value.matchAll(inSrcset)];
  const [first] = candidates;
  const underCursor = candidates.findLast((each) => begin + each.index <= cursor) ?? first;
  return foundLink((isInSrcset ? underCursor : first)?.[1], true);
}

/** The attributes that stand in a row, and where they end. */
function attributesFrom(text: string, from: number): { attributes: Attribute[]; end: number } {
  const attributes: Attribute[] = [];
  let end = from;
  for (;;) {
    attribute.lastIndex = end;
    const found = attribute.exec(text);
    if (!found) return { attributes, end };
    end += found[0].length;
    const [, name = '', double, single, bare] = found;
    const raw = double ?? single ?? bare;
    const begin = raw === undefined ? end : end - 1 - raw.length;
    let value = raw && withoutEntities(raw);
    if (text[end] === '{') {
      const close = closing(text, end + 1, braces) ?? text.length;
      value = stringOf(text.slice(end + 1, close));
      end = close + 1;
    }
    attributes.push({ name: name.toLowerCase(), value, begin, end });
  }
}

/** The value of an expression that is only a string. */
function stringOf(expression: string): string | undefined {
  const [, double, single = double] = jsString.exec(expression) ?? [];
  return single && withoutBackslashes(single);
}

/** `url(target)`, which may be a font. */
function cssUrl({ text, cursor }: Near, { index }: RegExpExecArray): FoundLink | undefined {
  const from = index + 'url('.length;
  const [whole = '', ...targets] = afterUrl.exec(text.slice(from)) ?? [];
  if (cursor > from + whole.length) return undefined;
  return foundLink(withoutBackslashes(targets.find(Boolean) ?? ''), false);
}

/**
 * Where a bracket that was opened before `from` is closed. `parts` are the brackets, what escapes
 * them, and white space at which a text ends in which all others are closed.
 */
function closing(text: string, from: number, parts: RegExp): number | undefined {
  let depth = 0;
  for (const { index, 0: part } of text.slice(from).matchAll(parts)) {
    if (part.trim() === '') return depth === 0 ? from + index : undefined;
    if (part.startsWith('\\')) continue;
    if ('([{'.includes(part)) depth++;
    else if (depth-- === 0) return from + index;
  }
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

const namedEntities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function withoutEntities(text: string): string {
  return text.replace(
    /&(?:#(x[\da-f]{1,5}|\d{1,6})|(amp|lt|gt|quot|apos));/gi,
    (_all, code: string | undefined, name = '') =>
      code === undefined
        ? (namedEntities[String(name).toLowerCase()] ?? '')
        : String.fromCodePoint(Number(`0${code}`)),
  );
}

function withoutBackslashes(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

/** A link's target as a path, if it is one: its escapes undone, where they are valid. */
export function pathOfLink(target: string): string | undefined {
  if (/^[a-z][\w+.-]*:/i.test(target)) return undefined;
  // Browsers take a backslash for a slash.
  const written = target.replace(/[?#].*$/s, '').replaceAll('\\', '/');
  const path = written.replace(/(?:%[\da-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
  // The name of a host comes next, however its slashes are written.
  return /^[/\\]{2}/.test(path) ? undefined : path;
}

/** A link's target as a web address, if it is one. Nothing in it is decoded, as it may be signed. */
export function webAddressOfLink(target: string): WebAddress | undefined {
  const found = /^(https?):\/\/([^/?#]+)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/is.exec(target);
  if (!found) return undefined;
  const [, scheme = '', authority = '', path = '', query = '', fragment = ''] = found;
  return { scheme, authority, path, query, fragment };
}
