/**
 * What each model accepts, and nothing else: another model is one more row.
 * Source: the provider's page of the model (`POST /v1/images/generations`).
 */
export interface Model {
  id: string;
  /** In the order offered. `pixels` is what the size yields. */
  sizes: readonly ImageSize[];
  qualities: readonly string[];
  maxPromptChars: number;
  maxReferences: number;
  maxReferenceBytes: number;
}

export interface ImageSize {
  /** As sent. */
  id: string;
  width: number;
  height: number;
  shape: 'square' | 'portrait' | 'landscape';
  /** Another spelling of an earlier row, accepted but not offered. */
  isAlias?: true;
}

const gptImageSizes: readonly ImageSize[] = [
  { id: '1024x1024', width: 1024, height: 1024, shape: 'square' },
  { id: '1024x1536', width: 1024, height: 1536, shape: 'portrait' },
  { id: '1536x1024', width: 1536, height: 1024, shape: 'landscape' },
  { id: '1:1', width: 1024, height: 1024, shape: 'square', isAlias: true },
  { id: '2:3', width: 1024, height: 1536, shape: 'portrait', isAlias: true },
  { id: '3:2', width: 1536, height: 1024, shape: 'landscape', isAlias: true },
];

export const models: readonly Model[] = [
  {
    id: 'gpt-image-1.5-lite',
    sizes: gptImageSizes,
    qualities: ['auto', 'low', 'medium', 'high'],
    maxPromptChars: 2000,
    maxReferences: 16,
    maxReferenceBytes: 50 * 1024 * 1024,
  },
];

export function findModel(id: string): Model | undefined {
  return models.find((model) => model.id === id);
}

/** One thing wrong with a request, before anything is sent. `field` is the name a user knows. */
export type Problem =
  | { field: 'model'; kind: 'unknown'; value: string; allowed: readonly string[] }
  | { field: 'prompt'; kind: 'empty' }
  | { field: 'prompt'; kind: 'tooLong'; length: number; limit: number }
  | { field: 'size'; kind: 'unknown'; value: string; allowed: readonly string[] }
  | { field: 'quality'; kind: 'unknown'; value: string; allowed: readonly string[] }
  | { field: 'references'; kind: 'tooMany'; length: number; limit: number }
  | { field: 'references'; kind: 'notAUrl'; value: string };

export interface ModelRequest {
  model: string;
  prompt: string;
  size: string;
  quality: string;
  references: readonly string[];
}

/** Everything wrong with a request by its model's row; empty when it may be sent. */
export function findProblems(request: ModelRequest): Problem[] {
  const model = findModel(request.model);
  if (!model) {
    const allowed = models.map((known) => known.id);
    return [{ field: 'model', kind: 'unknown', value: request.model, allowed }];
  }
  return [
    ...promptProblems(request.prompt, model),
    ...choiceProblems(request, model),
    ...referenceProblems(request.references, model),
  ];
}

function promptProblems(prompt: string, model: Model): Problem[] {
  if (prompt.trim() === '') return [{ field: 'prompt', kind: 'empty' }];
  const length = promptLength(prompt);
  if (length <= model.maxPromptChars) return [];
  return [{ field: 'prompt', kind: 'tooLong', length, limit: model.maxPromptChars }];
}

/** Characters as a user counts them: an emoji outside the basic plane is one. */
export function promptLength(prompt: string): number {
  let length = 0;
  for (const _ of prompt) length += 1;
  return length;
}

function choiceProblems(request: ModelRequest, model: Model): Problem[] {
  const problems: Problem[] = [];
  if (!model.sizes.some((size) => size.id === request.size)) {
    const allowed = model.sizes.filter((size) => !size.isAlias).map((size) => size.id);
    problems.push({ field: 'size', kind: 'unknown', value: request.size, allowed });
  }
  if (!model.qualities.includes(request.quality)) {
    const { quality: value } = request;
    problems.push({ field: 'quality', kind: 'unknown', value, allowed: model.qualities });
  }
  return problems;
}

function referenceProblems(references: readonly string[], model: Model): Problem[] {
  if (references.length <= model.maxReferences) return [];
  const { length } = references;
  return [{ field: 'references', kind: 'tooMany', length, limit: model.maxReferences }];
}
