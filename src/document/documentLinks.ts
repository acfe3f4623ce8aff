import { closing, type FoundLink, type LinkForm, type Near } from './linkText.ts';

/** Links in languages of documents other than Markdown. Their paths stand as they are. */

const asciidocTarget = /^([^\s:[][^\n[]{0,4000}?)\[(?:\\.|[^\]\n\\])*\]/;
const restOfDirective = /^([^\n]*)(?:\n[ \t]+:[^\n]*)*/;
const latexOptions = /^\s*(?:\[[^\]]*\]\s*)?\{/;
const latexParts = /\\string\\?.|\\.|[{}]/g;
const typstString = /^\s*"((?:\\.|[^"\\])*)"/;
const typstArguments = /^(?:"(?:\\.|[^"\\])*"|[^()"]|\([^()]*\))*\)/;
const orgTarget = /^((?:\\[\\[\]]|[^\\[\]\n]|\\(?![\\[\]]))+)\](?:\[[^\]\n]*\])?\]/;

export const asciidocForms: readonly LinkForm[] = [[/\bimage::?(?!:)/g, asciidocImage]];
export const restructuredtextForms: readonly LinkForm[] = [
  [/\.\.[ \t]+(?:\|[^|\n]+\|[ \t]+)?(?:image|figure)::/g, directive],
];
export const latexForms: readonly LinkForm[] = [
  [/\\includegraphics\*?(?![a-zA-Z])/g, includegraphics],
];
export const typstForms: readonly LinkForm[] = [[/#?\bimage\(/g, typstImage]];
export const orgForms: readonly LinkForm[] = [[/\[\[(?:file:|attachment:)?/g, orgLink]];

/** `image::target[alt]`, and `image:target[alt]` in a line. Its target is an address. */
function asciidocImage(
  { text, cursor }: Near,
  { index, 0: opening }: RegExpExecArray,
): FoundLink | undefined {
  const from = index + opening.length;
  const [whole = '', target = ''] = asciidocTarget.exec(text.slice(from)) ?? [];
  if (whole === '' || cursor > from + whole.length) return undefined;
  return { target, isImage: true };
}

/** `.. image:: target`, with the options below it. */
function directive(
  { text, cursor }: Near,
  { index, 0: opening }: RegExpExecArray,
): FoundLink | undefined {
  const from = index + opening.length;
  const [whole = '', written = ''] = restOfDirective.exec(text.slice(from)) ?? [];
  if (cursor > from + whole.length) return undefined;
  const target = written.trim().replace(/\\(.)|\s+/g, '$1');
  return pathLink(target);
}

/** `\includegraphics[width=1cm]{target}` */
function includegraphics(
  { text, cursor }: Near,
  { index, 0: opening }: RegExpExecArray,
): FoundLink | undefined {
  const begin = index + opening.length;
  const [options] = latexOptions.exec(text.slice(begin)) ?? [];
  if (options === undefined) return undefined;
  const from = begin + options.length;
  const end = closing(text, from, latexParts);
  if (end === undefined || cursor > end + 1) return undefined;
  const link = pathLink(withoutLatex(text.slice(from, end)));
  return link && { ...link, extensions: ['png', 'jpg', 'jpeg'] };
}

function withoutLatex(path: string): string {
  return path
    .trimEnd()
    .replace(/^[ \n]+/, '')
    .replace(/\\detokenize\s*\{([^{}]*)\}/g, '$1')
    .replace(
      /\\string(\\?[^])|(\\space)\s?|\\([#$%&_{}])|[{}"]/g,
      (_, sign = '', space = '', char = '') =>
        String(sign).slice(-1) + (space ? ' ' : '') + String(char),
    );
}

/** `image("target", alt: "…")` */
function typstImage(
  { text, cursor }: Near,
  { index, 0: opening }: RegExpExecArray,
): FoundLink | undefined {
  const from = index + opening.length;
  const [, written] = typstString.exec(text.slice(from)) ?? [];
  const [inside] = typstArguments.exec(text.slice(from)) ?? [];
  if (written === undefined || inside === undefined || cursor > from + inside.length)
    return undefined;
  return pathLink(
    written.replace(/\\(?:u\{([\da-f]{1,5})\}|([^]))/gi, (_, code?: string, char = '') =>
      code === undefined
        ? (controls[String(char)] ?? String(char))
        : String.fromCodePoint(Number(`0x${code}`)),
    ),
  );
}

const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** `[[file:target]]`, or `[[target][words]]`. */
function orgLink(
  { text, cursor }: Near,
  { index, 0: opening }: RegExpExecArray,
): FoundLink | undefined {
  const from = index + opening.length;
  const [whole = '', target = ''] = orgTarget.exec(text.slice(from)) ?? [];
  if (whole === '' || cursor > from + whole.length) return undefined;
  return pathLink(target.replace(/\\([\\[\]])/g, '$1'));
}

function pathLink(target: string): FoundLink | undefined {
  return target ? { target, isImage: false, isPath: true } : undefined;
}
