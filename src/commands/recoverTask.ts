import * as vscode from 'vscode';
import { reportFailures } from '../editor/errors/errorActions.ts';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { callerInteraction } from '../generation/interaction/callerInteraction.ts';
import { userInteraction } from '../generation/interaction/userInteraction.ts';
import { recoverImage } from '../generation/recoverImage.ts';
import type { CommandDeps } from './commandDeps.ts';
import { askForText } from '../editor/say/quickInput.ts';

const taskIdForm = /^[\w.-]{4,128}$/;

/** Fetches the image of a task by its id: of another machine, or of one no longer watched. */
export async function recoverTask(
  deps: CommandDeps,
  given?: unknown,
): Promise<vscode.Uri | undefined> {
  if (given === undefined)
    return await reportFailures(async () => {
      const taskId = await askForTaskId();
      if (taskId === undefined) return undefined;
      return await recoverImage(deps, taskId, userInteraction(deps));
    }, undefined);
  if (typeof given !== 'string' || !taskIdForm.test(given.trim()))
    throw new LocalizedError('badRequest', vscode.l10n.t('taskId is not the id of a task.'));
  return await recoverImage(deps, given.trim(), callerInteraction(deps));
}

async function askForTaskId(): Promise<string | undefined> {
  const options = {
    title: vscode.l10n.t('Recover Image by Task ID'),
    prompt: vscode.l10n.t('EvoLink keeps a result for 24 hours. Recovering costs nothing.'),
    placeHolder: 'task-unified-…',
    ignoreFocusOut: true,
  };
  const id = await askForText(options, (value) =>
    value.trim() === '' || taskIdForm.test(value.trim())
      ? undefined
      : vscode.l10n.t('This is not the id of a task.'),
  );
  return id?.trim() || undefined;
}
