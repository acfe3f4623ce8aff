/** The provider's rules for the body of a create call. */
import type { ErrorDetails } from './answer.ts';

export interface CreateRequest {
  readonly model: string;
  readonly prompt: string;
  readonly width: number;
  readonly height: number;
  readonly imageUrls: readonly string[];
}

const sizes: Readonly<Record<string, readonly [number, number]>> = {
  '1:1': [1024, 1024],
  '2:3': [1024, 1536],
  '3:2': [1536, 1024],
  '1024x1024': [1024, 1024],
  '1024x1536': [1024, 1536],
  '1536x1024': [1536, 1024],
};
const qualities: readonly unknown[] = ['low', 'medium', 'high', 'auto'];
const otherModels: readonly string[] = [
  'gpt-image-1.5',
  'gpt-image-2',
  'gemini-2.5-flash-image',
  'gemini-3-pro-image-preview',
  'doubao-seedream-4.5',
  'z-image-turbo',
];
const maxPromptLength = 2_000;
const maxReferences = 16;

function refuse(param: string, message: string): ErrorDetails {
  return { status: 400, code: 'invalid_request', message, param };
}

function checkModel(model: unknown, allowed: readonly string[]): ErrorDetails | undefined {
  if (model === undefined || model === '') return refuse('model', 'model is required');
  if (typeof model !== 'string') return refuse('model', 'model must be a string');
  if (allowed.includes(model)) return undefined;
  if (!otherModels.includes(model)) return refuse('model', `Unsupported model: ${model}`);
  const message = `This token has no access to model ${model}`;
  return { status: 403, code: 'model_access_denied', message, type: 'permission_error' };
}

function checkPrompt(prompt: unknown): ErrorDetails | undefined {
  if (prompt === undefined || prompt === '') return refuse('prompt', 'prompt is required');
  if (typeof prompt !== 'string') return refuse('prompt', 'prompt must be a string');
  if (prompt.trim() === '') return refuse('prompt', 'prompt is required');
  if (prompt.length <= maxPromptLength) return undefined;
  return refuse('prompt', `prompt must be at most ${String(maxPromptLength)} characters`);
}

function isFetchableUrl(value: unknown): value is string {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  return ['http:', 'https:'].includes(new URL(value).protocol);
}

function checkReferences(urls: unknown): ErrorDetails | undefined {
  if (urls === undefined) return undefined;
  if (!Array.isArray(urls)) return refuse('image_urls', 'image_urls must be an array');
  if (urls.length < 1 || urls.length > maxReferences) {
    return refuse('image_urls', `image_urls must hold 1 to ${String(maxReferences)} URLs`);
  }
  if (urls.every(isFetchableUrl)) return undefined;
  return refuse('image_urls', 'image_urls must hold http or https URLs');
}

function checkChoices(body: Readonly<Record<string, unknown>>): ErrorDetails | undefined {
  const { size, quality, n } = body;
  if (size !== undefined && (typeof size !== 'string' || sizes[size] === undefined)) {
    return refuse('size', `size must be one of ${Object.keys(sizes).join(', ')}`);
  }
  if (quality !== undefined && !qualities.includes(quality)) {
    return refuse('quality', `quality must be one of ${qualities.join(', ')}`);
  }
  if (n !== undefined && n !== 1) return refuse('n', 'n must be 1');
  return undefined;
}

/** The request, or what is wrong with it. */
export function readCreateRequest(
  body: unknown,
  allowedModels: readonly string[],
): CreateRequest | ErrorDetails {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { status: 400, code: 'invalid_request', message: 'The body must be a JSON object' };
  }
  const fields = body as Readonly<Record<string, unknown>>;
  const { model, prompt, size, image_urls: imageUrls } = fields;
  const problem =
    checkModel(model, allowedModels) ??
    checkPrompt(prompt) ??
    checkChoices(fields) ??
    checkReferences(imageUrls);
  if (problem !== undefined) return problem;
  const [width, height] = sizes[String(size)] ?? [1024, 1024];
  return {
    model: String(model),
    prompt: String(prompt),
    width,
    height,
    imageUrls: (imageUrls ?? []) as string[],
  };
}
