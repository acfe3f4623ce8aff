/** The provider's rules for the body of a create call. */
import type { ErrorDetails } from './answer.ts';
import { type ModelRules, modelRules, pixelsOf } from './modelRules.ts';

export interface CreateRequest {
  readonly model: string;
  readonly prompt: string;
  readonly width: number;
  readonly height: number;
  readonly format?: string;
  /** What this image costs; as every other when absent. */
  readonly credits?: number;
  readonly imageUrls: readonly string[];
}

/** Known to the provider, and described nowhere here. */
const otherModels: readonly string[] = [
  'gemini-2.5-flash-image',
  'gemini-3-pro-image-preview',
  'doubao-seedream-4.5',
];

/** Which models there are, and which of them a key may use. */
export interface OfferedModels {
  readonly allowed: readonly string[];
  readonly withdrawn: readonly string[];
}

function refuse(param: string, message: string): ErrorDetails {
  return { status: 400, code: 'invalid_request', message, param };
}

function checkModel(
  model: unknown,
  { allowed, withdrawn }: OfferedModels,
): ErrorDetails | undefined {
  if (model === undefined || model === '') return refuse('model', 'model is required');
  if (typeof model !== 'string') return refuse('model', 'model must be a string');
  if (withdrawn.includes(model)) {
    const message = `The model ${model} does not exist`;
    return { status: 404, code: 'model_not_found', message, param: 'model' };
  }
  if (allowed.includes(model)) return undefined;
  if (![...otherModels, ...Object.keys(modelRules)].includes(model))
    return refuse('model', `Unsupported model: ${model}`);
  const message = `This token has no access to model ${model}`;
  const extra = { allowed_models: allowed };
  return { status: 403, code: 'key_model_not_allowed', message, type: 'permission_error', extra };
}

function checkPrompt(prompt: unknown, rules: ModelRules): ErrorDetails | undefined {
  if (prompt === undefined || prompt === '') return refuse('prompt', 'prompt is required');
  if (typeof prompt !== 'string') return refuse('prompt', 'prompt must be a string');
  if (prompt.trim() === '') return refuse('prompt', 'prompt is required');
  const { maxChars = Infinity, maxBytes = Infinity } = rules;
  // As before: UTF-16 units for the first model, which no test may exceed.
  if (prompt.length > maxChars)
    return refuse('prompt', `prompt must be at most ${String(maxChars)} characters`);
  if (Buffer.byteLength(prompt) > maxBytes)
    return refuse('prompt', `prompt must be at most ${String(maxBytes)} bytes`);
  return undefined;
}

function isFetchableUrl(value: unknown): value is string {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  return ['http:', 'https:'].includes(new URL(value).protocol);
}

function checkReferences(urls: unknown, { maxReferences }: ModelRules): ErrorDetails | undefined {
  if (urls === undefined) return undefined;
  if (maxReferences === 0) return refuse('image_urls', 'This model takes no image_urls');
  if (!Array.isArray(urls)) return refuse('image_urls', 'image_urls must be an array');
  if (urls.length < 1 || urls.length > maxReferences) {
    return refuse('image_urls', `image_urls must hold 1 to ${String(maxReferences)} URLs`);
  }
  if (urls.every(isFetchableUrl)) return undefined;
  return refuse('image_urls', 'image_urls must hold http or https URLs');
}

type Body = Readonly<Record<string, unknown>>;

/** A field whose values the model lists, or does not know at all. */
function checkListed(
  body: Body,
  field: string,
  values: readonly string[] | undefined,
): ErrorDetails | undefined {
  const value = body[field];
  if (value === undefined) return undefined;
  if (!values) return refuse(field, `This model does not support ${field}`);
  if (typeof value === 'string' && values.includes(value)) return undefined;
  return refuse(field, `${field} must be one of ${values.join(', ')}`);
}

function checkChoices(body: Body, rules: ModelRules): ErrorDetails | undefined {
  const { size, resolution, background, output_format: format, seed, n } = body;
  const isSize = size === undefined || (typeof size === 'string' && sizeOf(body, rules));
  if (!isSize) return refuse('size', `size must be one of ${Object.keys(rules.sizes).join(', ')}`);
  const unlisted =
    checkListed(body, 'quality', rules.qualities) ??
    checkListed(body, 'resolution', rules.resolutions) ??
    checkListed(body, 'background', rules.backgrounds) ??
    checkListed(body, 'output_format', rules.formats);
  if (unlisted !== undefined) return unlisted;
  if (resolution !== undefined && !(size ?? '1:1').includes(':'))
    return refuse('resolution', 'resolution can be used with ratios only');
  if (background === 'transparent' && format === 'jpeg')
    return refuse('background', 'A transparent background needs png or webp');
  if (seed !== undefined && !(Number.isInteger(seed) && isSeed(Number(seed), rules)))
    return refuse('seed', 'seed is not supported, or out of range');
  if (n !== undefined && n !== 1) return refuse('n', 'n must be 1');
  return undefined;
}

function isSeed(seed: number, { maxSeed = 0 }: ModelRules): boolean {
  return seed >= 1 && seed <= maxSeed;
}

function sizeOf(body: Body, rules: ModelRules): readonly [number, number] | undefined {
  const { size = Object.keys(rules.sizes).find((each) => each !== 'auto') } = body;
  const isResolution = (value: unknown): value is string =>
    typeof value === 'string' && /^[\d.]+K$/.test(value);
  const asked = [body['resolution'], body['quality']].find(isResolution);
  return pixelsOf(rules, String(size), asked ?? rules.defaultResolution ?? '1K');
}

/** The request, or what is wrong with it. */
export function readCreateRequest(
  body: unknown,
  models: OfferedModels,
): CreateRequest | ErrorDetails {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { status: 400, code: 'invalid_request', message: 'The body must be a JSON object' };
  }
  const fields = body as Body;
  const { model, prompt, image_urls: imageUrls, quality, resolution } = fields;
  const wrongModel = checkModel(model, models);
  if (wrongModel !== undefined) return wrongModel;
  const rules = modelRules[String(model)] ?? modelRules['gpt-image-1.5-lite']!;
  const problem =
    checkPrompt(prompt, rules) ?? checkChoices(fields, rules) ?? checkReferences(imageUrls, rules);
  if (problem !== undefined) return problem;
  const [width, height] = sizeOf(fields, rules) ?? [1024, 1024];
  const format = fields['output_format'];
  const credits = rules.credits?.(String(quality), String(resolution));
  return {
    model: String(model),
    prompt: String(prompt),
    width,
    height,
    ...(typeof format === 'string' && { format }),
    ...(credits !== undefined && { credits }),
    imageUrls: (imageUrls ?? []) as string[],
  };
}
