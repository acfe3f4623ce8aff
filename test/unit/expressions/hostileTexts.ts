/** A text made to be slow: a beginning, something repeated, and an end that spoils the match. */
export interface HostileText {
  beginning: string;
  unit: string;
  end: string;
}

/** Each kind of character once: what an expression does not name may still be in its classes. */
const plainUnits = Array.from(
  ' \t\n\raA0_-./\\|()[]{}<>"\'`,:;=@#$%&?!*+~^\u0000\u00e9\u4e2d\u0301',
);

/** Members of the classes that an expression may name, by what follows the backslash. */
const members: Record<string, string[]> = {
  s: [' ', '\n'],
  S: ['x', '('],
  w: ['a', '_'],
  W: [' ', '-'],
  d: ['0'],
  D: ['x'],
  b: [],
  B: [],
  n: ['\n'],
  r: ['\r'],
  t: ['\t'],
  p: ['\u00e9', '\u4e2d'],
};

/**
 * Texts for one expression: runs of each character and of each pair of its own characters, behind
 * nothing, behind each of its words, and behind all of its words up to each.
 */
export function hostileTexts(source: string): HostileText[] {
  const { words, characters } = partsOf(source);
  const heads = words.map((_, index) => words.slice(0, index + 1).join(''));
  const beginnings = new Set(['', ...words, ...heads]);
  const last = heads.at(-1) ?? '';
  const own = [...new Set([...characters, 'x'])];
  const pairs = own.flatMap((first) => own.map((second) => first + second));
  const phrases = [...words, ...heads].flatMap((word) => [word, ...own.map((char) => word + char)]);
  const texts: HostileText[] = [];
  for (const end of ['', '\u0000']) {
    for (const beginning of beginnings)
      for (const unit of new Set([...plainUnits, ...own, ...phrases]))
        texts.push({ beginning, unit, end });
    for (const beginning of new Set(['', last]))
      for (const unit of pairs) texts.push({ beginning, unit, end });
  }
  return texts;
}

export function textOf({ beginning, unit, end }: HostileText, chars: number): string {
  const count = Math.ceil((chars - beginning.length - end.length) / unit.length);
  return beginning + unit.repeat(Math.max(1, count)) + end;
}

/** The words that stand in an expression's source, and every character that it names. */
function partsOf(source: string): { words: string[]; characters: string[] } {
  const words: string[] = [];
  const characters = new Set<string>();
  let word = '';
  let isInClass = false;
  const endWord = () => {
    if (word !== '') words.push(word);
    word = '';
  };
  for (const [token] of source.matchAll(
    /\\u\{[\da-f]+\}|\\u[\da-f]{4}|\\x[\da-f]{2}|\\p\{\w+\}|\(\?<?[:=!]|\{\d*,?\d*\}|\\?./gisu,
  )) {
    const literal = literalOf(token, isInClass);
    if (token === '[' && !isInClass) isInClass = true;
    else if (token === ']') isInClass = false;
    if (literal !== undefined) characters.add(literal);
    if (token.startsWith('\\') && literal === undefined)
      for (const member of members[token[1] ?? ''] ?? []) characters.add(member);
    if (literal === undefined || isInClass) endWord();
    else word += literal;
  }
  endWord();
  return { words: [...new Set(words)], characters: [...characters] };
}

function literalOf(token: string, isInClass: boolean): string | undefined {
  if (/^\\[ux]/.test(token)) {
    const code = Number.parseInt(token.replace(/[^\da-f]/gi, ''), 16);
    return String.fromCodePoint(code);
  }
  if (token.length > 2 || /^\\[a-z]$/i.test(token)) return undefined;
  if (token.startsWith('\\')) return token.slice(1);
  return !isInClass && /[.*+?^$|()[\]{}]/.test(token) ? undefined : token;
}
