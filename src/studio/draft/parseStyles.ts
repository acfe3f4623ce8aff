import * as v from 'valibot';
import type { Style } from '../../shared/studio/draft.ts';

/** More than a list shows. */
const maxStyles = 100;
/** Longer than the prompt of any model; all styles are in each message to the page. */
const text = v.pipe(v.string(), v.maxLength(10_000));
const nameSchema = v.pipe(
  v.string(),
  v.maxLength(1_000),
  v.trim(),
  v.minLength(1),
  v.maxLength(60),
);
const textsSchema = v.object({ before: v.optional(text), after: v.optional(text) });

/** The styles of a setting, which may be anybody's: those that are none are left out. */
export function parseStyles(setting: unknown): Style[] {
  if (typeof setting !== 'object' || setting === null || Array.isArray(setting)) return [];
  const styles: Style[] = [];
  for (const [given, value] of Object.entries(setting)) {
    const name = v.safeParse(nameSchema, given);
    const texts = v.safeParse(textsSchema, value);
    if (name.success && texts.success) styles.push({ name: name.output, ...texts.output });
    if (styles.length === maxStyles) break;
  }
  return styles;
}
