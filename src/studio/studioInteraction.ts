import { AppError } from '../appError.ts';
import type { GenerationDeps } from '../generation/generationDeps.ts';
import type { Interaction } from '../generation/interaction/interaction.ts';
import { userInteraction } from '../generation/interaction/userInteraction.ts';

/**
 * A user in the Studio: its page has the prompt, shows what fails beside the field, and shows jobs
 * in its gallery. What else comes up is asked in dialogs.
 */
export function studioInteraction(deps: GenerationDeps): Interaction {
  return {
    ...userInteraction(deps),
    review: (draft) => Promise.resolve(draft),
    compose: (draft) => Promise.resolve(draft),
    provideFolder: () =>
      Promise.reject(new AppError('noWorkspace', 'No folder is open', { sent: 'no' })),
    waitFor: (jobs) => Promise.resolve(jobs),
    present: () => Promise.resolve(),
    report(thrown) {
      throw thrown;
    },
  };
}
