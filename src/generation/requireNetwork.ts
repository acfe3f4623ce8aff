import { readBaseUrl } from '../editor/settings.ts';
import type { GenerationDeps } from './generationDeps.ts';
import type { Interaction } from './interaction/interaction.ts';

/** What would fail every job is said before there is one. @throws AppError */
export async function requireNetwork(
  { apiKey }: GenerationDeps,
  interaction: Interaction,
): Promise<void> {
  readBaseUrl('apiBaseUrl');
  if ((await apiKey.read()) === undefined) await interaction.provideKey();
}
