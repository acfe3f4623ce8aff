import { AppError, cancelled } from '../../appError.ts';
import { RequestError } from '../../requests/requestError.ts';
import { isAskedOfCallers } from '../../requests/uploadConsent.ts';
import type { GenerationDeps } from '../generationDeps.ts';
import { ensureMayPay } from '../paymentConsent.ts';
import { askForConsent } from '../uploadConsent.ts';
import type { Interaction } from './interaction.ts';
import { offerToOpen, openResult } from './presentResult.ts';
import { offerQuestion } from './offerQuestion.ts';

/**
 * Another extension, a key binding or a link, which gave a prompt: a code refuses, and the user is
 * asked of what a program must not decide alone.
 */
export function callerInteraction(deps: GenerationDeps): Interaction {
  const { engine, typing } = deps;
  // It calls at any time, and Enter would answer a dialog that opened before a typing user.
  const turn = async () => {
    if (typing.isUnderWay() && !(await offerQuestion())) throw cancelled();
  };
  return {
    chooseImages: () => refuse(new RequestError({ kind: 'noImage' })),
    review: (draft) => Promise.resolve(draft),
    compose: (draft) => Promise.resolve(draft),
    provideKey: (reason) =>
      refuse(reason ?? new AppError('noKey', 'No API key is set', { sent: 'no' })),
    provideFolder: () => refuse(new AppError('noWorkspace', 'No folder is open', { sent: 'no' })),
    consentToPay: (request) => ensureMayPay(request, turn),
    leaveOut: refuse,
    scaleDown: refuse,
    // The images are the user's: no caller can agree in their place.
    mustConfirm: isAskedOfCallers,
    async consentToSend(images) {
      await turn();
      await askForConsent(images, images.some(isAskedOfCallers));
    },
    notifyConverted: () => undefined,
    waitFor: (jobs) =>
      engine.whenSettled(
        jobs.map(({ id }) => id),
        new AbortController().signal,
      ),
    async present(result, request, { options }) {
      const isUnseen = await openResult(deps, result, request, options.open);
      if (isUnseen && options.open === true) offerToOpen(deps, result);
    },
    report(thrown) {
      throw thrown;
    },
  };
}

function refuse(error: AppError): Promise<never> {
  return Promise.reject(error);
}
