/** Letters that run from right to left, and marks that turn what stands beside them. */
const rightToLeft =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const marks = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const control = /[\p{Cc}\u2028\u2029]/gu;
const [firstStrongIsolate, popIsolate] = ['\u2068', '\u2069'];

/**
 * A file's name as part of a sentence: one that is written from right to left does not turn the
 * words around it, and one with marks that would hide its true order ("photo[RLO]gnp.exe") shows it.
 * For people alone; a file is not found by it.
 */
export function bidiSafe(name: string): string {
  const plain = name.replace(marks, '').replace(control, ' ');
  return rightToLeft.test(plain) ? `${firstStrongIsolate}${plain}${popIsolate}` : plain;
}
