import { cssForms } from './cssLinks.ts';
import {
  asciidocForms,
  latexForms,
  orgForms,
  restructuredtextForms,
  typstForms,
} from './documentLinks.ts';
import { imageFolders } from './imageFolders.ts';
import type { LanguageName } from './languageIds.ts';
import { languages, type LinkFamily } from './languages.ts';
import type { FoundLink, LinkForm, Near } from './linkText.ts';
import { definitionAt, definitionsOf, markdownForms, wikiForms } from './markdownLinks.ts';
import { pugForms } from './pugLinks.ts';
import { importForms, scriptForms } from './scriptLinks.ts';
import { tagForms } from './tagLinks.ts';

/** So much of a document is read for the labels in it, at each move of the cursor. */
export const maxReadChars = 400_000;
/** Longer than links are, and short enough to be read at each move of the cursor. */
const reachChars = 4_000;
/** A link may be inside the text of another; a text made to be slow has thousands of beginnings. */
const maxBeginnings = 8;

const forms: Readonly<Record<LinkFamily, readonly LinkForm[]>> = {
  markdown: markdownForms,
  wiki: wikiForms,
  tag: tagForms,
  css: cssForms,
  pug: pugForms,
  script: scriptForms,
  import: importForms,
  latex: latexForms,
  asciidoc: asciidocForms,
  restructuredtext: restructuredtextForms,
  typst: typstForms,
  org: orgForms,
};

/** How much of a document is read around the cursor: more where something far from it says what is meant. */
export function charsToRead(language: LanguageName): number {
  const { links } = languages[language];
  const isFarRead = (['wiki', 'asciidoc', 'latex'] as const).some((each) => links.includes(each));
  return isFarRead ? maxReadChars : 2 * reachChars;
}

/**
 * The image link that an offset of a document is in.
 * @param text the document, or its part around the offset: at most `maxReadChars`
 */
export function imageLinkAt(
  text: string,
  offset: number,
  language: LanguageName,
): FoundLink | undefined {
  const from = Math.max(0, offset - reachChars);
  const near: Near = { text: text.slice(from, offset + reachChars), cursor: offset - from };
  const families = languages[language].links;
  // In other languages `[name]:` is a property.
  const hasReferences = families.includes('wiki');
  if (hasReferences) near.definitionOf = definitionsOf(text);
  for (const [beginning, read] of families.flatMap((family) => forms[family])) {
    const starts = [...near.text.matchAll(beginning)].filter(({ index }) => index <= near.cursor);
    for (const start of starts.slice(-maxBeginnings).reverse()) {
      const link = read(near, start);
      if (link) return { ...link, folders: imageFolders(language, text.slice(0, offset)) };
    }
  }
  return hasReferences ? definitionAt(near) : undefined;
}
