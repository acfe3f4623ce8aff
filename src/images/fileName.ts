import { sep } from 'node:path';
import filenamify from 'filenamify';

/** What a name template may speak of. */
export interface NameFacts {
  prompt: string;
  taskId: string;
  jobId: string;
  model: string;
  size: string;
  quality: string;
  /** 1 for the first of several variations. */
  variation: number;
  at: Date;
}

export const defaultNameTemplate = '${promptSlug}';

/** Short enough for every file system with a folder, a number and an extension beside it. */
const maxNameBytes = 120;
const maxSlugChars = 60;
/** What file systems take, less an extension. A longer name could not be saved at all. */
const maxExactBytes = 240;
/** No name needs more to be made of. Stores of earlier versions may have longer templates. */
const maxTemplateChars = 1_000;
const maxValueChars = 200;
const maxPromptChars = 10_000;

/** A file name without extension, from a template; legal on Windows, macOS and Linux. */
export function fileNameOf(template: string, facts: NameFacts): string {
  const values = new Map<string, string>();
  const filled = template
    .slice(0, maxTemplateChars)
    .replace(/\$\{(\w+)\}/g, (whole, name: string) => {
      if (!Object.hasOwn(variables, name)) return whole;
      // Once for each variable, however often it is used.
      const value =
        values.get(name) ??
        variables[name as keyof typeof variables](facts).slice(0, maxValueChars);
      values.set(name, value);
      return value;
    });
  return legalName(filled);
}

/** Leaves a template room for words of its own within a name. */
const maxBaseBytes = 100;

/**
 * The beginning of a file's own name, in at most `maxBytes` of UTF-8, to be put into a template: a
 * name is cut at its end, where a template says what is different about the new file.
 */
export function shortenedBase(name: string, maxBytes = maxBaseBytes): string {
  const text = name.slice(0, maxTemplateChars).toWellFormed().normalize('NFC');
  const short = shorten(text, maxBytes);
  // Where words were cut apart, the blank between them is left over.
  return short === text ? text : short.trimEnd();
}

/** A file name without extension that is legal everywhere, as near as can be to the text. */
export function legalName(text: string): string {
  const trimmed = visibleName(shorten(legal(text), maxNameBytes));
  // Once more, because what was trimmed may have kept a name from being one of Windows' own.
  return legal(trimmed || 'image');
}

/**
 * What no name begins or ends with: blanks, dots, hyphens, and what shows nothing by itself, such as
 * a selector of an emoji's look or a mark without its letter.
 */
const unseen = /^[\s.\-\p{M}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Without what cannot be seen at either end. Marks stay with the character that carries them. */
function visibleName(name: string): string {
  const whole = wholeCharacters(name);
  const first = whole.findIndex((character) => !unseen.test(character));
  if (first === -1) return '';
  return whole
    .slice(first, whole.findLastIndex((character) => !unseen.test(character)) + 1)
    .join('');
}

/**
 * A file name without extension as it was asked for. On Windows it is changed where it must be: a
 * colon would put the image into a hidden stream of another file, and `con` is a device.
 */
export function exactName(name: string, isWindows = sep === '\\'): string {
  const short = name.length > maxExactBytes / 4 ? shortenedBase(name, maxExactBytes) : name;
  return isWindows ? legal(short) : short;
}

function legal(name: string): string {
  const text = name.slice(0, maxTemplateChars).toWellFormed().normalize('NFC');
  return filenamify(text, { replacement: '-', maxLength: 200 });
}

const variables = {
  promptSlug: (facts: NameFacts) => slugOf(facts.prompt),
  prompt: (facts: NameFacts) => firstChars(facts.prompt),
  taskId: (facts: NameFacts) => facts.taskId,
  jobId: (facts: NameFacts) => facts.jobId,
  model: (facts: NameFacts) => facts.model,
  size: (facts: NameFacts) => facts.size.replace(':', 'x'),
  quality: (facts: NameFacts) => facts.quality,
  n: (facts: NameFacts) => String(facts.variation),
  date: (facts: NameFacts) => localDate(facts.at),
  time: (facts: NameFacts) => localTime(facts.at),
};

/** Names a template may use, for messages and documentation. */
export const nameVariables: readonly string[] = Object.keys(variables);

/** Variables of a template that do not exist. */
export function unknownVariables(template: string): string[] {
  const used = [...template.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1] ?? '');
  return used.filter((name) => !nameVariables.includes(name));
}

/** The words of a prompt, in any script, joined by hyphens. */
export function slugOf(prompt: string): string {
  const words =
    prompt
      .slice(0, maxPromptChars)
      .toLowerCase()
      .normalize('NFC')
      // Marks and letters that show nothing, such as the selectors of an emoji's look.
      .replace(/\p{Default_Ignorable_Code_Point}/gu, (char) =>
        /[\p{L}\p{M}]/u.test(char) ? '' : char,
      )
      .match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu) ?? [];
  let slug = '';
  for (const word of words) {
    const longer = slug ? `${slug}-${word}` : word;
    if (Array.from(longer).length > maxSlugChars) break;
    slug = longer;
  }
  return slug || firstChars(words[0] ?? 'image');
}

function firstChars(text: string): string {
  return Array.from(text.slice(0, 2 * maxSlugChars))
    .slice(0, maxSlugChars)
    .join('');
}

/** The n-th name to try when earlier ones are taken: `fox`, `fox-2`, `fox-3`. */
export function numberedName(name: string, attempt: number): string {
  return attempt <= 1 ? name : `${name}-${String(attempt)}`;
}

const characters = new Intl.Segmenter();

/** Characters as a user counts them. */
function wholeCharacters(text: string): string[] {
  return Array.from(characters.segment(text), ({ segment }) => segment);
}

/** Whole characters, as a user counts them: no mark is torn off its letter, and no emoji apart. */
function shorten(text: string, maxBytes: number): string {
  const whole = wholeCharacters(text);
  // A letter may carry more marks than there is room for.
  return taken(whole, maxBytes) || taken(Array.from(text), maxBytes);
}

function taken(pieces: readonly string[], maxBytes: number): string {
  let sizeBytes = 0;
  let short = '';
  for (const piece of pieces) {
    sizeBytes += Buffer.byteLength(piece);
    if (sizeBytes > maxBytes) break;
    short += piece;
  }
  return short;
}

function localDate(at: Date): string {
  return `${String(at.getFullYear())}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function localTime(at: Date): string {
  return `${two(at.getHours())}-${two(at.getMinutes())}-${two(at.getSeconds())}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
