import { QuoteType, Tokenizer } from 'htmlparser2';
import type { MarkupPart } from '../../blocks/markupParts.ts';
import type { Steps } from '../steps.ts';

/** An attribute as it is written. Offsets are those of the text. */
export interface TagAttribute {
  name: string;
  from: number;
  to: number;
  /** With entities undone; missing where the name stands alone. */
  value?: string;
  /** Where the value stands, without its quotes. */
  valueFrom: number;
  valueTo: number;
}

export interface Tag {
  name: string;
  from: number;
  to: number;
  attributes: TagAttribute[];
  /** Of a script or a style sheet: where its text ends. */
  contentTo?: number;
}

const charsOfStep = 50_000;

/** The tags of a page that are closed, in their order. Comments, and the text of scripts, hold none. */
export function* readTags(text: string): Steps<Tag[]> {
  const tags: Tag[] = [];
  let tag: Tag | undefined;
  let open: Tag | undefined;
  let attribute: TagAttribute | undefined;
  let value = '';
  const endTag = (endIndex: number): void => {
    if (!tag) return;
    tag.to = endIndex + 1;
    if (/^(?:script|style)$/i.test(tag.name)) {
      tag.contentTo = text.length;
      open = tag;
    }
    tags.push(tag);
    tag = undefined;
  };
  const ignore = (): void => undefined;
  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname(from, to) {
        tag = { name: text.slice(from, to), from: from - 1, to, attributes: [] };
      },
      onattribname(from, to) {
        attribute = { name: text.slice(from, to), from, to, valueFrom: to, valueTo: to };
        value = '';
      },
      onattribdata(from, to) {
        value += text.slice(from, to);
      },
      onattribentity(codePoint) {
        value += String.fromCodePoint(codePoint);
      },
      onattribend(quote, end) {
        if (!attribute) return;
        if (quote !== QuoteType.NoValue) {
          const isQuoted = quote !== QuoteType.Unquoted;
          attribute.valueFrom = valueStart(text, attribute.to);
          attribute.valueTo = Math.max(attribute.valueFrom, isQuoted ? end - 1 : end);
          attribute.to = end;
          attribute.value = value;
        }
        // The tag is still being written, and the next one has begun.
        if (/^<[a-z]/i.test(attribute.name))
          tag = { name: attribute.name.slice(1), from: attribute.from, to: 0, attributes: [] };
        else tag?.attributes.push(attribute);
        attribute = undefined;
      },
      onopentagend: endTag,
      onselfclosingtag: endTag,
      onclosetag(from) {
        if (open) open.contentTo = Math.min(open.contentTo ?? from, from - 2);
        open = undefined;
      },
      oncdata: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onend: ignore,
      onprocessinginstruction: ignore,
      ontext: ignore,
      ontextentity: ignore,
    },
  );
  yield* writeAll(tokenizer, text);
  return tags;
}

/** Elements that never have an end tag. */
const voidNames = new Set(
  'area base br col embed hr img input link meta param source track wbr'.split(' '),
);

/** The tags and comments of a page, in their order. */
export function* readMarkup(text: string): Steps<Omit<MarkupPart, 'depth'>[]> {
  const parts: Omit<MarkupPart, 'depth'>[] = [];
  let open: { name: string; from: number } | undefined;
  const endTag = (isEmpty: boolean, end: number): void => {
    if (!open) return;
    const kind = isEmpty || voidNames.has(open.name.toLowerCase()) ? 'empty' : 'open';
    parts.push({ kind, ...open, to: end + 1 });
    open = undefined;
  };
  const comment = (from: number, end: number): void => {
    const begin = text.lastIndexOf('<', from);
    parts.push({ kind: 'comment', name: '', from: begin, to: Math.min(text.length, end + 1) });
  };
  const ignore = (): void => undefined;
  const tokenizer = new Tokenizer(
    { decodeEntities: false },
    {
      onopentagname(from, to) {
        open = { name: text.slice(from, to), from: from - 1 };
      },
      onopentagend: (end) => endTag(false, end),
      onselfclosingtag: (end) => endTag(true, end),
      onclosetag(from, to) {
        const end = text.indexOf('>', to);
        const whole = end < 0 ? text.length : end + 1;
        parts.push({ kind: 'close', name: text.slice(from, to), from: from - 2, to: whole });
      },
      oncomment: comment,
      ondeclaration: comment,
      onprocessinginstruction: comment,
      oncdata: comment,
      onattribname: ignore,
      onattribdata: ignore,
      onattribentity: ignore,
      onattribend: ignore,
      onend: ignore,
      ontext: ignore,
      ontextentity: ignore,
    },
  );
  yield* writeAll(tokenizer, text);
  return parts;
}

function* writeAll(tokenizer: Tokenizer, text: string): Steps<void> {
  for (let from = 0; from < text.length; from += charsOfStep) {
    tokenizer.write(text.slice(from, from + charsOfStep));
    yield;
  }
  tokenizer.end();
}

/** Where the value of an attribute begins, behind its equals sign and quote. */
function valueStart(text: string, nameEnd: number): number {
  let index = nameEnd;
  while (index < text.length && /[\s=]/.test(text.charAt(index))) index += 1;
  return /["']/.test(text.charAt(index)) ? index + 1 : index;
}
