import type * as vscode from 'vscode';
import type { Job } from '../jobs/job.ts';
import type { GenerationDeps } from './generationDeps.ts';
import {
  checkRequest,
  defaultsFor,
  type ImageRequest,
  requireLocation,
  toJobs,
} from './imageRequest.ts';
import { prepareReferences } from './references/prepareReferences.ts';
import { requireNetwork } from './requireNetwork.ts';

/**
 * Puts what was asked for into the queue, after all that can be said before. The one way for every
 * command and for the Studio. @throws CodedError; nothing was submitted then
 */
export async function submitRequest(
  deps: GenerationDeps,
  request: ImageRequest,
  isInteractive: boolean,
): Promise<Job[]> {
  await requireNetwork(deps, isInteractive);
  const references = await prepareReferences(
    deps,
    request.references,
    request.model,
    isInteractive,
  );
  return deps.engine.add(toJobs({ ...request, references }));
}

/** What is ordered in the Studio, and where it goes when not by the settings. */
interface DraftedRequest extends Omit<ImageRequest, 'model' | 'place'> {
  folder?: vscode.Uri;
}

/** The same for what a user put together elsewhere. @throws likewise */
export async function submitDraftedRequest(
  deps: GenerationDeps,
  drafted: DraftedRequest,
): Promise<Job[]> {
  const { folder, ...fields } = drafted;
  const given = { ...(folder && { output: folder }) };
  const request = { ...fields, model: defaultsFor(given).model };
  checkRequest(request, given);
  const place = await requireLocation(given, false);
  return await submitRequest(deps, { ...request, place }, true);
}
