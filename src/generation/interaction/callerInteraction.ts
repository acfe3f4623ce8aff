import { AppError } from '../../appError.ts';
import { RequestError } from '../../requests/requestError.ts';
import { isAskedOfCallers } from '../../requests/uploadConsent.ts';
import type { GenerationDeps } from '../generationDeps.ts';
import { ensureMayPay } from '../paymentConsent.ts';
import { askForConsent } from '../uploadConsent.ts';
import type { Interaction } from './interaction.ts';
import { openResult } from './presentResult.ts';

/**
 * Another extension, a key binding or a link, which gave a prompt: a code refuses, and the user is
 * asked of what a program must not decide alone.
 */
export function callerInteraction({ engine, log }: GenerationDeps): Interaction {
  return {
    chooseImages: () => refuse(new RequestError({ kind: 'noImage' })),
    review: (draft) => Promise.resolve(draft),
    compose: (draft) => Promise.resolve(draft),
    provideKey: (reason) =>
      refuse(reason ?? new AppError('noKey', 'No API key is set', { sent: 'no' })),
    provideFolder: () => refuse(new AppError('noWorkspace', 'No folder is open', { sent: 'no' })),
    consentToPay: ensureMayPay,
    leaveOut: refuse,
    scaleDown: refuse,
    // The images are the user's: no caller can agree in their place.
    mustConfirm: isAskedOfCallers,
    consentToSend: (images) => askForConsent(images, images.some(isAskedOfCallers)),
    notifyConverted: () => undefined,
    waitFor: (jobs) =>
      engine.whenSettled(
        jobs.map(({ id }) => id),
        new AbortController().signal,
      ),
    present: (result, request, { options }) => openResult(log, result, request, options.open),
    report(thrown) {
      throw thrown;
    },
  };
}

function refuse(error: AppError): Promise<never> {
  return Promise.reject(error);
}
