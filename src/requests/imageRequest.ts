import { findProblems, type Problem } from '../evolink/models.ts';
import type { Destination, NewJob } from '../jobs/job.ts';
import { RequestError } from './requestError.ts';
import type { RequestOptions } from './requestSchema.ts';

/** Images to be made of one prompt: complete but for where they go. */
export interface ImageRequest {
  prompt: string;
  model: string;
  size: string;
  quality: string;
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
export function checkRequest(request: ImageRequest, given: RequestOptions<unknown>): void {
  const [problem] = findProblems(request);
  if (!problem) return;
  const setting = settingOf(problem, given);
  throw new RequestError({ kind: 'value', problem, ...(setting && { setting }) });
}

function settingOf(
  { field }: Problem,
  given: RequestOptions<unknown>,
): 'model' | 'size' | 'quality' | undefined {
  const isSetting = field === 'model' || field === 'size' || field === 'quality';
  return isSetting && given[field] === undefined ? field : undefined;
}

/** One job for each image. */
export function toJobs(request: ImageRequest, location: OutputLocation): NewJob[] {
  const { count, ...spec } = request;
  return Array.from({ length: count }, (_, index) => ({
    ...spec,
    ...location,
    variation: index + 1,
  }));
}
