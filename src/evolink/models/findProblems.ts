import type { ModelRow } from './modelRow.ts';
import { fewestTokens, promptBytes, promptLength } from './promptLength.ts';
import { findModel, shippedModels } from './shippedModels.ts';
import { offeredSizes, parseRatio, takesSize } from './sizes.ts';

/** The fields of a request whose values a row lists. */
export type ChoiceField =
  'model' | 'size' | 'quality' | 'resolution' | 'background' | 'outputFormat';

/** One thing wrong with a request, before anything is sent. `field` is the name a user knows. */
export type Problem =
  | { field: ChoiceField; kind: 'unknown'; value: string; allowed: readonly string[] }
  /** The model does not have this at all. */
  | { field: ChoiceField | 'seed'; kind: 'unsupported'; model: string }
  /** A size in pixels says everything; a resolution goes with a ratio. */
  | { field: 'resolution'; kind: 'onlyWithRatios'; size: string }
  /** JPEG cannot be transparent. */
  | { field: 'background'; kind: 'needsAlpha' }
  | { field: 'seed'; kind: 'outside'; min: number; max: number }
  | { field: 'prompt'; kind: 'empty' }
  | { field: 'prompt'; kind: 'tooLong'; length: number; limit: number }
  | { field: 'prompt'; kind: 'tooManyBytes'; length: number; limit: number }
  /** Both are approximate. */
  | { field: 'prompt'; kind: 'tooManyTokens'; length: number; limit: number }
  | { field: 'references'; kind: 'tooMany'; length: number; limit: number }
  | { field: 'references'; kind: 'tooFew'; length: number; limit: number }
  | { field: 'references'; kind: 'notAUrl'; value: string };

export interface ModelRequest {
  model: string;
  prompt: string;
  size: string;
  /** Empty for a model without qualities; it is not sent then. */
  quality: string;
  resolution?: string | undefined;
  background?: string | undefined;
  outputFormat?: string | undefined;
  seed?: number | undefined;
  references: readonly string[];
}

/** Everything wrong with a request by its model's row; empty when it may be sent. */
export function findProblems(
  request: ModelRequest,
  rows: readonly ModelRow[] = shippedModels,
): Problem[] {
  const row = findModel(request.model, rows);
  if (!row) {
    const allowed = rows.map((known) => known.id);
    return [{ field: 'model', kind: 'unknown', value: request.model, allowed }];
  }
  return [
    ...promptProblems(request.prompt, row),
    ...sizeProblems(request, row),
    ...choiceProblems(row, 'quality', request.quality || undefined, row.qualities?.values),
    ...resolutionProblems(request, row),
    ...choiceProblems(row, 'background', request.background, row.backgrounds),
    ...choiceProblems(row, 'outputFormat', request.outputFormat, row.outputFormats),
    ...otherProblems(request, row),
    ...referenceProblems(request.references, row),
  ];
}

function promptProblems(prompt: string, { prompt: limits }: ModelRow): Problem[] {
  if (prompt.trim() === '') return [{ field: 'prompt', kind: 'empty' }];
  const counts = [
    ['tooLong', promptLength(prompt), limits.maxChars],
    ['tooManyBytes', promptBytes(prompt), limits.maxBytes],
    ['tooManyTokens', fewestTokens(prompt), limits.maxTokens],
  ] as const;
  for (const [kind, length, limit = Infinity] of counts)
    if (length > limit) return [{ field: 'prompt', kind, length, limit }];
  return [];
}

function sizeProblems({ size }: ModelRequest, { sizes }: ModelRow): Problem[] {
  if (takesSize(sizes, size)) return [];
  return [{ field: 'size', kind: 'unknown', value: size, allowed: offeredSizes(sizes) }];
}

function choiceProblems(
  row: ModelRow,
  field: ChoiceField,
  value: string | undefined,
  allowed: readonly string[] | undefined,
): Problem[] {
  if (value === undefined || allowed?.includes(value)) return [];
  if (!allowed) return [{ field, kind: 'unsupported', model: row.id }];
  return [{ field, kind: 'unknown', value, allowed }];
}

function resolutionProblems({ resolution, size }: ModelRequest, row: ModelRow): Problem[] {
  const problems = choiceProblems(row, 'resolution', resolution, row.resolutions?.values);
  if (problems.length > 0 || resolution === undefined) return problems;
  if (!row.resolutions?.onlyWithRatios || parseRatio(size)) return [];
  return [{ field: 'resolution', kind: 'onlyWithRatios', size }];
}

function otherProblems({ background, outputFormat, seed }: ModelRequest, row: ModelRow): Problem[] {
  const problems: Problem[] = [];
  if (background === 'transparent' && outputFormat === 'jpeg')
    problems.push({ field: 'background', kind: 'needsAlpha' });
  if (seed !== undefined && !row.seed)
    problems.push({ field: 'seed', kind: 'unsupported', model: row.id });
  if (seed !== undefined && row.seed && (seed < row.seed.min || seed > row.seed.max))
    problems.push({ field: 'seed', kind: 'outside', ...row.seed });
  return problems;
}

function referenceProblems(references: readonly string[], row: ModelRow): Problem[] {
  const { length } = references;
  const { min = 0, max = 0 } = row.references ?? {};
  if (length > max) return [{ field: 'references', kind: 'tooMany', length, limit: max }];
  if (length < min) return [{ field: 'references', kind: 'tooFew', length, limit: min }];
  return [];
}
