import { isPlainFolder } from '../imageFolders.ts';
import { closing, withoutEntities } from '../linkText.ts';
import { linksOfForms, listParts, reachChars, trimmedSpan, type Form, type Part } from './forms.ts';
import {
  writtenLink,
  writtenSize,
  type LinkParts,
  type Span,
  type WrittenLink,
  type WrittenTarget,
  type WrittenWords,
} from './writtenLink.ts';

/** Links in languages of documents that no parser is kept for. Their paths stand as they are. */

const asciidocTarget = /^([^\s:[][^\n[]{0,2000}?)\[/;
const directiveOption = /^([ \t]+):([\w-]{1,40}):[ \t]*/;
const latexOptionParts = /\\string\\?.|\\.|[{}[\]]/g;
const latexParts = /\\string\\?.|\\.|[{}]/g;
const latexCaption = /\\caption(?:\[[^\]\\]{0,80}\])?\{([^{}]{0,500})\}/;
const typstString = /^\s{0,100}"((?:\\.|[^"\\])*)"/;
const typstArguments = /^((?:"(?:\\.|[^"\\])*"|[^()"]|\([^()]*\))*)\)/;
const typstCaption = /^\s{0,100},\s{0,100}caption:\s{0,100}\[([^\]\n]{0,1000})\]/;
const orgTarget = /^((?:\\[\\[\]]|[^\\[\]\n]|\\(?![\\[\]]))+)\](?:\[([^\]\n]*)\])?\]/;
const named = /^\s{0,100}([\w-]{1,40})\s{0,100}[=:]\s{0,100}([^]*)$/;

const asciidoc: readonly Form[] = [[/\bimage::?(?!:)/g, asciidocImage]];
const restructuredtext: readonly Form[] = [
  [/\.\.[ \t]+(?:\|[^|\n]+\|[ \t]+)?(?:image|figure)::/g, directive],
];
const latex: readonly Form[] = [[/\\includegraphics\*?(?![a-zA-Z])/g, includegraphics]];
const typst: readonly Form[] = [[/#?\bimage\(/g, typstImage]];
const org: readonly Form[] = [[/\[\[(?:file:|attachment:)?/g, orgLink]];

export const linksOfDocument = {
  asciidoc: (text: string, plain: string) => linksOfForms(text, plain, asciidoc),
  restructuredtext: (text: string, plain: string) => linksOfForms(text, plain, restructuredtext),
  latex: (text: string, plain: string) => linksOfForms(text, plain, latex),
  typst: (text: string, plain: string) => linksOfForms(text, plain, typst),
  org: (text: string, plain: string) => linksOfForms(text, plain, org),
} as const;

/** `image::target[alt,width,height]`, and `image:target[alt]` in a line. Its target is an address. */
function asciidocImage(
  text: string,
  { index, 0: opening }: RegExpExecArray,
): WrittenLink | undefined {
  const from = index + opening.length;
  const near = reach(text, from);
  const [opened, written = ''] = asciidocTarget.exec(near) ?? [];
  if (opened === undefined) return undefined;
  const listEnd = endOfList(near, opened.length);
  if (listEnd === undefined) return undefined;
  const list = near.slice(opened.length, listEnd);
  const span: Span = [from, from + written.length];
  const parts: LinkParts = { hasVariable: /\{[\w-]{1,100}\}/.test(written) };
  let position = 0;
  let folders: string[] | undefined;
  for (const part of listParts(list, span[1] + 1)) {
    const [, name] = /^\s{0,100}([a-z][\w-]{0,40})\s{0,100}=/i.exec(part.text) ?? [];
    const value = name === undefined ? part : valueOf(part);
    position += name === undefined ? 1 : 0;
    const role = name ?? ['', 'alt', 'width', 'height'][position] ?? '';
    if (role === 'imagesdir' && isPlainFolder(value.text)) folders = [value.text];
    addPart(text, parts, role, value, (words) => withoutEntities(words.replaceAll('\\"', '"')));
  }
  const target = { span, written, target: written, isImage: true, ...(folders && { folders }) };
  return writtenLink('asciidoc', [index, from + listEnd + 1], target, parts);
}

/** Where the bracket of a list is closed, in its line; one in quotes closes nothing. */
function endOfList(text: string, from: number): number | undefined {
  for (let index = from; index < text.length && text.charAt(index) !== '\n'; index += 1) {
    const char = text.charAt(index);
    if (char === ']') return index;
    if (char === '\\') index += 1;
    else if (char === '"' && /[[,=\s]/.test(text.charAt(index - 1))) {
      const [quoted] = /^"[^"\n]*"/.exec(text.slice(index)) ?? [''];
      index += Math.max(0, quoted.length - 1);
    }
  }
  return undefined;
}

/** `.. image:: target`, with the options below it. */
function directive(text: string, { index, 0: opening }: RegExpExecArray): WrittenLink | undefined {
  const from = index + opening.length;
  const near = reach(text, from);
  const { options, end } = optionsBelow(near);
  const [line = ''] = near.split('\n', 1);
  const span = trimmedSpan(text, [from, from + line.length]);
  const written = text.slice(...span);
  const target = pathTarget(span, written, written.replace(/\\(.)|\s+/g, '$1'));
  const parts: LinkParts = { hasVariable: /\{\{|\{%/.test(written) };
  for (const { name, span: value } of options) {
    const own = { span: [from + value[0], from + value[1]] as const, text: near.slice(...value) };
    // An option is text as it stands, in one line or in several.
    addPart(text, parts, name, own, (words) => words.split('\n').map(trimmed).join(' '));
  }
  return target && writtenLink('restructuredtext', [index, from + end], target, parts);
}

interface DirectiveOption {
  name: string;
  span: [from: number, to: number];
}

/** The options of a directive whose first line begins a text, and where the last of them ends. */
function optionsBelow(near: string): { options: DirectiveOption[]; end: number } {
  const options: DirectiveOption[] = [];
  const lines = near.split('\n');
  let end = lines[0]?.length ?? 0;
  let column = 0;
  for (const line of lines.slice(1)) {
    const from = end + 1;
    const last = options.at(-1);
    const content = line.trimStart();
    const isMore = last && content !== '' && line.length - content.length > column;
    if (isMore) last.span[1] = from + line.length;
    else {
      const [begin, indent = '', name = ''] = directiveOption.exec(line) ?? [];
      if (begin === undefined) break;
      column = indent.length;
      options.push({ name, span: [from + begin.length, from + line.length] });
    }
    end = from + line.length;
  }
  return { options, end };
}

const trimmed = (line: string): string => line.trim();

/** `\includegraphics[width=1cm,alt={words}]{target}`; the caption of its figure has words too. */
function includegraphics(
  text: string,
  { index, 0: opening }: RegExpExecArray,
): WrittenLink | undefined {
  const begin = index + opening.length;
  const options = optionsOfLatex(reach(text, begin));
  if (!options) return undefined;
  const from = begin + options.end;
  const inside = closing(reach(text, from), 0, latexParts);
  if (inside === undefined) return undefined;
  const span = trimmedSpan(text, [from, from + inside]);
  const written = text.slice(...span);
  const target = pathTarget(span, written, withoutLatex(written));
  const isFixed = written.replace(/\\(?:string\\?.|detokenize|space|[#$%&_{}])/g, '');
  const parts: LinkParts = { hasVariable: /[\\#]/.test(isFixed) };
  const { list, at } = options;
  for (const part of list === '' ? [] : listParts(list, begin + at, '')) {
    const [, name = ''] = named.exec(part.text) ?? [];
    addPart(text, parts, name, valueOf(part), wordsOfLatex);
  }
  const end = from + inside + 1;
  const after = text.slice(end, end + 1_000);
  const figure = after.slice(0, after.search(/\\end\{|\\includegraphics|$/));
  const caption = latexCaption.exec(figure);
  if (caption?.[1] !== undefined) {
    const at = end + caption.index + caption[0].length - 1 - caption[1].length;
    parts.title = { span: [at, at + caption[1].length], text: wordsOfLatex(caption[1]) };
  }
  return (
    target &&
    writtenLink('latex', [index, end], { ...target, extensions: ['png', 'jpg', 'jpeg'] }, parts)
  );
}

/** `[…]`, which may be missing, as far as the brace behind it. */
function optionsOfLatex(near: string): { list: string; at: number; end: number } | undefined {
  const at = near.search(/\S/) + 1;
  const listEnd = near.charAt(at - 1) === '[' ? closing(near, at, latexOptionParts) : at - 1;
  if (listEnd === undefined || near.charAt(at - 1) + near.charAt(listEnd) === '[}')
    return undefined;
  const rest = near.slice(listEnd).replace(/^\]/, '');
  const [, opening] = /^(\s{0,100}\{)/.exec(rest) ?? [];
  if (opening === undefined) return undefined;
  return {
    list: near.slice(at, listEnd),
    at,
    end: near.length - rest.length + opening.length,
  };
}

/** Quotes around a path are no part of it. */
export function withoutLatex(path: string): string {
  const plain = path.trim().replace(/\\detokenize\s*\{([^{}]*)\}/g, '$1');
  return wordsOfLatex(plain.replace(/(\\string)?"/g, (all, kept) => (kept ? all : '')));
}

const latexSigns: Readonly<Record<string, string>> = {
  backslash: '\\',
  asciitilde: '~',
  asciicircum: '^',
};

function wordsOfLatex(written: string): string {
  return written
    .trim()
    .replace(
      /\\text(backslash|asciitilde|asciicircum)(?:\{\}|[ \t]+|(?![a-zA-Z]))|\\string(\\?[^])|(\\space)\s?|\\([#$%&_{}])|[{}]/g,
      (_, name = '', sign = '', space = '', char = '') =>
        (latexSigns[String(name)] ?? '') +
        String(sign).slice(-1) +
        (space ? ' ' : '') +
        String(char),
    );
}

/** `image("target", alt: "…")` */
function typstImage(text: string, { index, 0: opening }: RegExpExecArray): WrittenLink | undefined {
  const from = index + opening.length;
  const near = reach(text, from);
  const [first, written] = typstString.exec(near) ?? [];
  const [inside, list] = typstArguments.exec(near) ?? [];
  if (first === undefined || written === undefined || inside === undefined || list === undefined)
    return undefined;
  const end = from + first.length - 1;
  const target = pathTarget([end - written.length, end], written, withoutTypst(written));
  const parts: LinkParts = {};
  for (const part of listParts(list, from)) {
    const [, name = ''] = named.exec(part.text) ?? [];
    if (!part.text.trim().startsWith('"')) addPart(text, parts, name, valueOf(part), withoutTypst);
  }
  const wholeEnd = from + inside.length;
  const caption = typstCaption.exec(reach(text, wholeEnd));
  if (caption?.[1] !== undefined) {
    const at = wholeEnd + caption[0].length - 1 - caption[1].length;
    parts.title = { span: [at, at + caption[1].length], text: caption[1] };
  }
  return target && writtenLink('typst', [index, wholeEnd], target, parts);
}

const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function withoutTypst(written: string): string {
  return written.replace(/\\(?:u\{([\da-f]{1,5})\}|([^]))/gi, (_, code?: string, char = '') =>
    code === undefined
      ? (controls[String(char)] ?? String(char))
      : String.fromCodePoint(Number(`0x${code}`)),
  );
}

/** `[[file:target]]`, or `[[target][words]]`; a caption may stand above. */
function orgLink(text: string, { index, 0: opening }: RegExpExecArray): WrittenLink | undefined {
  const from = index + opening.length;
  const [whole, written = '', words] = orgTarget.exec(reach(text, from)) ?? [];
  if (whole === undefined) return undefined;
  const span: Span = [from, from + written.length];
  const target = pathTarget(span, written, written.replace(/\\([\\[\]])/g, '$1'));
  const parts: LinkParts = {};
  if (words) {
    const end = from + whole.length - 2;
    parts.alt = { span: [end - words.length, end], text: words };
  }
  const caption = orgCaptionAbove(text, index);
  if (caption) parts.title = caption;
  return target && writtenLink('org', [index, from + whole.length], target, parts);
}

/** `#+CAPTION: words`, in one of the lines above that say something of the image. */
function orgCaptionAbove(text: string, index: number): WrittenWords | undefined {
  let end = text.lastIndexOf('\n', index - 1);
  for (let lines = 0; lines < 10 && end > 0; lines += 1) {
    const begin = text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(begin, end);
    if (!line.startsWith('#+')) return undefined;
    const [keyword] = /^#\+caption:[ \t]{0,100}/i.exec(line) ?? [];
    if (keyword !== undefined && keyword.length < line.length)
      return { span: [begin + keyword.length, end], text: line.slice(keyword.length).trim() };
    end = begin - 1;
  }
  return undefined;
}

function reach(text: string, from: number): string {
  return text.slice(from, from + reachChars);
}

function pathTarget(span: Span, written: string, target: string): WrittenTarget | undefined {
  return target ? { span, written, target, isImage: false, isPath: true } : undefined;
}

/** The value of `name=value`, without the quotes or braces around it. */
function valueOf({ span, text }: Part): Part {
  const [, , value] = named.exec(text) ?? [];
  if (value === undefined) return { span, text };
  const trimmed = value.trim();
  const begin = span[0] + text.length - value.length + value.length - value.trimStart().length;
  const isWrapped = /^(?:"[^]*"|\{[^]*\})$/.test(trimmed) && trimmed.length > 1;
  const inside = isWrapped ? trimmed.slice(1, -1) : trimmed;
  const from = begin + (isWrapped ? 1 : 0);
  return { span: [from, from + inside.length], text: inside };
}

function addPart(
  document: string,
  parts: LinkParts,
  name: string,
  part: Part,
  undo: (written: string) => string,
): void {
  let span = trimmedSpan(document, part.span);
  const first = document.charAt(span[0]);
  if (first === '"' && span[1] - span[0] > 1 && document.charAt(span[1] - 1) === first)
    span = [span[0] + 1, span[1] - 1];
  const words = { span, text: undo(document.slice(...span)) };
  if (words.text === '' && name !== 'alt') return;
  if (name === 'alt') {
    if (words.text !== '') parts.alt ??= words;
  } else if (name === 'title') parts.title ??= words;
  else if (name === 'width') parts.width ??= writtenSize(words);
  else if (name === 'height') parts.height ??= writtenSize(words);
}
