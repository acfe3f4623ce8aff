import { cancelled } from '../../appError.ts';
import type { GenerationDeps } from '../generationDeps.ts';
import { ensureMayPay } from '../paymentConsent.ts';
import type { Interaction } from './interaction.ts';
import { offerQuestion } from './offerQuestion.ts';
import { userInteraction } from './userInteraction.ts';

/**
 * A user who ordered by one click what stands in a text: nothing is asked that the click has answered.
 * What fails leads to the prompt, where the request can be mended. In Restricted Mode, where a link can
 * make the click, the user is asked.
 */
export function directInteraction(deps: GenerationDeps): Interaction {
  const user = userInteraction(deps);
  let isComposed = false;
  return {
    ...user,
    compose(draft, asked) {
      if (isComposed) return user.compose(draft, asked);
      isComposed = true;
      return Promise.resolve(draft);
    },
    consentToPay: (request) =>
      ensureMayPay(request, async () => {
        if (deps.typing.isUnderWay() && !(await offerQuestion())) throw cancelled();
      }),
  };
}
