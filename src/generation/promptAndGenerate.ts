import * as vscode from 'vscode';
import type { OutputLocation } from './destination.ts';
import { showFailure } from '../editor/errors/errorActions.ts';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { AppError } from '../appError.ts';
import { findModel } from '../evolink/models.ts';
import type { Job } from '../jobs/job.ts';
import type { GenerationDeps } from './generationDeps.ts';
import { checkRequest, type ImageRequest, type RequestOptions } from './imageRequest.ts';
import { submitRequest } from './submitRequest.ts';
import { askForPrompt } from './prompt/promptInput.ts';
import { checkReferences } from './references/prepareReferences.ts';
import { type GenerationResult, finishJobs } from './runRequest.ts';

/** What a user is about to ask for. */
export interface PromptedRequest {
  draft: Omit<ImageRequest, 'place'>;
  /** What was asked for by name; it counts more than what was chosen for another image. */
  given: RequestOptions;
  title?: (references: readonly string[]) => string;
  place: (references: readonly string[]) => Promise<OutputLocation>;
  open?: boolean | undefined;
}

const nothing: GenerationResult = { images: [], failures: [] };

/**
 * Asks a user for the words, and draws. What cannot be ordered leads back to the words, so that
 * nothing typed is lost. @throws CodedError for what the words cannot mend
 */
export async function promptAndGenerate(
  deps: GenerationDeps,
  prompted: PromptedRequest,
): Promise<GenerationResult> {
  const references = await usableReferences(prompted.draft);
  let draft = { ...prompted.draft, references };
  checkRequest({ ...draft, prompt: 'any' }, prompted.given);
  for (;;) {
    const answer = await askForPrompt(
      deps.memento,
      draft,
      prompted.given,
      prompted.title?.(references),
    );
    if (!answer) return nothing;
    const jobs = await submitOrShow(deps, { ...draft, ...answer }, prompted);
    if (jobs)
      return await finishJobs(deps, jobs, references, { isInteractive: true, open: prompted.open });
    draft = { ...draft, ...answer };
  }
}

/** @returns undefined when nothing was ordered, and the user knows why. */
async function submitOrShow(
  deps: GenerationDeps,
  request: Omit<ImageRequest, 'place'>,
  prompted: PromptedRequest,
): Promise<Job[] | undefined> {
  try {
    const place = await prompted.place(request.references);
    return await submitRequest(deps, { ...request, place }, true);
  } catch (thrown) {
    // What is not ours is a fault to be logged where all commands are run.
    if (!(thrown instanceof AppError)) throw thrown;
    showFailure(thrown);
    return undefined;
  }
}

/** Those that can be read, and no more than the model takes: the user may go on with fewer. */
async function usableReferences({
  references,
  model,
}: PromptedRequest['draft']): Promise<string[]> {
  const usable = await checkReferences(references, model, true);
  const limit = findModel(model)?.maxReferences ?? usable.length;
  if (usable.length <= limit) return usable;
  const goOn = vscode.l10n.t('Use the First {0}', limit);
  const message = vscode.l10n.t(
    '{0} images were chosen, and EvoLink takes {1} at most.',
    usable.length,
    limit,
  );
  const chosen = await vscode.window.showWarningMessage(message, { modal: true }, goOn);
  if (chosen !== goOn) throw new LocalizedError('cancelled', vscode.l10n.t('Cancelled.'));
  return usable.slice(0, limit);
}
