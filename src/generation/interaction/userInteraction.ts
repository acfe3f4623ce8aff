import * as vscode from 'vscode';
import { cancelled } from '../../appError.ts';
import { askForApiKey } from '../../editor/askForApiKey.ts';
import { isForeseen, showFailure } from '../../editor/errors/errorActions.ts';
import { askForFolder } from '../../editor/files/askForFolder.ts';
import { showProgress } from '../../editor/jobUi/jobProgress.ts';
import { type AskedRequest, settingsFor } from '../askedRequest.ts';
import type { GenerationDeps } from '../generationDeps.ts';
import { goingOf, locationFor } from '../outputLocation.ts';
import { chooseImagesToEdit } from '../prompt/chooseImages.ts';
import { askForPrompt } from '../prompt/promptInput.ts';
import { reviewDraft } from '../prompt/reviewDraft.ts';
import { sourceSize } from '../sourceSize.ts';
import { askForConsent } from '../uploadConsent.ts';
import type { Composed, Interaction } from './interaction.ts';
import { offerQuestion } from './offerQuestion.ts';
import { offerForFile, offerNext, openResult } from './presentResult.ts';
import { type UserQuestions, waitForTurn } from './waitForTurn.ts';
import { fillIn } from '../../editor/say/fillIn.ts';
import { ask, showBriefly } from '../../editor/say/notifications.ts';

/** A user at the prompt: everything is asked in a dialog, and what fails leads back to the prompt. */
export function userInteraction(deps: GenerationDeps): Interaction {
  const interaction: Interaction & UserQuestions = {
    chooseImages: ({ options }) => chooseImagesToEdit(deps, options),
    review: (draft, { options }) => reviewDraft(draft, options, guarded),
    useFirst: confirmFirst,
    async compose(draft, asked) {
      const { options, title } = asked;
      const defaults = settingsFor(asked, deps.workplace.now());
      const shape = asked.shape ?? (await sourceSize(draft.references));
      const folderOf = (request: Composed) => folderFor(deps, request, asked);
      const promptDeps = { ...deps, defaults, folderOf, ...(shape && { shape }) };
      const answer = await askForPrompt(promptDeps, draft, options, title?.(draft.references));
      return answer && { ...draft, ...answer };
    },
    async provideKey(reason) {
      // Whoever closes the question for a key knows that there is none.
      if (!(await askForApiKey(deps, reason?.message))) throw cancelled();
    },
    async provideFolder() {
      const title = vscode.l10n.t('No folder is open. Where should the image be saved?');
      const folder = await askForFolder(title);
      if (!folder) throw cancelled();
      return folder;
    },
    // Whoever typed the prompt has agreed.
    consentToPay: () => Promise.resolve(),
    leaveOut: ({ message }) => confirm(message, vscode.l10n.t('Continue Without It')),
    scaleDown: ({ message }) =>
      confirm(
        message,
        vscode.l10n.t('Scale Down'),
        vscode.l10n.t('A copy of at most 4096 pixels a side is sent. Your file stays as it is.'),
      ),
    // Each was chosen by hand.
    mustConfirm: () => false,
    consentToSend: (images) => askForConsent(images),
    notifyConverted,
    waitFor: (jobs) => showProgress(deps.engine, jobs),
    async present(result, request, { options, file }) {
      const isUnseen = await openResult(deps, result, request, options.open);
      if (file) await offerForFile(deps, result, file);
      else await offerNext(deps, result, request, isUnseen);
    },
    report(thrown) {
      if (!isForeseen(thrown)) throw thrown;
      showFailure(thrown);
    },
  };
  const guarded = waitForTurn(interaction, {
    changes: deps.typing.changes,
    offer: offerQuestion,
  });
  return guarded;
}

/** Where results go, as far as it can be told: what is wrong with a setting is said after the prompt. */
async function folderFor(
  { workplace, ownFolder }: GenerationDeps,
  request: Composed,
  asked: AskedRequest,
): Promise<vscode.Uri | undefined> {
  try {
    const location = await locationFor(goingOf(request, asked), workplace.now(), ownFolder);
    return location && vscode.Uri.parse(location.destination.folderUri, true);
  } catch {
    return undefined;
  }
}

/** @throws AppError `cancelled` unless the user agrees. */
async function confirm(message: string, agree: string, detail?: string): Promise<void> {
  const details = detail === undefined ? [] : [detail];
  if ((await ask(message, [agree], ...details)) !== agree) throw cancelled();
}

/** @throws AppError `cancelled` when the user would rather not go on with the first ones. */
async function confirmFirst(limit: number, chosenCount: number): Promise<void> {
  const message = fillIn(
    vscode.l10n.t('{0} images were chosen, and EvoLink takes {1} at most.'),
    chosenCount,
    limit,
  );
  await confirm(message, fillIn(vscode.l10n.t('Use the First {0}'), limit));
}

function notifyConverted(names: readonly string[]): void {
  const message =
    names.length === 1
      ? fillIn(
          vscode.l10n.t('{0} is sent as a PNG, because EvoLink takes PNG, JPEG and WebP.'),
          names.join(''),
        )
      : fillIn(
          vscode.l10n.t('{0} are sent as PNG, because EvoLink takes PNG, JPEG and WebP.'),
          names.join(', '),
        );
  showBriefly(message, 8_000);
}
