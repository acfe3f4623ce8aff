import * as vscode from 'vscode';
import type { Place } from './destination.ts';
import { tellFailure } from '../editor/errors/errorActions.ts';
import { CodedError } from '../editor/errors/localizedError.ts';
import { EvolinkError } from '../evolink/errors.ts';
import { findModel } from '../evolink/models.ts';
import type { Job } from '../jobs/job.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';
import { checkRequest, type ImageRequest, type RequestOptions } from './imageRequest.ts';
import { orderImages } from './submitRequest.ts';
import { askForPrompt } from './prompt/promptInput.ts';
import { checkReferences } from './references/prepareReferences.ts';
import { type DrawResult, finishJobs } from './runRequest.ts';

/** What a person is about to ask for. */
export interface Wish {
  draft: Omit<ImageRequest, 'place'>;
  /** What was asked for by name; it counts more than what was chosen for another image. */
  given: RequestOptions;
  title?: (references: readonly string[]) => string;
  place: (references: readonly string[]) => Promise<Place>;
  open?: boolean | undefined;
}

const nothing: DrawResult = { images: [], failures: [] };

/**
 * Asks a person for the words, and draws. What cannot be ordered leads back to the words, so that
 * nothing typed is lost. @throws CodedError for what the words cannot mend
 */
export async function askAndDraw(deps: CommandDeps, wish: Wish): Promise<DrawResult> {
  const references = await usableReferences(wish.draft);
  let draft = { ...wish.draft, references };
  checkRequest({ ...draft, prompt: 'any' }, wish.given);
  for (;;) {
    const answer = await askForPrompt(deps.memento, draft, wish.given, wish.title?.(references));
    if (!answer) return nothing;
    const jobs = await orderOrTell(deps, { ...draft, ...answer }, wish);
    if (jobs)
      return await finishJobs(deps, jobs, references, { isInteractive: true, open: wish.open });
    draft = { ...draft, ...answer };
  }
}

/** @returns undefined when nothing was ordered, and the person knows why. */
async function orderOrTell(
  deps: CommandDeps,
  request: Omit<ImageRequest, 'place'>,
  wish: Wish,
): Promise<Job[] | undefined> {
  try {
    const place = await wish.place(request.references);
    return await orderImages(deps, { ...request, place }, true);
  } catch (thrown) {
    // What is not ours is a fault to be logged where all commands are run.
    if (!(thrown instanceof EvolinkError)) throw thrown;
    tellFailure(thrown);
    return undefined;
  }
}

/** Those that can be read, and no more than the model takes: the person may go on with fewer. */
async function usableReferences({ references, model }: Wish['draft']): Promise<string[]> {
  const usable = await checkReferences(references, model, true);
  const limit = findModel(model)?.maxReferences ?? usable.length;
  if (usable.length <= limit) return usable;
  const goOn = vscode.l10n.t('Use the First {0}', limit);
  const words = vscode.l10n.t(
    '{0} images were chosen, and EvoLink takes {1} at most.',
    usable.length,
    limit,
  );
  const chosen = await vscode.window.showWarningMessage(words, { modal: true }, goOn);
  if (chosen !== goOn) throw new CodedError('cancelled', vscode.l10n.t('Cancelled.'));
  return usable.slice(0, limit);
}
