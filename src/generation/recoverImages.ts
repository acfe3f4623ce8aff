import * as vscode from 'vscode';
import { showProgress } from '../editor/jobUi/jobProgress.ts';
import { readImageDefaults } from '../editor/settings.ts';
import type { Job } from '../jobs/job.ts';
import type { GenerationDeps } from './generationDeps.ts';
import type { Interaction } from './interaction/interaction.ts';
import { quietOpener } from './interaction/presentResult.ts';
import { requireLocation } from './outputLocation.ts';
import { requireNetwork } from './requireNetwork.ts';

/**
 * Fetches the images of tasks that are paid already, and opens the only one.
 * @returns their files, without those that could not be saved, which the user is told.
 * @throws AppError when there is no key or no folder for them.
 */
export async function recoverImages(
  deps: GenerationDeps,
  taskIds: readonly string[],
  interaction: Interaction,
): Promise<vscode.Uri[]> {
  await requireNetwork(deps, interaction);
  const location = await requireLocation(interaction.provideFolder, deps.workplace.now());
  const { model, size, quality } = readImageDefaults();
  const defaults = { model, size, quality, ...location };
  const jobs: Job[] = [];
  for (const id of taskIds)
    jobs.push(await deps.engine.whenFree(() => deps.engine.recover(id, defaults)));
  const ended = await showProgress(deps.engine, jobs);
  const uris = ended.flatMap((job) =>
    job.state === 'saved' ? vscode.Uri.parse(job.uri, true) : [],
  );
  const [only] = uris;
  if (only && taskIds.length === 1) await quietOpener(deps.log)(only);
  return uris;
}
