/** Why a text holds no key. */
export type KeyFault =
  | 'empty'
  /** Blanks or signs in it that no key has. */
  | 'signs'
  | 'short'
  | 'long'
  /** A web address. */
  | 'address'
  | 'several'
  /** A key as pages show it: hidden in part. */
  | 'hidden'
  /** What an example has instead of a key. */
  | 'placeholder';

export type KeyText = { key: string } | { fault: KeyFault };

const variableName = 'EVOLINK_API_KEY';
const minKeyChars = 12;
/** No key is as long. */
const maxKeyChars = 4_096;
/** A whole file of settings may be pasted. */
const maxTextChars = 65_536;
const maxLayers = 20;

/**
 * The key in what was pasted: by itself, in quotes, behind "Bearer" or a variable's name, as a header
 * or a line of a `.env`.
 */
export function parseKey(text: string): KeyText {
  if (text.length > maxTextChars) return { fault: 'long' };
  const lines = visible(text)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('//'));
  const named = lines.filter((line) => line.toUpperCase().includes(variableName));
  const meant = named.length > 0 && lines.length > 1 ? named : lines;
  // A brace or a quote on a line of its own is only wrapping.
  const keys = new Set(meant.map(unwrapped).filter((key) => key !== ''));
  const [key = '', ...others] = keys;
  if (others.length > 0) return { fault: 'several' };
  const fault = faultOf(key);
  return fault ? { fault } : { key };
}

/**
 * A key that is kept: as it is, so that one which worked goes on working, else what can be found in
 * its text.
 */
export function parseStoredKey(text: string): KeyText {
  const key = text.trim();
  return hasKeyForm(key) ? { key } : parseKey(text);
}

function hasKeyForm(text: string): boolean {
  return text.length >= minKeyChars && text.length <= maxKeyChars && !/[^\x21-\x7e]/.test(text);
}

function faultOf(key: string): KeyFault | undefined {
  if (key === '') return 'empty';
  if (/^https?:\/\//i.test(key)) return 'address';
  if (/\*{3}|•{3}|\u2026|\.{3}/.test(key) || hasCrosses(key)) return 'hidden';
  if (isPlaceholder(key)) return 'placeholder';
  if (/[^\x21-\x7e]/.test(key)) return 'signs';
  if (key.length < minKeyChars) return 'short';
  return key.length > maxKeyChars ? 'long' : undefined;
}

/** A key may have some crosses in a row; one that is hidden by them has little else. */
function hasCrosses(key: string): boolean {
  const [crosses = ''] = /x{8,}/i.exec(key) ?? [];
  return crosses.length > 0 && (!isOwnKey(key) || crosses.length >= key.length / 2);
}

function isPlaceholder(key: string): boolean {
  if (key === variableName || /^\$|^process\.env/i.test(key)) return true;
  // Words alone: any letters may stand together in a key.
  if (isOwnKey(key)) return /^sk-(?:(your|my)[-_][a-z_-]*|(YOUR|MY)[-_][A-Z_-]*)$/.test(key);
  return /(?<![a-z])(your|my)[-_ ]/i.test(key);
}

/** As EvoLink's keys begin. */
function isOwnKey(key: string): boolean {
  return key.startsWith('sk-');
}

/** Without what pages and editors put between letters unseen; every line end is one. */
function visible(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/\p{Zs}/gu, ' ');
}

const openings = '"\'`“”„‘’‚«»<>{}[]()';
const endings = `${openings};,\\`;
/** What stands before a value, with its quotes: of a shell or a header. */
const prefixes = [
  /^(export|setx|set)\s+/i,
  /^\$env:/i,
  /^(-H|--header|-e|--env)\s+/,
  /^(authorization|bearer|token|x-api-key)["'`]?\s*[:=]\s*/i,
  /^bearer\s+/i,
];

/**
 * Without the name that a file of settings gives a value. A key may have a colon or a sign of
 * equality in it, too, so that only what is clearly a name is one.
 */
function withoutName(text: string): string {
  const [whole = '', name = '', sign] =
    /^([\w.-]{1,80})["'`]?\s*([:=])\s*(?=[^\s=]|$)/.exec(text) ?? [];
  const isKeyName = /(key|token|secret)$/i.test(name);
  if (!isKeyName && !/^[A-Z_][A-Z0-9_]*$/.test(name)) return text;
  const rest = text.slice(whole.length);
  const value = trimmedOf(rest);
  const isQuotedOrApart = /["'`\s]/.test(whole + rest.charAt(0));
  if (isQuotedOrApart || value.startsWith('sk-') || name.toUpperCase().endsWith(variableName))
    return rest;
  if (sign === ':') return text;
  const isName = value === '' ? /(^|_)(KEY|TOKEN|SECRET)$/.test(name) : isKeyName;
  return isName || hasKeyForm(value) ? rest : text;
}

/** A line without its wrapping, one layer after the other. */
function unwrapped(line: string): string {
  let text = line;
  for (let layer = 0; layer < maxLayers; layer += 1) {
    const before = text;
    text = trimmedOf(withoutComment(text));
    for (const prefix of prefixes) text = text.replace(prefix, '');
    text = withoutName(text);
    if (text.startsWith(`${variableName} `)) text = text.slice(variableName.length);
    if (text === before) break;
  }
  return text;
}

function trimmedOf(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && (text[start] === ' ' || openings.includes(text.charAt(start)))) start += 1;
  while (end > start && (text[end - 1] === ' ' || endings.includes(text.charAt(end - 1)))) end -= 1;
  return text.slice(start, end);
}

/** A note behind a value, as in `KEY=value # mine`. */
function withoutComment(text: string): string {
  const at = text.indexOf(' #');
  return at === -1 ? text : text.slice(0, at);
}
