import type { EditorOptions } from '../askedRequest.ts';
import type { GenerationDeps } from '../generationDeps.ts';
import { callerInteraction } from './callerInteraction.ts';
import type { Interaction } from './interaction.ts';
import { userInteraction } from './userInteraction.ts';

/** Whoever gives a command the prompt is a program; without one a user is asked for it. */
export function interactionFor(deps: GenerationDeps, { prompt }: EditorOptions): Interaction {
  return prompt === undefined ? userInteraction(deps) : callerInteraction(deps);
}
