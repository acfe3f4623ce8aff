import { type AppError, toAppError } from '../appError.ts';
import { readBaseUrl } from '../editor/settings.ts';
import { tickStep } from '../editor/walkthroughSteps.ts';
import type { GenerationDeps } from './generationDeps.ts';
import type { Interaction } from './interaction/interaction.ts';

/** What would fail every job is said before there is one. @throws AppError */
export async function requireNetwork(
  { apiKey }: GenerationDeps,
  interaction: Interaction,
): Promise<void> {
  readBaseUrl('apiBaseUrl');
  let reason: AppError | undefined;
  const key = await apiKey.read().catch((thrown: unknown) => {
    reason = toAppError(thrown);
    if (reason.code !== 'noKey') throw thrown;
  });
  if (key === undefined) await interaction.provideKey(reason);
  tickStep('hasKey');
}
