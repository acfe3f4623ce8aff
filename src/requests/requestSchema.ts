import * as v from 'valibot';
import {
  maxImagesPerRequest,
  maxNameChars,
  maxPromptTextChars,
  maxReferenceUris,
  maxUriChars,
} from '../shared/limits.ts';
import { type OptionProblem, RequestError } from './requestError.ts';

/**
 * What a caller may say of the images it wants. `Uri` is how the caller names files: a value of the
 * editor, or text.
 */
export interface RequestOptions<Uri = string> {
  prompt?: string | undefined;
  model?: string | undefined;
  size?: string | undefined;
  quality?: string | undefined;
  resolution?: string | undefined;
  background?: string | undefined;
  outputFormat?: string | undefined;
  seed?: number | undefined;
  /** 1 to `maxImagesPerRequest`. */
  count?: number | undefined;
  /** Web addresses, URIs or paths. */
  references?: readonly (Uri | string)[] | undefined;
  /** A folder, or a file by its extension. */
  output?: Uri | undefined;
  /** Whether the result is opened; undefined leaves it to the settings. */
  open?: boolean | undefined;
}

/** The schema's messages are codes, which `requestMessage` makes sentences of. */
const code = (problem: OptionProblem): OptionProblem => problem;
const text = (maxChars: number) =>
  v.pipe(v.string(code('text')), v.maxLength(maxChars, code('tooLong')));
const name = text(maxNameChars);
const prompt = text(maxPromptTextChars);
const address = text(maxUriChars);
const referencesOf = <T extends v.GenericSchema>(item: T) =>
  v.pipe(
    v.array(v.unknown(), code('list')),
    v.maxLength(maxReferenceUris, code('tooManyItems')),
    v.array(item),
  );
const commonFields = {
  model: v.optional(name),
  size: v.optional(name),
  quality: v.optional(name),
  resolution: v.optional(name),
  background: v.optional(name),
  outputFormat: v.optional(name),
  seed: v.optional(v.pipe(v.number(code('number')), v.safeInteger(code('wholeNumber')))),
  count: v.optional(
    v.pipe(
      v.number(code('number')),
      v.integer(code('wholeNumber')),
      v.minValue(1, code('tooFew')),
      v.maxValue(maxImagesPerRequest, code('tooMany')),
    ),
  ),
};

/**
 * The arguments of a command: files are Uris, which `isUri` knows. Fields without a meaning are
 * ignored. @throws RequestError naming the field.
 */
export function parseCommandOptions<Uri>(
  given: unknown,
  isUri: (value: unknown) => value is Uri,
): RequestOptions<Uri> {
  if (given === undefined || given === null) return {};
  const uri = v.custom<Uri>(isUri, code('uri'));
  const schema = v.object(
    {
      ...commonFields,
      prompt: v.optional(prompt),
      references: v.optional(referencesOf(v.union([uri, address], code('uriOrText')))),
      output: v.optional(uri),
      open: v.optional(v.boolean(code('flag'))),
    },
    code('options'),
  );
  return parse(schema, given);
}

const jsonSchema = v.object(
  {
    ...commonFields,
    prompt,
    references: v.optional(referencesOf(address)),
    output: v.optional(address),
  },
  // The prompt is the only field that can be missing.
  ({ path }) => code(path ? 'text' : 'options'),
);

/**
 * Plain JSON, as an agent or a command line sends it: files are paths or URIs as text, and the
 * prompt is required. @throws RequestError naming the field.
 */
export function parseJsonOptions(given: unknown): RequestOptions & { prompt: string } {
  return parse(jsonSchema, given);
}

function parse<T extends v.GenericSchema>(schema: T, given: unknown): v.InferOutput<T> {
  const parsed = readOptions(schema, given);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const { requirement } = issue as { requirement?: unknown };
  throw new RequestError({
    kind: 'option',
    field: v.getDotPath(issue) ?? 'options',
    problem: issue.message as OptionProblem,
    ...(typeof requirement === 'number' && { limit: requirement }),
  });
}

/** A caller's object may be of any make, and throw when it is read. */
function readOptions<T extends v.GenericSchema>(schema: T, given: unknown): v.SafeParseResult<T> {
  try {
    return v.safeParse(schema, given, { abortEarly: true });
  } catch {
    throw new RequestError({ kind: 'option', field: 'options', problem: 'options' });
  }
}
