import { oneLine, wholeLine } from './plainLine.ts';

/** A sentence of ours inside another, as `nested` marks it. */
interface Nested {
  sentence: string;
}

/**
 * Puts values into a translated text, in place of `{0}`, `{1}`, …. This is the only way to do so:
 * whatever a value is made of, it becomes a part of one line (see `oneLine`).
 */
export function fillIn(template: string, ...values: (string | number | Nested)[]): string {
  const texts = values.map(textOf);
  return wholeLine(template.replace(/\{(\d+)\}/g, (place, index) => texts[Number(index)] ?? place));
}

/** Lets a sentence of ours, whose values are cut already, stand in another one uncut. */
export function nested(sentence: string): Nested {
  return { sentence };
}

function textOf(value: string | number | Nested): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? oneLine(value) : wholeLine(value.sentence);
}
