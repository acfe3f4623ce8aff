import { AppError } from '../../appError.ts';
import { RequestError } from '../../requests/requestError.ts';
import { isAskedOfCallers } from '../../requests/uploadConsent.ts';
import type { GenerationDeps } from '../generationDeps.ts';
import { askForConsent } from '../uploadConsent.ts';
import type { Interaction } from './interaction.ts';
import { openResult } from './presentResult.ts';

/** Another extension or a key binding, which gave a prompt: nothing is asked, and a code refuses. */
export function callerInteraction({ engine, log }: GenerationDeps): Interaction {
  return {
    chooseImages: () => refuse(new RequestError({ kind: 'noImage' })),
    review: (draft) => Promise.resolve(draft),
    compose: (draft) => Promise.resolve(draft),
    provideKey: () => refuse(new AppError('noKey', 'No API key is set', { sent: 'no' })),
    provideFolder: () => refuse(new AppError('noWorkspace', 'No folder is open', { sent: 'no' })),
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
