import type * as vscode from 'vscode';
import type { Job } from '../jobs/job.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';
import {
  checkRequest,
  defaultsFor,
  type ImageRequest,
  requirePlace,
  toJobs,
} from './imageRequest.ts';
import { readyReferences } from './references/prepareReferences.ts';
import { requireNetwork } from './requireNetwork.ts';

/**
 * Puts what was asked for into the queue, after all that can be said before. The one way for every
 * command and for the Studio. @throws CodedError; nothing was submitted then
 */
export async function orderImages(
  deps: CommandDeps,
  request: ImageRequest,
  isInteractive: boolean,
): Promise<Job[]> {
  await requireNetwork(deps, isInteractive);
  const references = await readyReferences(deps, request.references, request.model, isInteractive);
  return deps.engine.add(toJobs({ ...request, references }));
}

/** What is ordered in the Studio, and where it goes when not by the settings. */
interface FreeOrder extends Omit<ImageRequest, 'model' | 'place'> {
  folder?: vscode.Uri;
}

/** The same for what a person put together elsewhere. @throws likewise */
export async function orderByHand(deps: CommandDeps, order: FreeOrder): Promise<Job[]> {
  const { folder, ...wanted } = order;
  const given = { ...(folder && { output: folder }) };
  const request = { ...wanted, model: defaultsFor(given).model };
  checkRequest(request, given);
  const place = await requirePlace(given, false);
  return await orderImages(deps, { ...request, place }, true);
}
