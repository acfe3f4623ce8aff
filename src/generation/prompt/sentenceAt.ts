import { visibleWords } from '../../requests/visibleWords.ts';

/** The lines of a text, without their ends. */
export interface Lines {
  lineCount: number;
  line: (index: number) => string;
}

/** Longer paragraphs are hardly written by hand, and no sentence to be drawn is that long. */
const maxLines = 60;
const maxChars = 500;
/** Fewer are a name, an option or a heading. */
const minWords = 3;
/** From this indent on Markdown takes a line for code. */
const codeIndent = 4;
/** What markup, code and addresses have, and sentences seldom. */
const signsOfMarkup = /[`[\]<>{}|\\=*_#~^$]|:\/\//;
const fences = ['```', '~~~'];
const frontMatter = '---';
const opening = /^["'“‘«„「『(¿¡\p{L}\p{N}]/u;
const listNumber = /^\p{N}{1,9}[.)](?:\s|$)/u;

/**
 * The sentence at a place of a text that is prose, as Markdown: plain words alone, in one line.
 * @param character from 0 on, in UTF-16 units
 * @returns empty where no sentence stands, as in code, front matter, headings, lists and tables
 */
export function sentenceAt(lines: Lines, line: number, character: number): string {
  if (!isProse(lines.line(line))) return '';
  const [first, last] = paragraphAt(lines, line);
  if (last - first >= maxLines || !isWhole(lines, first, last)) return '';
  if (isInBlock(lines, first)) return '';
  const all = Array.from({ length: last - first + 1 }, (_, index) => lines.line(first + index));
  const before = all.slice(0, line - first).reduce((sum, each) => sum + each.length + 1, 0);
  const text = all.join(' ');
  // Behind its last sign the cursor is still at the sentence.
  const place = Math.min(before + character, text.length - 1);
  const sentences = new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(text);
  const sentence = visibleWords(sentences.containing(place)?.segment ?? '');
  return isSentence(sentence) ? sentence : '';
}

function isSentence(words: string): boolean {
  if (words.length > maxChars || signsOfMarkup.test(words)) return false;
  let count = 0;
  for (const { isWordLike } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(
    words,
  ))
    if (isWordLike === true) count += 1;
  return count >= minWords;
}

function isProse(line: string): boolean {
  const words = line.trimStart();
  const indent = line.slice(0, line.length - words.length);
  if (indent.length >= codeIndent || indent.includes('\t')) return false;
  return opening.test(words) && !listNumber.test(words);
}

/** The lines of prose around a line: from the first to the last of them. */
function paragraphAt({ lineCount, line }: Lines, at: number): [first: number, last: number] {
  let [first, last] = [at, at];
  const isFree = () => last - first < maxLines;
  while (first > 0 && isFree() && isProse(line(first - 1))) first -= 1;
  while (last < lineCount - 1 && isFree() && isProse(line(last + 1))) last += 1;
  return [first, last];
}

/** A paragraph ends at an empty line or below a heading: else it is a part of a list or a table. */
function isWhole({ lineCount, line }: Lines, first: number, last: number): boolean {
  const above = first === 0 ? '' : line(first - 1).trimStart();
  const below = last === lineCount - 1 ? '' : line(last + 1).trim();
  return (above === '' || above.startsWith('#')) && below === '';
}

/** Whether a line is in a fenced block, or in the front matter. */
function isInBlock({ line }: Lines, at: number): boolean {
  let fence: string | undefined;
  for (let index = 0; index < at; index += 1) {
    const words = line(index).trim();
    if (fence !== undefined) {
      if (words.startsWith(fence)) fence = undefined;
    } else if (index === 0 && words === frontMatter) fence = frontMatter;
    else fence = fences.find((each) => words.startsWith(each));
  }
  return fence !== undefined;
}
