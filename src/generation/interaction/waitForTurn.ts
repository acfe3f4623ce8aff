import { cancelled } from '../../appError.ts';
import type { Interaction } from './interaction.ts';

interface Turns {
  /** How many changes the texts in front had so far. */
  changes: () => number;
  /** Tells that there is a question. @returns whether the user wants to answer it now */
  offer: () => Promise<boolean>;
}

/** Questions that come up for a user alone. */
export interface UserQuestions {
  /** More images were chosen than the model takes. Returns when only the first may be used. */
  useFirst: (limit: number, chosenCount: number) => Promise<void>;
}

const questions = [
  'chooseImages',
  'useFirst',
  'provideKey',
  'provideFolder',
  'leaveOut',
  'scaleDown',
  'consentToSend',
] as const;
type Question = (typeof questions)[number];

/**
 * The same interaction for a user who may have gone on typing in a text: a box or dialog that opened
 * now would take the words, and Enter would answer it. So the question waits to be clicked. Closing it
 * leads back to the prompt, where all that was typed can still be sent.
 */
export function waitForTurn<Asked extends Interaction & UserQuestions>(
  interaction: Asked,
  turns: Turns,
): Asked {
  let answeredAt = turns.changes();

  /** @returns whether the question may be asked: whoever closed the notice does not type just then. */
  async function isWelcome(): Promise<boolean> {
    if (turns.changes() === answeredAt) return true;
    const isWanted = await turns.offer();
    answeredAt = turns.changes();
    return isWanted;
  }

  function waiting<Args extends unknown[], Answer>(question: (...args: Args) => Promise<Answer>) {
    return async (...args: Args): Promise<Answer> => {
      if (!(await isWelcome())) throw cancelled();
      try {
        return await question(...args);
      } finally {
        answeredAt = turns.changes();
      }
    };
  }

  async function compose(...[draft, asked]: Parameters<Interaction['compose']>) {
    const isNothingLost = draft.prompt === '';
    if (!(await isWelcome()) && isNothingLost) throw cancelled();
    try {
      return await interaction.compose(draft, asked);
    } finally {
      answeredAt = turns.changes();
    }
  }

  const guarded = questions.map((name) => [name, waiting(interaction[name] as never)]);
  const answers = Object.fromEntries(guarded) as Pick<Asked, Question>;
  return { ...interaction, ...answers, compose };
}
