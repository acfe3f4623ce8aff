/** Signs that say how others look, and show nothing themselves. */
const unseen = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu;
/** What parts words or lines in whatever way, and controls of any kind. */
const parting = /[\s\p{Z}\p{Cc}]+/gu;
const pictured = /[\p{Extended_Pictographic}\p{Emoji_Modifier}]/u;
/** Scripts in which a joiner changes the shape of letters. */
const joining =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const joiners = '\u200c\u200d';
const pictureSelector = '\ufe0f';
const keycap = '\u20e3';

/**
 * Words of a document in one line, as a reader sees them: what shows nothing is left out, so that
 * nothing is sent to a model that no user has seen. Joiners and selectors stay where letters or
 * emoji need them.
 */
export function visibleWords(words: string): string {
  const text = words.toWellFormed();
  return text
    .replace(unseen, (sign, at: number) => (isNeeded(text, sign, at) ? sign : ''))
    .replace(parting, ' ')
    .trim();
}

function isNeeded(text: string, sign: string, at: number): boolean {
  const before = lastSign(text.slice(Math.max(0, at - 2), at));
  const after = String.fromCodePoint(text.codePointAt(at + sign.length) ?? 0x20);
  if (sign === pictureSelector)
    return pictured.test(before) || (/[\d#*]/.test(before) && after === keycap);
  if (!joiners.includes(sign)) return false;
  if (joining.test(before) && joining.test(after)) return true;
  return (
    sign === '\u200d' &&
    (pictured.test(before) || before === pictureSelector) &&
    pictured.test(after)
  );
}

function lastSign(text: string): string {
  return Array.from(text).at(-1) ?? '';
}
