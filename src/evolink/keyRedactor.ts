/** Stands where a key was. */
const replacement = '[API key]';
/** What is shorter is no key, and is found in many words. */
const minKeyChars = 8;

/** Takes out what has the form of a key, where it is no longer known which key was sent. */
export function withoutKeyForms(text: string): string {
  return text.replace(/\bsk-[\w-]{12,}/gi, replacement);
}

/**
 * A text without the key. With `maxChars` it is only its beginning: of a longer one not much more is
 * read than `maxChars`, and no part of a key is left where it was cut.
 */
export type Redactor = (text: string, maxChars?: number) => string;

/**
 * Takes a key out of texts, however a server or a library may have written it: in other letter case,
 * escaped for JSON, addresses or pages, in base64 or hexadecimal digits, or backwards.
 */
export function keyRedactor(key: string): Redactor {
  if (key.length < minKeyChars) return (text) => text;
  const bytes = Buffer.from(key);
  const spellings = [key, Array.from(key).reverse().join(''), bytes.toString('hex')].map(codesOf);
  const encoded = base64Cores(bytes);
  const longestChars = 2 * key.length * maxCharsOfCharacter;

  function withoutKey(text: string): string {
    // No spelling is shorter than the key.
    if (text.length < key.length) return text;
    let clean = text;
    for (const codes of spellings) clean = withoutSpelling(clean, codes);
    for (const core of encoded) clean = clean.replaceAll(core, replacement);
    return clean;
  }

  return (text, maxChars = text.length) => {
    const readChars = 2 * maxChars + longestChars;
    if (text.length <= readChars) return withoutKey(text);
    // What ends in the middle of a key was not recognized as one.
    return withoutKey(text.slice(0, readChars)).slice(0, -longestChars);
  };
}

/**
 * The part of the key's base64 that is the same whatever stands before and after the key, for each
 * of the three ways in which its bytes may lie in groups of three.
 */
function base64Cores(key: Buffer): string[] {
  return [0, 1, 2].flatMap((bytesBefore) => {
    const bytes = Buffer.concat([Buffer.alloc(bytesBefore), key]);
    const first = Math.ceil((bytesBefore * 8) / 6);
    const end = Math.floor((bytes.length * 8) / 6);
    return [
      bytes.toString('base64').slice(first, end),
      bytes.toString('base64url').slice(first, end),
    ];
  });
}

function withoutSpelling(text: string, codes: readonly number[]): string {
  let clean = '';
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const end = endOfSpelling(text, at, codes);
    if (end === undefined) continue;
    clean += text.slice(from, at) + replacement;
    from = end;
    at = end - 1;
  }
  return clean + text.slice(from);
}

/** Whether an escape begins here, and not only its first character. */
function isEscapeAt(text: string, at: number): boolean {
  const found = text.charCodeAt(at);
  const next = lowerCase(text.charCodeAt(at + 1));
  if (found === percent) return digitOf(next) < 16;
  if (found === ampersand) return next === hash || (next >= 97 && next <= 122);
  return found === backslash && !text.startsWith('\\'.repeat(maxBackslashes), at + 1);
}

/** Where a spelling of the key that begins at `at` ends; undefined when none begins there. */
function endOfSpelling(text: string, at: number, codes: readonly number[]): number | undefined {
  let end = at;
  for (const [index, code] of codes.entries()) {
    const found = text.charCodeAt(end);
    if (isEscapeAt(text, end)) return endOfEscaped(text, end, codes, index);
    if (lowerCase(found) !== code) return undefined;
    end += 1;
  }
  return end;
}

/** The same of a text that has escapes, which may mean more than one thing: `%25` or a percent sign. */
function endOfEscaped(
  text: string,
  at: number,
  codes: readonly number[],
  firstIndex: number,
): number | undefined {
  let ends = [at];
  for (let index = firstIndex; index < codes.length; index += 1) {
    ends = endsOfCharacterAt(text, ends, codes[index] ?? 0);
    if (ends.length === 0) return undefined;
  }
  return ends[0];
}

/** Mostly there is one place, at which nothing has to be collected. */
function endsOfCharacterAt(text: string, places: readonly number[], code: number): number[] {
  const [first] = places;
  if (places.length === 1 && first !== undefined) return endsOfCharacter(text, first, code);
  return [...new Set(places.flatMap((place) => endsOfCharacter(text, place, code)))];
}

const [percent, backslash, ampersand, semicolon, hash] = [37, 92, 38, 59, 35];
const [letterU, letterX] = [117, 120];
const maxPercents = 4;
const maxBackslashes = 3;
const maxDigits = 8;
/** `&#x00000041;` */
const maxCharsOfCharacter = 12;
const entities = [
  ['amp;', 38],
  ['lt;', 60],
  ['gt;', 62],
  ['quot;', 34],
  ['apos;', 39],
] as const;

/** Where one character of the key may end, as it is and in its usual escapes. */
function endsOfCharacter(text: string, at: number, code: number): number[] {
  const found = text.charCodeAt(at);
  const ends = endsOfEscape(text, at, code, found);
  if (lowerCase(found) === code) ends.push(at + 1);
  return ends;
}

function endsOfEscape(text: string, at: number, code: number, found: number): number[] {
  if (found === percent) return endsOfPercents(text, at, code);
  if (found === backslash) return endOfBackslashes(text, at, code);
  return found === ampersand ? endOfEntity(text, at, code) : [];
}

/** `%41`, and `%2541` for what was escaped twice. */
function endsOfPercents(text: string, at: number, code: number): number[] {
  const ends: number[] = [];
  for (let digits = at + 1, count = 0; count < maxPercents; digits += 2, count += 1) {
    const value = numberAt(text, digits, digits + 2, 16);
    if (lowerCase(value) === code) ends.unshift(digits + 2);
    if (value !== percent) break;
  }
  return ends;
}

/** `\"`, `\u0041` and `\x41`, with more backslashes for JSON within JSON. */
function endOfBackslashes(text: string, at: number, code: number): number[] {
  let letter = at + 1;
  while (letter < at + maxBackslashes && text.charCodeAt(letter) === backslash) letter += 1;
  const found = text.charCodeAt(letter);
  const digits = found === letterU ? 4 : found === letterX ? 2 : 0;
  const end = letter + 1 + digits;
  const value = digits === 0 ? found : numberAt(text, letter + 1, end, 16);
  if (lowerCase(value) === code) return [end];
  return lowerCase(found) === code ? [letter + 1] : [];
}

/** `&#65;`, `&#x41;` and `&amp;`. */
function endOfEntity(text: string, at: number, code: number): number[] {
  const named = entities.find(([name, value]) => value === code && text.startsWith(name, at + 1));
  if (named) return [at + 1 + named[0].length];
  if (text.charCodeAt(at + 1) !== hash) return [];
  const isHex = lowerCase(text.charCodeAt(at + 2)) === letterX;
  const begin = at + (isHex ? 3 : 2);
  let end = begin;
  while (end < begin + maxDigits && text.charCodeAt(end) !== semicolon) end += 1;
  if (text.charCodeAt(end) !== semicolon) return [];
  return lowerCase(numberAt(text, begin, end, isHex ? 16 : 10)) === code ? [end + 1] : [];
}

/** The number that a text has from one place to another; -1 when there is something else. */
function numberAt(text: string, from: number, end: number, radix: number): number {
  let value = from < end && end <= text.length ? 0 : -1;
  for (let at = from; at < end && value >= 0; at += 1) {
    const digit = digitOf(lowerCase(text.charCodeAt(at)));
    value = digit < radix ? value * radix + digit : -1;
  }
  return value;
}

function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : Number.POSITIVE_INFINITY;
}

function codesOf(text: string): number[] {
  return Array.from(text, (char) => lowerCase(char.charCodeAt(0)));
}

/** A key is ASCII. */
function lowerCase(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}
