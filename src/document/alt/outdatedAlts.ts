import type { LanguageName } from '../languageIds.ts';
import { languages } from '../languages.ts';
import { withReplacements, type LinkReading, type Replacement } from '../linksTo.ts';
import type { WrittenLink } from '../links/writtenLink.ts';
import { spelledAlt } from '../spelling.ts';
import { isInCode, quotesBefore } from './tagInCode.ts';

const spellings = [
  spelledAlt.attribute,
  spelledAlt.markdown,
  spelledAlt.mdx,
  spelledAlt.asciidoc,
  spelledAlt.plain,
  spelledAlt.string,
];

/** No parser is kept for them, and what is read back is laxer than their compilers. */
const ofDocuments = ['asciidoc', 'restructuredtext', 'latex', 'typst', 'org'] as const;

/** What may be written for words, the best first. */
function optionsFor(text: string, words: string, link: WrittenLink, language: LanguageName) {
  const { family } = link;
  // A string ends with its quote, whatever that is.
  if (mayBeInString(text, link, language)) return [spelledAlt.references(words)];
  const document = ofDocuments.find((each) => each === family);
  if (document !== undefined) {
    const own = spelledAlt[languages[document].alt](words);
    // A comma in a list of LaTeX ends the words where no braces are around them.
    return document === 'latex' ? [own, `{${own}}`] : [own];
  }
  const first = spelledAlt[family === 'tag' ? 'attribute' : languages[language].alt];
  return new Set([first, ...spellings].map((spelled) => spelled(words)));
}

function mayBeInString(text: string, link: WrittenLink, language: LanguageName): boolean {
  if (link.isInString === true) return true;
  const [from] = link.whole;
  const isString = () => quotesBefore(text, from).some((quote) => quote !== '"');
  return link.family === 'tag' && (isInCode(text, from, language) || isString());
}

/**
 * What to write so that links to an image whose words are of another image say what it shows. Links
 * without words are left so, and each change is read back: nothing else of the text is another then.
 * @param isTo whether a link leads to the image
 */
export async function outdatedAlts(
  text: string,
  language: LanguageName,
  words: string,
  read: LinkReading['read'],
  isTo: (link: WrittenLink) => Promise<boolean>,
): Promise<Replacement[]> {
  const links = (await read(text)) ?? [];
  const found: Replacement[] = [];
  for (const [index, link] of links.entries()) {
    const { alt } = link;
    if (!alt || alt.isComputed || alt.text.trim() === '' || alt.text === words) continue;
    if (link.isDefinition || !(await isTo(link))) continue;
    const [begin, end] = alt.span;
    for (const option of optionsFor(text, words, link, language)) {
      const replacement = { begin, end, text: option };
      const after = await read(withReplacements(text, [replacement]));
      if (!after || !isSameBut(links, after, index, words)) continue;
      found.push(replacement);
      break;
    }
  }
  return found;
}

function isSameBut(
  before: readonly WrittenLink[],
  after: readonly WrittenLink[],
  changed: number,
  words: string,
): boolean {
  return (
    before.length === after.length &&
    after.every(({ target, alt }, index) => {
      const was = before[index];
      const said = index === changed ? words : was?.alt?.text;
      return was?.target.target === target.target && alt?.text === said;
    })
  );
}
