import { cancelled } from '../../appError.ts';
import type { Interaction } from './interaction.ts';

interface Turns {
  /** How many changes the texts in front had so far. */
  changes: () => number;
  /** Tells that there is a question. @returns whether the user wants to answer it now */
  offer: () => Promise<boolean>;
}

const questions = [
  'compose',
  'provideKey',
  'provideFolder',
  'leaveOut',
  'scaleDown',
  'consentToSend',
] as const;
type Question = (typeof questions)[number];

/**
 * The same interaction for a user who may have gone on typing in a text: a box or dialog that opened
 * now would take the words, and Enter would answer it. So the question waits to be clicked.
 */
export function waitForTurn(interaction: Interaction, turns: Turns): Interaction {
  let answeredAt = turns.changes();

  function waiting<Args extends unknown[], Answer>(question: (...args: Args) => Promise<Answer>) {
    return async (...args: Args): Promise<Answer> => {
      if (turns.changes() !== answeredAt && !(await turns.offer())) throw cancelled();
      try {
        return await question(...args);
      } finally {
        answeredAt = turns.changes();
      }
    };
  }

  const guarded = questions.map((name) => [name, waiting(interaction[name] as never)]);
  return { ...interaction, ...(Object.fromEntries(guarded) as Pick<Interaction, Question>) };
}
