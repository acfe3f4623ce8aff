import * as vscode from 'vscode';
import { showProgress } from '../editor/jobUi/jobProgress.ts';
import { openImages } from '../editor/files/openImages.ts';
import { readModels } from '../editor/settings.ts';
import type { ListedTask } from '../evolink/schema.ts';
import { askedFileOf, type Job } from '../jobs/job.ts';
import { toSpecChoices } from '../requests/imageRequest.ts';
import { defaultsFor } from './askedRequest.ts';
import type { GenerationDeps } from './generationDeps.ts';
import type { Interaction } from './interaction/interaction.ts';
import { quietOpener } from './interaction/presentResult.ts';
import { requireLocation } from './outputLocation.ts';
import { requireNetwork } from './requireNetwork.ts';

/** What is known of a task that no job here stands for. */
type KnownTask = Pick<ListedTask, 'id' | 'model'>;

/**
 * Fetches the images of tasks that are paid already, and opens the only one, where it covers nothing else.
 * @returns their files, without those that could not be saved, which the user is told.
 * @throws AppError when there is no key or no folder for them.
 */
export async function recoverImages(
  deps: GenerationDeps,
  tasks: readonly KnownTask[],
  interaction: Interaction,
): Promise<vscode.Uri[]> {
  await requireNetwork(deps, interaction);
  const place = deps.workplace.now();
  const location = await requireLocation(interaction.provideFolder, place);
  const rows = readModels();
  const jobs: Job[] = [];
  for (const { id, model } of tasks) {
    const choices = toSpecChoices(defaultsFor({ model }, place), rows);
    const job = { ...choices, ...location };
    jobs.push(await deps.engine.whenFree(() => deps.engine.recover(id, job)));
  }
  const ended = await showProgress(deps.engine, jobs);
  const uris = ended.flatMap((job) =>
    job.state === 'saved' ? vscode.Uri.parse(askedFileOf(job), true) : [],
  );
  const [only] = uris;
  if (only && tasks.length === 1 && !deps.typing.isUnderWay())
    await openImages([only], undefined, quietOpener(deps.log));
  return uris;
}
