import { shownCharacters, textWidth } from './glyphText.ts';

/** Words with the space before them; each ideograph is a word of its own. */
function wordsOf(text: string): string[] {
  const plain = text.replace(/\s+/g, ' ').trim();
  return (
    plain.match(
      / ?[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]| ?[^\s\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]+| /gu,
    ) ?? []
  );
}

/** As much of a text as fits in the width, an ellipsis in place of the rest. */
function clip(text: string, size: number, width: number): string {
  const letters = shownCharacters(text);
  while (letters.length > 0 && textWidth(`${letters.join('')}…`, size) > width) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}

/** Breaks a text into lines of at most this width; what is too much for them is cut. */
export function wrapText(text: string, size: number, width: number, maxLines: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of wordsOf(text)) {
    if (line !== '' && textWidth(line + word, size) > width) {
      lines.push(line);
      line = word.trimStart();
    } else line = line === '' ? word.trimStart() : line + word;
    if (lines.length > maxLines) break;
  }
  if (line !== '') lines.push(line);
  const shown = lines.slice(0, maxLines);
  const last = shown.at(-1);
  const isCut = lines.length > maxLines;
  if (last !== undefined && (isCut || textWidth(last, size) > width)) {
    shown[shown.length - 1] = clip(last, size, width);
  }
  return shown.map((text) => (textWidth(text, size) > width ? clip(text, size, width) : text));
}
