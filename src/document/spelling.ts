import type { AltSpelling, PathSpelling } from './languages.ts';

/** A path from the document's folder, with forward slashes, as each language reads it. */
export const spelledPath: Readonly<Record<PathSpelling, (path: string) => string>> = {
  asIs: (path) => path,
  url: urlPath,
  asciidoc: asciidocPath,
  restructuredtext: restructuredtextPath,
  latex: latexPath,
  string: scriptString,
  typst: typstString,
  org: (path) => path.replace(/[\\[\]]/g, '\\$&'),
};

/** Words in one line, as each language reads them where they describe an image. */
export const spelledAlt: Readonly<Record<AltSpelling, (words: string) => string>> = {
  plain: (words) => words,
  markdown: (words) => markdownText(words, /(?<=\{)\{/g),
  mdx: (words) => markdownText(words, /[{}]/g),
  pandoc: (words) => markdownText(words, /(?<=\{)\{|[@^]/g),
  attribute: attributeText,
  astro: astroValue,
  asciidoc: asciidocText,
  string: scriptString,
  typst: typstString,
  css: (words) => scriptString(words).replaceAll('*/', '*\\/'),
  latex: latexText,
  references: referencesText,
};

/** Slashes stay. A drive or a server is one only in an address. */
function urlPath(path: string): string {
  if (path.startsWith('//')) return `file:${urlSegments(path)}`;
  return isOnDrive(path)
    ? `file:///${path.slice(0, 2)}${urlSegments(path.slice(2))}`
    : urlSegments(path);
}

function isOnDrive(path: string): boolean {
  return /^[a-z]:\//i.test(path);
}

/** Letters and signs of any script stay readable; blanks and what cannot be seen are escaped. */
function urlSegments(path: string): string {
  return path
    .toWellFormed()
    .replace(/[\p{ASCII}\p{Z}\p{C}]/gu, (char) =>
      /[\w./~!*-]/.test(char) ? char : (urlEscapes[char.charCodeAt(0)] ?? encodeURIComponent(char)),
    );
}

/** Processors read the file itself, or write a link to it: letters stay, signs are escaped. */
function asciidocPath(path: string): string {
  if (path.startsWith('//') || isOnDrive(path)) return urlPath(path);
  return path
    .toWellFormed()
    .replace(
      notPlainInAsciidoc,
      (char) => urlEscapes[char.charCodeAt(0)] ?? encodeURIComponent(char),
    );
}

/** Two dashes, three dots and underscores around words are replaced in a line of text. */
const notPlainInAsciidoc =
  /(?<=-)-|(?<=\.\.)\.|^ |(?<![a-z\d])_|_(?![a-z\d])|[^\w/. \u00a1-\uffff-]|(?! )\s/gi;

/** By the code of the character, in ASCII. */
const urlEscapes = Array.from(
  { length: 0x80 },
  (_, code) => `%${code.toString(16).toUpperCase().padStart(2, '0')}`,
);

/** White space that is not escaped is left out of an address. */
function restructuredtextPath(path: string): string {
  return path.replace(/[\\ ]/g, '\\$&');
}

/** LaTeX expands a path; `\\string` stops that. It knows no way to write a quotation mark. */
function latexPath(path: string): string {
  const signs = path.replace(/[#%{}\\]/g, '\\string\\$&').replace(/[~^]/g, '\\string$&');
  return signs.replace(/(?<= ) +/g, (more) => `${'\\space'.repeat(more.length)} `);
}

const latexSigns: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

function latexText(words: string): string {
  return words.replace(/[\\{}$&#%_~^]/g, (char) => latexSigns[char] ?? `\\${char}`);
}

/** In quotes of any kind, in JavaScript and what takes after it. */
function scriptString(text: string): string {
  return text
    .replace(/[\\"'`]|\$(?=\{)/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r');
}

function typstString(text: string): string {
  return text
    .replace(/[\\"]/g, '\\$&')
    .replace(/\p{Cc}/gu, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`);
}

/**
 * A backslash takes the meaning of any sign, in CommonMark and in what extends it.
 * @param more the braces, and what else means something, there
 */
function markdownText(words: string, more: RegExp): string {
  return words
    .replace(
      /[\\[\]`*<|$~]|(?<![a-z\d])_|_(?![a-z\d])|&(?=#?\w{1,40};)|(?<=\{)[%#]|(?<==)=|=(?==)/gi,
      '\\$&',
    )
    .replace(more, '\\$&');
}

/** Pages are templates more often than their language says: neither a brace nor an at sign stands there. */
function attributeText(words: string): string {
  return words
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('{', '&#123;')
    .replaceAll('@', '&#64;');
}

/** Astro undoes escapes before it writes the page, but not those of an expression. */
function astroValue(words: string): string {
  return /[\\&"<{}`]/.test(words) ? `{${JSON.stringify(words)}}` : `"${words}"`;
}

/** By the code of the character, in ASCII. */
const references = Array.from({ length: 0x80 }, (_, code) => `&#${String(code)};`);

/**
 * A comma or an equals sign would begin another attribute, unless it stands in quotes. All else that
 * means something, in a line of text or to the replacement of dashes and dots, is put by its number.
 */
function asciidocText(words: string): string {
  const text = words.replace(
    /[\\[\]{}<>'`*_#^~+|&@]|(?<=-)-|(?<=\.\.)\.|\((?=[(CRT])|:(?=[:/])|;/g,
    (char) => references[char.charCodeAt(0)] ?? char,
  );
  return /[,="()]/.test(text) ? `"${text.replaceAll('"', '\\"')}"` : text;
}

/** Whatever it stands in, of a page or of a Markdown that has tags: all signs are put by their numbers. */
function referencesText(words: string): string {
  return words.replace(
    /[^\w\s.,\u0080-\uffff-]|_/g,
    (char) => references[char.charCodeAt(0)] ?? char,
  );
}
