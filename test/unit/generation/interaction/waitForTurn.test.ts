import { strict as assert } from 'node:assert';
import type { Composed, Interaction } from '../../../../src/generation/interaction/interaction.ts';
import {
  type UserQuestions,
  waitForTurn,
} from '../../../../src/generation/interaction/waitForTurn.ts';

describe('questions to a user who types', () => {
  let changes: number;
  let steps: string[];
  let isWanted: boolean;
  const draft = { prompt: '' } as Composed;

  beforeEach(() => {
    changes = 7;
    steps = [];
    isWanted = true;
  });

  function guarded(): Interaction & UserQuestions {
    const asked = (name: string) => () => {
      steps.push(name);
      return Promise.resolve(undefined);
    };
    const names = [
      ...['compose', 'provideKey', 'provideFolder', 'leaveOut', 'scaleDown', 'consentToSend'],
      ...['chooseImages', 'useFirst', 'notifyConverted'],
    ];
    const interaction = Object.fromEntries(names.map((name) => [name, asked(name)]));
    return waitForTurn(interaction as unknown as Interaction & UserQuestions, {
      changes: () => changes,
      offer: () => {
        steps.push('offer');
        return Promise.resolve(isWanted);
      },
    });
  }

  it('are asked at once while the user waits for them', async () => {
    const interaction = guarded();
    await interaction.compose(draft, undefined as never);
    await interaction.provideKey();
    assert.deepEqual(steps, ['compose', 'provideKey']);
  });

  it('are offered by a notice after the user went on typing, and asked when that is clicked', async () => {
    const interaction = guarded();
    await interaction.compose(draft, undefined as never);
    changes += 1;
    await interaction.consentToSend([]);
    // The next one comes while the user looks at it.
    await interaction.scaleDown(undefined as never);
    assert.deepEqual(steps, ['compose', 'offer', 'consentToSend', 'scaleDown']);
  });

  for (const question of [
    ...(['compose', 'provideKey', 'provideFolder', 'leaveOut'] as const),
    ...(['chooseImages', 'useFirst'] as const),
  ])
    it(`cancel the request when the notice for ${question} is closed`, async () => {
      const interaction = guarded();
      changes += 1;
      isWanted = false;
      const ask = interaction[question] as (...args: unknown[]) => Promise<unknown>;
      await assert.rejects(ask(draft), { code: 'cancelled' });
      assert.deepEqual(steps, ['offer']);
    });

  it('lead back to what was typed when the notice for one of them is closed', async () => {
    const interaction = guarded();
    changes += 1;
    isWanted = false;
    await assert.rejects(interaction.consentToSend([]), { code: 'cancelled' });
    await interaction.compose({ ...draft, prompt: 'a red fox' }, undefined as never);
    assert.deepEqual(steps, ['offer', 'compose']);
  });

  it('show what was typed though the notice that the prompt waits is closed', async () => {
    const interaction = guarded();
    changes += 1;
    isWanted = false;
    await interaction.compose({ ...draft, prompt: 'a red fox' }, undefined as never);
    assert.deepEqual(steps, ['offer', 'compose']);
  });

  it('do not keep a message in the status bar waiting', () => {
    const interaction = guarded();
    changes += 1;
    interaction.notifyConverted([]);
    assert.deepEqual(steps, ['notifyConverted']);
  });
});
