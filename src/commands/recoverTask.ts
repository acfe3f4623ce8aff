import * as vscode from 'vscode';
import { reportFailures } from '../editor/errors/errorActions.ts';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { askForTaskId, chooseTasks, isTaskId } from '../editor/jobUi/unknownTasks.ts';
import type { ListedTask } from '../evolink/schema.ts';
import { callerInteraction } from '../generation/interaction/callerInteraction.ts';
import { userInteraction } from '../generation/interaction/userInteraction.ts';
import { recoverImages } from '../generation/recoverImages.ts';
import { requireNetwork } from '../generation/requireNetwork.ts';
import type { CommandDeps } from './commandDeps.ts';

/** EvoLink keeps a result for 24 hours. */
const keptMs = 24 * 3600_000;

/**
 * Fetches images of tasks that no job here stands for: of another machine, of a container that was
 * built anew, or no longer watched. @returns the image's file; the first one's when a user chose several.
 */
export async function recoverTask(
  deps: CommandDeps,
  given?: unknown,
): Promise<vscode.Uri | undefined> {
  if (given === undefined)
    return await reportFailures(async () => {
      const interaction = userInteraction(deps);
      await requireNetwork(deps, interaction);
      const tasks = await askForTasks(deps);
      return tasks.length === 0 ? undefined : (await recoverImages(deps, tasks, interaction))[0];
    }, undefined);
  if (typeof given !== 'string' || !isTaskId(given.trim()))
    throw new LocalizedError('badRequest', vscode.l10n.t('taskId is not the id of a task.'));
  const [uri] = await recoverImages(deps, [{ id: given.trim() }], callerInteraction(deps));
  return uri;
}

async function askForTasks({
  unknownTasks,
}: CommandDeps): Promise<Pick<ListedTask, 'id' | 'model'>[]> {
  const list = { isAbsent: false };
  const recent = unknownTasks(Date.now() - keptMs).then((tasks) => {
    list.isAbsent = tasks === undefined;
    return (tasks ?? []).filter(({ status }) => status !== 'failed');
  });
  const chosen = await chooseTasks(vscode.l10n.t('Recover Images'), recent);
  if (chosen !== 'byId') return chosen ?? [];
  const id = await askForTaskId(
    vscode.l10n.t('Recover Image by Task ID'),
    list.isAbsent
      ? vscode.l10n.t('EvoLink cannot list your tasks. Paste the task id from its website.')
      : vscode.l10n.t('EvoLink keeps a result for 24 hours. Recovering costs nothing.'),
  );
  return id === undefined ? [] : [{ id }];
}
