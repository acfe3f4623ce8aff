import type { LinkFamily } from './languages.ts';
import { frontMatterEnd } from './links/frontMatter.ts';

/** The text around the cursor, as far as it is read. */
export interface Around {
  before: string;
  after: string;
  /** Absolute, with forward slashes; missing in a text that is no file yet. */
  documentPath?: string | undefined;
  /** Whether a call takes an argument there: the whole text says that, not what is read around it. */
  isArgument?: boolean;
}

/** An empty target before the cursor, and what closes it after the cursor. */
const openTargets: Readonly<Partial<Record<LinkFamily, readonly RegExp[]>>> = {
  markdown: [/\]\(<?\n[>)]/],
  frontMatter: [
    /^[ \t]*(?:-[ \t]+)?(?:["']?[\w.-]{1,100}["']?[ \t]*[:=][ \t]*)?(["'])\n\1,?[ \t]*$/,
    /^[ \t]*(?:-[ \t]+)?["']?[\w.-]{1,100}["']?:[ \t]+\n[ \t]*$/,
    /^[ \t]*-[ \t]+\n[ \t]*$/,
  ],
  tag: [/\b(?:src|srcset|href|poster)\s*=\s*\{?\s*(["'])\n\1/i],
  css: [/\burl\((["']?)\n\1\)/i],
  latex: [/(?:\\includegraphics|\])\{\n\}/],
  asciidoc: [/\bimage::?\n\[/],
  restructuredtext: [/\.\. (?:image|figure)::[ \t]*\n[ \t]*$/],
  typst: [/\bimage\(\s*"\n"/],
  org: [/\[\[(?:file:)?\n\]/],
};

const importedModule = /\b(?:from|import|require\()\s*(["'])\n\1/;

/** Longer than the beginnings of links are. */
const reachChars = 300;

/** Whether the cursor is where a link has its target, and still has none. */
export function isInTarget(families: readonly LinkFamily[], around: Around): boolean {
  const text = marked(around);
  const isData = families.includes('frontMatter') && isInFrontMatter(around);
  return families.some(
    (family) =>
      (family === 'frontMatter') === isData &&
      openTargets[family]?.some((open) => open.test(text)) === true,
  );
}

function isInFrontMatter({ before, after }: Around): boolean {
  return before.length < frontMatterEnd(before + after);
}

/** Whether the cursor is where a module is named, which is a package unless it begins with a dot. */
export function isImported(around: Around): boolean {
  return importedModule.test(marked(around));
}

/** The line of the cursor, which is a line break in it. */
function marked(around: Around): string {
  const { before, after } = lineOf(around);
  return `${before.slice(-reachChars)}\n${after.replace(/\r$/, '').slice(0, reachChars)}`;
}

/** The quotes of the string of a script that the cursor is in. An apostrophe in words opens none. */
export function quoteAround(around: Around): string | undefined {
  const { before, after } = lineOf(around);
  let open: string | undefined;
  for (let index = 0; index < before.length; index += 1) {
    const char = before.charAt(index);
    if (open === undefined) {
      if (/["'`]/.test(char) && !/\w/.test(before.charAt(index - 1))) open = char;
    } else if (char === '\\') index += 1;
    else if (char === open) open = undefined;
  }
  return open !== undefined && after.includes(open) ? open : undefined;
}

/** Whether a script has elements: `<` where a value is expected, and a closing somewhere. */
export function hasElements({ before, after }: Around): boolean {
  const text = before + after;
  return /(?:[=(>?:&|,[{}]|\breturn)\s{0,200}<(?:[A-Za-z]|>)/.test(text) && /\/>|<\//.test(text);
}

/** Whether other text is in the line of the cursor. */
export function isInLine(around: Around): boolean {
  const { before, after } = lineOf(around);
  return /\S/.test(before + after);
}

/** The white space that the line of the cursor begins with, as far as the cursor. */
export function indentation(around: Around): string {
  return /^[ \t]*/.exec(lineOf(around).before)?.[0] ?? '';
}

function lineOf({ before, after }: Around): Around {
  return {
    before: before.slice(before.lastIndexOf('\n') + 1),
    after: after.slice(0, (after.indexOf('\n') + 1 || after.length + 1) - 1),
  };
}
