/** The beginning of an SVG, as far as it says how large it is drawn. */
export interface SvgRoot {
  /**
   * Those of the attributes of the outermost element that say it, by their names; their values as
   * they are spelled, up to 200 characters.
   */
  attributes: ReadonlyMap<string, string>;
}

/** `none`: the text is no SVG, however it goes on. `cut`: it ends before that is known. */
export type FoundRoot = SvgRoot | 'none' | 'cut';

/**
 * Finds the outermost element of an XML document behind all that may stand before it, which is an
 * SVG when that element is an `svg`, under any prefix. Entities are not expanded. Takes some
 * milliseconds for each megabyte, whatever that is made of.
 */
export function findSvgRoot(text: string): FoundRoot {
  let at = text.startsWith(byteOrderMark) ? 1 : 0;
  for (let pieces = 0; pieces <= maxPrologPieces; pieces += 1) {
    at = skipBlanks(text, at);
    const skip = prolog.find(([opening]) => text.startsWith(opening, at))?.[1];
    if (!skip) return readRoot(text, at);
    const end = skip(text, at);
    if (end === undefined) return 'cut';
    at = end;
  }
  return 'none';
}

const byteOrderMark = '\ufeff';

/** What is made by programs has far fewer; each takes a moment, however short it is. */
const maxPrologPieces = 50_000;
const maxDoctypeSigns = 100_000;
const maxAttributes = 10_000;

type Skip = (text: string, at: number) => number | undefined;

/** What may stand before an element, by its beginning. */
const prolog: readonly [string, Skip][] = [
  ['<?', skipTo('?>', 2)],
  ['<!--', skipTo('-->', 4)],
  ['<!DOCTYPE', skipDoctype],
  ['<!doctype', skipDoctype],
];

function skipTo(closing: string, openingLength: number): Skip {
  return (text, at) => {
    const end = text.indexOf(closing, at + openingLength);
    return end === -1 ? undefined : end + closing.length;
  };
}

const skipComment = skipTo('-->', 4);
const skipInstruction = skipTo('?>', 2);

/** Its quotes, comments and declarations may have signs in them that end it elsewhere. */
function skipDoctype(text: string, start: number): number | undefined {
  const signs = /["'[\]>]|<!--|<\?/g;
  let isInside = false;
  signs.lastIndex = start + 2;
  let count = 0;
  for (let found = signs.exec(text); found; found = signs.exec(text)) {
    count += 1;
    if (count > maxDoctypeSigns) return undefined;
    const [sign] = found;
    const at = found.index;
    if (sign === '[' || sign === ']') isInside = sign === '[';
    else if (sign === '>') {
      if (!isInside) return at + 1;
    } else {
      const end = skipOver(text, at, sign);
      if (end === undefined) return undefined;
      signs.lastIndex = end;
    }
  }
  return undefined;
}

function skipOver(text: string, at: number, sign: string): number | undefined {
  if (sign === '<!--') return skipComment(text, at);
  if (sign === '<?') return skipInstruction(text, at);
  const end = text.indexOf(sign, at + 1);
  return end === -1 ? undefined : end + 1;
}

function readRoot(text: string, start: number): FoundRoot {
  if (start === text.length) return 'cut';
  if (text[start] !== '<') return 'none';
  const nameEnd = endOf(text, start + 1, /[ \t\r\n/>]/g);
  if (nameEnd === text.length) return nameEnd - start > maxNameChars ? 'none' : 'cut';
  const name = text.slice(start + 1, nameEnd);
  const isSvg = name === 'svg' || (name.endsWith(':svg') && name.indexOf(':') === name.length - 4);
  return isSvg ? readAttributes(text, nameEnd) : 'none';
}

/** No name is longer, and none need be waited for. */
const maxNameChars = 1_000;

const sizeAttributes: readonly string[] = ['width', 'height', 'viewBox'];
const maxValueChars = 200;

/** Those behind very many others are not read: it is an SVG anyway. */
function readAttributes(text: string, start: number): FoundRoot {
  const attributes = new Map<string, string>();
  let at = start;
  for (let count = 0; count < maxAttributes; count += 1) {
    at = skipBlanks(text, at);
    if (at === text.length) return 'cut';
    if (text[at] === '>' || text[at] === '/') return { attributes };
    const nameEnd = endOf(text, at, /[ \t\r\n=/>]/g);
    const equals = skipBlanks(text, nameEnd);
    const quoteAt = skipBlanks(text, equals + 1);
    if (quoteAt >= text.length) return 'cut';
    const quote = text[quoteAt];
    if (nameEnd === at || text[equals] !== '=' || (quote !== '"' && quote !== "'")) return 'none';
    const end = text.indexOf(quote, quoteAt + 1);
    if (end === -1) return 'cut';
    const name = text.slice(at, nameEnd);
    if (sizeAttributes.includes(name))
      attributes.set(name, text.slice(quoteAt + 1, Math.min(end, quoteAt + 1 + maxValueChars)));
    at = end + 1;
  }
  return { attributes };
}

function skipBlanks(text: string, start: number): number {
  return endOf(text, start, /[^ \t\r\n]/g);
}

/** Where the first of these signs stands, or the text ends. */
function endOf(text: string, start: number, sign: RegExp): number {
  sign.lastIndex = Math.min(start, text.length);
  return sign.exec(text)?.index ?? text.length;
}
