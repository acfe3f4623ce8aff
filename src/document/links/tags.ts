import { withoutBackslashes, withoutEntities } from '../linkText.ts';
import { mask } from './maskExpressions.ts';
import type { Tag, TagAttribute } from './parsers/htmlTokenizer.ts';
import { srcsetParts } from './srcset.ts';
import {
  writtenLink,
  writtenSize,
  type Candidate,
  type LinkParts,
  type Span,
  type WrittenLink,
  type WrittenSize,
  type WrittenTarget,
  type WrittenWords,
} from './writtenLink.ts';

/** What an attribute says: words, or the code that computes them. */
interface Value {
  name: string;
  /** Of the words, or of the code, without quotes and braces. */
  span: Span;
  /** Missing where only a program knows it. */
  text: string | undefined;
  /** Whether a template puts something into the words. */
  hasHoles: boolean;
}

/** Tags of HTML that show images. Frameworks and projects define others, whose names tell them. */
const ofHtml = /^(?:img|source|image|input|video|link|meta)$/i;
const defined = /^[A-Z]|[-:.](?:img|image|picture|avatar)$/;
const address = /^(?:src|href|xlink:href|poster|(?:image)?srcset|ngsrc|image)$/;
const boundName = /^(?::|v-bind:|\[(?:attr\.)?)([\w:-]+)\]?$/;
const isOfImages = /image|img|picture|^source$|^meta$/i;
/** Names under which a page says what others show for it. */
const shared = /^(?:og|twitter):image(?::(?:url|secure_url|src))?$/i;
const literal =
  /^(\s*(?:require\(\s*|new\s+URL\(\s*)?)(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|`([^`$\\]*)`)\s*(?:,\s*import\.meta\.url\s*)?(?:\)(?:\.(?:default|href))?\s*)?$/;
const number = /^\s*(\d{1,6}(?:\.\d{1,6})?)\s*$/;
/** The name of a file in an expression of a template, which looks for it in a folder of its own. */
const inTemplate = /^\s*(?:\{[{%]|<%)[^"']*(["'])([^"']+)["']/;
/** Where a component or a template puts a value in. An alias, as in `@/a.png`, is none. */
const hole = /\{|<[%?]|@\(|^@\w{1,100}[.(]|[/_-]@\w{1,100}(?:\(|\.\w{1,100}[.(/])/;
/** In braces too, but a template's and no expression of a component. */
const placeholder = /^\{(?:\{[^]*\}\}|%[^]*%\}|#[^]*#\})$/;
const shorthand = /^\{\s*([\w$]+)\s*\}$/;
const styleSize = /(?:^|;)\s*(width|height)\s*:\s*(\d{1,6}(?:\.\d{1,6})?px)/gi;

/** The link of `<img src="target">` and its kin, if a tag is one. */
export function linkOfTag(text: string, tag: Tag): WrittenLink | undefined {
  const { name } = tag;
  if (!ofHtml.test(name) && !defined.test(name)) return undefined;
  const values = tag.attributes.map((each) => valueOf(text, each));
  const isOfMedia = /^(?:source|video)$/i.test(name);
  const known = /^meta$/i.test(name)
    ? sharedImage(values)
    : // The src of these is a video or a sound.
      values.filter((each) => address.test(each.name) && !(isOfMedia && each.name === 'src'));
  // Where both are, `src` is the image that every browser shows.
  const main = known.find((each) => !isSrcset(each)) ?? known[0];
  if (!main) return undefined;
  const isImage = isOfImages.test(name);
  const candidates = known.filter(isSrcset).flatMap((each) => candidatesOf(text, each, isImage));
  const target =
    (isSrcset(main) ? candidates[0]?.target : undefined) ?? targetOf(text, main, isImage);
  if (target.written === '') return undefined;
  return writtenLink('tag', [tag.from, tag.to], target, {
    candidates,
    ...wordsOf(values),
    hasVariable: main.text === undefined || main.hasHoles,
  });
}

function isSrcset({ name }: Value): boolean {
  return name.endsWith('srcset');
}

/** `<meta property="og:image" content="target">` */
function sharedImage(values: readonly Value[]): Value[] {
  const isShared = values.some(
    ({ name, text = '' }) => (name === 'property' || name === 'name') && shared.test(text),
  );
  return isShared ? values.filter(({ name }) => name === 'content') : [];
}

/** Reads what an attribute says, also where Vue, Angular, JSX or Svelte take it from an expression. */
function valueOf(text: string, attribute: TagAttribute): Value {
  const { valueFrom, valueTo } = attribute;
  const whole = text.slice(valueFrom, valueTo);
  // Without quotes, the slash that closes the tag is read as a part of the value.
  const written = attribute.value?.startsWith(mask) ? whole.replace(/\}\/$/, '}') : whole;
  const short = shorthand.exec(text.slice(attribute.from, attribute.to));
  if (attribute.name.startsWith(mask))
    return {
      name: (short?.[1] ?? '').toLowerCase(),
      span: [attribute.from + 1, attribute.to - 1],
      text: undefined,
      hasHoles: true,
    };
  const [, bound] = boundName.exec(attribute.name) ?? [];
  const name = (bound ?? attribute.name).toLowerCase();
  if (bound !== undefined) return expressionValue(name, written, valueFrom);
  const isInBraces = written.startsWith('{') && written.endsWith('}') && !placeholder.test(written);
  const isQuoted = /["']/.test(text.charAt(valueFrom - 1));
  if (written.startsWith('`') && !isQuoted) return expressionValue(name, written, valueFrom);
  if (isInBraces && attribute.value?.startsWith(mask))
    return expressionValue(name, written.slice(1, -1), valueFrom + 1);
  return {
    name,
    span: [valueFrom, valueTo],
    text: attribute.value === undefined ? '' : withoutEntitiesOf(attribute, written),
    hasHoles: attribute.value?.includes(mask) === true || hole.test(written),
  };
}

/** Masks are put for what the value is read without; its words are those of the text. */
function withoutEntitiesOf({ value = '' }: TagAttribute, written: string): string {
  return value.includes(mask) ? withoutEntities(written) : value;
}

/** An expression that is only a string, or a module of that name. */
function expressionValue(name: string, code: string, from: number): Value {
  const [, digits] = number.exec(code) ?? [];
  if (digits !== undefined) {
    const begin = from + code.indexOf(digits);
    return { name, span: [begin, begin + digits.length], text: digits, hasHoles: false };
  }
  const found = literal.exec(code);
  const [, before = '', double, single = double, template = single] = found ?? [];
  if (template === undefined)
    return { name, span: [from, from + code.length], text: undefined, hasHoles: false };
  const begin = from + before.length + 1;
  return {
    name,
    span: [begin, begin + template.length],
    text: withoutBackslashes(template),
    hasHoles: false,
  };
}

function targetOf(text: string, { span, text: words }: Value, isImage: boolean): WrittenTarget {
  const written = text.slice(...span);
  const [whole, , ofTemplate] = inTemplate.exec(written) ?? [];
  if (whole !== undefined && ofTemplate !== undefined) {
    const from = span[0] + whole.length - 1 - ofTemplate.length;
    const target = `/${ofTemplate.replace(/^\/+/, '')}`;
    return { span: [from, from + ofTemplate.length], written: ofTemplate, target, isImage: false };
  }
  const begin = span[0] + written.length - written.trimStart().length;
  const own: Span = [begin, begin + written.trim().length];
  return { span: own, written: text.slice(...own), target: (words ?? '').trim(), isImage };
}

function candidatesOf(text: string, { span, text: words }: Value, isImage: boolean): Candidate[] {
  if (words === undefined) return [];
  return srcsetParts(text.slice(...span), span[0]).map(({ whole, url, descriptor }) => {
    const written = text.slice(...url);
    return {
      whole,
      descriptor,
      target: { span: url, written, target: withoutEntities(written), isImage },
    };
  });
}

function wordsOf(values: readonly Value[]): LinkParts {
  const parts: LinkParts = {};
  for (const { name, span, text, hasHoles } of values) {
    const isComputed = text === undefined || hasHoles;
    const words: WrittenWords = isComputed ? { span, text: '', isComputed } : { span, text };
    if (name === 'alt') {
      parts.alt ??= words;
      parts.isDecorative = !isComputed && text.trim() === '';
    } else if (isComputed) continue;
    else if (name === 'title' || (name === 'aria-label' && text !== '')) parts.title ??= words;
    else if (name === 'width' || name === 'height') parts[name] ??= writtenSize(words);
    else if (name === 'style') {
      for (const [property, size] of Object.entries(sizesOfStyle(words))) {
        if (property === 'width') parts.width ??= size;
        else parts.height ??= size;
      }
    }
  }
  return parts;
}

function sizesOfStyle({ span, text }: WrittenWords): Record<string, WrittenSize> {
  const sizes: Record<string, WrittenSize> = {};
  // With entities in it, offsets in the words are not those of the text.
  if (span[1] - span[0] !== text.length) return sizes;
  for (const { index, 0: whole, 1: property = '', 2: size = '' } of text.matchAll(styleSize)) {
    const from = span[0] + index + whole.length - size.length;
    sizes[property.toLowerCase()] = writtenSize({ span: [from, from + size.length], text: size });
  }
  return sizes;
}
