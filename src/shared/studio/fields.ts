import * as v from 'valibot';
import { maxNameChars, maxPromptTextChars, maxUriChars } from '../limits.ts';

/** The parts of messages between the Studio's page and its host: each text, number and list has an end. */

export const limited = (maxChars: number) => v.pipe(v.string(), v.maxLength(maxChars));
/** A size, a quality, the name of a style. */
export const name = limited(maxNameChars);
export const uri = limited(maxUriChars);
export const longText = limited(maxPromptTextChars);
/**
 * What is only shown. The page cuts it: a message that were dropped for one text would leave out
 * everything else it has.
 */
const shown = (maxChars: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => text.slice(0, maxChars)),
  );
export const text = shown(4_000);
export const shownPrompt = shown(maxPromptTextChars);
/** Addresses of images as the page loads them, which an older job may have at any length. */
export const address = shown(65_536);
/** The first items of a list that is only shown. */
export const shownList = <T extends v.GenericSchema>(item: T, maxItems: number) =>
  v.pipe(
    v.array(item),
    v.transform((items) => items.slice(0, maxItems)),
  );
export const amount = v.pipe(v.number(), v.finite());
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Identifies a job in the gallery; newer jobs have greater keys. */
export const key = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
/** Milliseconds since 1970, of a day that there is. */
export const moment = v.pipe(v.number(), v.minValue(-8.64e15), v.maxValue(8.64e15));
/** The most images in one message. */
export const maxKeys = 100_000;
export const keys = v.pipe(v.array(v.unknown()), v.maxLength(maxKeys), v.array(key));

export function bytes(maxBytes: number) {
  return v.pipe(
    v.instance(ArrayBuffer),
    v.check(({ byteLength }) => byteLength <= maxBytes),
  );
}

/** @returns undefined for what does not parse. */
export function parse<T extends v.GenericSchema>(
  schema: T,
  message: unknown,
): v.InferOutput<T> | undefined {
  const parsed = v.safeParse(schema, message, { abortEarly: true });
  return parsed.success ? parsed.output : undefined;
}
