import * as v from 'valibot';
import { cutText } from './cutText.ts';
import { EvolinkError } from './errors.ts';
import { isWebUrl } from './webUrl.ts';

/**
 * Fields of answers. One that we can do without is dropped when it has another type than documented,
 * so that no other field is lost with it; texts are cut, and numbers and lists have an end.
 */

/** A field that may be missing, null or of another type: then it is as if absent. */
export function soft<T extends v.GenericSchema>(schema: T) {
  return v.fallback(v.optional(schema), undefined as never);
}

/** The most characters of the provider's own words that are kept. */
export const maxMessageChars = 1_000;
/** The most characters of its codes, and of all names but files'. */
export const maxNameChars = 128;
/** Signed addresses are long. */
const maxUrlChars = 16_384;
/** The most entries of a list that are read. */
const maxItems = 2_000;
/** More than anything is counted in here, and as milliseconds still a date. */
const maxNumber = 1e12;

export const softBoolean = soft(v.boolean());
export const softNumber = soft(v.pipe(v.number(), v.minValue(-maxNumber), v.maxValue(maxNumber)));
/** A short text, such as a status; it is cut. */
export const softName = soft(textOf(maxNameChars));
/** Codes may be numbers. */
export const softCode = soft(v.union([textOf(maxNameChars), v.number()]));
/** Any text, such as a message. Who shows it cuts it. */
export const softText = soft(v.string());
/** The provider's ids of tasks. */
export const taskId = v.pipe(v.string(), v.regex(/^(?!\.+$)[\w.-]{1,128}$/));
/** http or https. */
export const webUrl = v.pipe(v.string(), v.trim(), v.maxLength(maxUrlChars), v.check(isWebUrl));
export const list = v.pipe(
  v.array(v.unknown()),
  v.transform((items) => items.slice(0, maxItems)),
);

function textOf(maxChars: number) {
  return v.pipe(
    v.string(),
    v.transform((text) => cutText(text, maxChars)),
  );
}

/** @throws EvolinkError `server`, naming the field that is not as documented. */
export function parse<T extends v.GenericSchema>(
  schema: T,
  body: unknown,
  what: string,
  requestId: string | undefined,
): v.InferOutput<T> {
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  throw undocumented(v.getDotPath(issue) ?? what, issue.input, requestId);
}

export function undocumented(
  field: string,
  value: unknown,
  requestId: string | undefined,
): EvolinkError {
  return new EvolinkError(
    'server',
    `The provider's answer is not as documented: ${field} is ${kindOf(value)}`,
    { ...(requestId !== undefined && { requestId }), sent: 'yes' },
  );
}

/** Never the value itself: it may be a whole page. */
function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null || value === '') return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'string' ? 'text' : `of type ${typeof value}`;
}
