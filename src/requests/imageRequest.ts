import type { Choices } from '../evolink/models/choices.ts';
import { findProblems, type Problem } from '../evolink/models/findProblems.ts';
import type { ModelRow } from '../evolink/models/modelRow.ts';
import { findModel, shippedModels } from '../evolink/models/shippedModels.ts';
import { type JobSpec, type NewJob, optionalChoicesOf } from '../jobs/job.ts';
import type { Destination } from '../jobs/resultFiles.ts';
import { type ChoiceSetting, RequestError } from './requestError.ts';
import type { RequestOptions } from './requestSchema.ts';

/** Images to be made of one prompt: complete but for where they go. */
export interface ImageRequest extends Choices {
  prompt: string;
  model: string;
  background?: string | undefined;
  outputFormat?: string | undefined;
  seed?: number | undefined;
  /** As many jobs, each of which is paid. */
  count: number;
  /** Web addresses, or URIs of files. */
  references: readonly string[];
}

/** Where results go. */
export interface OutputLocation {
  destination: Destination;
  /** The folder that has to be open for the result to be saved. */
  workspaceUri?: string;
}

/**
 * Checks a request by its model's row.
 * @throws RequestError with the first problem, naming the setting that a wrong value comes from:
 *   one that the caller did not give.
 */
export function checkRequest(
  request: ImageRequest,
  given: RequestOptions<unknown>,
  rows: readonly ModelRow[] = shippedModels,
): void {
  const [problem] = findProblems(request, rows);
  if (!problem) return;
  const setting = settingOf(problem, given);
  throw new RequestError({ kind: 'value', problem, ...(setting && { setting }) });
}

function settingOf({ field }: Problem, given: RequestOptions<unknown>): ChoiceSetting | undefined {
  const isSetting =
    field === 'model' || field === 'size' || field === 'quality' || field === 'resolution';
  return isSetting && given[field] === undefined ? field : undefined;
}

/** One job for each image. */
export function toJobs(
  request: ImageRequest,
  location: OutputLocation,
  rows: readonly ModelRow[] = shippedModels,
): NewJob[] {
  const { count, prompt, references } = request;
  return Array.from({ length: count }, (_, index) => ({
    prompt,
    ...toSpecChoices(request, rows),
    references,
    ...location,
    variation: index + 1,
  }));
}

/** The choices as a job keeps them: as they are sent. */
export function toSpecChoices(
  request: Choices & Pick<ImageRequest, 'model' | 'background' | 'outputFormat' | 'seed'>,
  rows: readonly ModelRow[],
): Pick<NewJob, 'model' | 'size' | 'quality'> & ReturnType<typeof optionalChoicesOf> {
  const { model, size, quality, resolution } = request;
  const sentAs = findModel(model, rows)?.resolutions?.sentAs;
  const isQuality = sentAs === 'quality' && resolution !== undefined;
  const optional = { ...request, resolutionSentAs: isQuality ? sentAs : undefined } as JobSpec;
  return { model, size, quality: isQuality ? resolution : quality, ...optionalChoicesOf(optional) };
}

/** The choices of a job as a user made them. */
export function choicesOf(job: JobSpec): Choices {
  const { size, quality, resolution, resolutionSentAs } = job;
  return {
    size,
    quality: resolutionSentAs === 'quality' ? '' : quality,
    ...(resolution !== undefined && { resolution }),
  };
}
