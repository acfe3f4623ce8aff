import {
  foundLink,
  withoutBackslashes,
  withoutEntities,
  type FoundLink,
  type LinkForm,
  type Near,
} from './linkText.ts';

interface Attribute {
  name: string;
  value: string | undefined;
  /** Where the value begins in the text, and where the attribute ends. */
  begin: number;
  end: number;
}

/** A name and its value, up to the brace when the value is one of JSX. */
const attribute =
  /[\s/]*(?:([^\s"'<>/={}]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>{][^\s>]*)|(?=\{)))?|(?=\{))/y;
const tagEnd = /^[\s/]*>/;
const literal =
  /^\s*(?:require\(\s*)?(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|`([^`$\\]*)`)\s*(?:\)(?:\.default)?\s*)?$/;
/** The name of a file in an expression of a template, which looks for it in a folder of its own. */
const inExpression = /^\s*(?:\{[{%]|<%)[^"']*["']([^"']+)["']/;
const inSrcset = /([^\s,]\S*[^\s,])[^,]*/g;

/** Tags of HTML that show images. Frameworks and projects define others, whose names tell them. */
const ofHtml = /^(?:img|source|image|input|video|link)$/i;
const defined = /^[A-Z]|[-:.](?:img|image|picture|avatar)$/;
/** Attributes whose values are addresses, as Vue and Angular bind them too. */
const address =
  /^(?::|v-bind:|\[(?:attr\.)?)?(src|href|xlink:href|poster|(?:image)?srcset|ngsrc|image)\]?$/;

export const tagForms: readonly LinkForm[] = [[/<[a-z][\w:.-]*(?=[\s/])/gi, tag]];

/** `<img src="target">` and its kin; in a `srcset` the image that the cursor is in. */
function tag({ text, cursor }: Near, { index, 0: begun }: RegExpExecArray): FoundLink | undefined {
  const name = begun.slice(1);
  if (!ofHtml.test(name) && !defined.test(name)) return undefined;
  const { attributes, end } = attributesFrom(text, index + begun.length);
  const [rest] = tagEnd.exec(text.slice(end)) ?? [];
  if (rest === undefined || cursor > end + rest.length) return undefined;
  const isImage = /image|img|picture|^source$/i.test(name);
  const known = attributes.filter((each) => {
    const [, plain = ''] = address.exec(each.name) ?? [];
    // The src of a <source> is a video or a sound.
    return plain !== '' && !(/^source$/i.test(name) && plain === 'src');
  });
  const [first] = known.toSorted((one, other) => rank(one) - rank(other));
  const underCursor = known.find(({ begin, end }) => cursor >= begin && cursor <= end);
  return linkOf(underCursor ?? first, cursor, isImage);
}

/** Where both are, `src` is the image that every browser shows. */
function rank({ name }: Attribute): number {
  return name.endsWith('srcset') ? 1 : 0;
}

function linkOf(
  attribute: Attribute | undefined,
  cursor: number,
  isImage: boolean,
): FoundLink | undefined {
  if (!attribute) return undefined;
  const { name, value = '', begin } = attribute;
  const [, ofTemplate] = inExpression.exec(value) ?? [];
  if (ofTemplate !== undefined) return foundLink(`/${ofTemplate.replace(/^\/+/, '')}`, false);
  if (!name.endsWith('srcset')) return foundLink(value.trim(), isImage);
  const candidates = [...value.matchAll(inSrcset)];
  const underCursor = candidates.findLast((each) => begin + each.index <= cursor);
  return foundLink((underCursor ?? candidates[0])?.[1], isImage);
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
      const close = closingBrace(text, end + 1);
      value = stringOf(text.slice(end + 1, close));
      end = close + 1;
    }
    if (/^(?::|v-bind:|\[)/.test(name)) value = value && stringOf(value);
    attributes.push({ name: name.toLowerCase(), value, begin, end });
  }
}

/** Where a brace that was opened before `from` is closed; those in strings count for nothing. */
function closingBrace(text: string, from: number): number {
  let depth = 0;
  let quote = '';
  for (let index = from; index < text.length; index += 1) {
    const char = text.charAt(index);
    if (char === '\\') index += 1;
    else if (quote !== '') quote = char === quote || char === '\n' ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === '{') depth += 1;
    else if (char === '}' && depth-- === 0) return index;
  }
  return text.length;
}

/** The value of an expression that is only a string, or a module of that name. */
function stringOf(expression: string): string | undefined {
  const [, double, single = double, template = single] = literal.exec(expression) ?? [];
  return template && withoutBackslashes(template);
}
