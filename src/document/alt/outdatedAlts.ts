import { withReplacements, type LinkReading, type Replacement } from '../linksTo.ts';
import type { WrittenLink } from '../links/writtenLink.ts';
import { spelledAlt } from '../spelling.ts';

/** The languages' own spelling first would save little: what is read back decides. */
const spellings = [
  spelledAlt.attribute,
  spelledAlt.markdown,
  spelledAlt.mdx,
  spelledAlt.asciidoc,
  spelledAlt.plain,
  spelledAlt.typst,
  spelledAlt.string,
];

/**
 * What to write so that links to an image whose words are of another image say what it shows. Links
 * without words are left so, and each change is read back: nothing else of the text is another then.
 * @param isTo whether a link leads to the image
 */
export async function outdatedAlts(
  text: string,
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
    const options = new Set(spellings.map((spelled) => spelled(words)));
    for (const option of options) {
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
