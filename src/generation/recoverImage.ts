import * as vscode from 'vscode';
import { showProgress } from '../editor/jobUi/jobProgress.ts';
import { readImageDefaults } from '../editor/settings.ts';
import type { GenerationDeps } from './generationDeps.ts';
import type { Interaction } from './interaction/interaction.ts';
import { quietOpener } from './interaction/presentResult.ts';
import { requireLocation } from './outputLocation.ts';
import { requireNetwork } from './requireNetwork.ts';

/**
 * Fetches and opens the image of a task that is paid already.
 * @returns its file; undefined when it could not be saved, which the user is told.
 * @throws AppError when there is no key or no folder for it.
 */
export async function recoverImage(
  deps: GenerationDeps,
  taskId: string,
  interaction: Interaction,
): Promise<vscode.Uri | undefined> {
  await requireNetwork(deps, interaction);
  const location = await requireLocation(interaction.provideFolder, deps.workplace.now());
  const { model, size, quality } = readImageDefaults();
  const defaults = { model, size, quality, ...location };
  const job = await deps.engine.whenFree(() => deps.engine.recover(taskId, defaults));
  const [ended] = await showProgress(deps.engine, [job]);
  if (ended?.state !== 'saved') return undefined;
  const uri = vscode.Uri.parse(ended.uri, true);
  await quietOpener(deps.log)(uri);
  return uri;
}
