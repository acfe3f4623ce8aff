import * as vscode from 'vscode';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { reportFailures } from '../editor/errors/errorActions.ts';
import { showProgress } from '../editor/jobUi/jobProgress.ts';
import { readImageDefaults } from '../editor/settings.ts';
import type { CommandDeps } from './commandDeps.ts';
import { requireLocation } from '../generation/imageRequest.ts';
import { requireNetwork } from '../generation/requireNetwork.ts';
import { openQuietly } from '../generation/runRequest.ts';

const taskIdForm = /^[\w.-]{4,128}$/;

/** Fetches the image of a task by its id: of another machine, or of one no longer watched. */
export async function recoverTask(
  deps: CommandDeps,
  given?: unknown,
): Promise<vscode.Uri | undefined> {
  if (given !== undefined && (typeof given !== 'string' || !taskIdForm.test(given.trim())))
    throw new LocalizedError('badRequest', vscode.l10n.t('taskId is not the id of a task.'));
  if (given !== undefined) return await recover(deps, given.trim(), false);
  return await reportFailures(async () => {
    const taskId = await askForTaskId();
    return taskId === undefined ? undefined : await recover(deps, taskId, true);
  }, undefined);
}

async function recover(
  deps: CommandDeps,
  taskId: string,
  isInteractive: boolean,
): Promise<vscode.Uri | undefined> {
  await requireNetwork(deps, isInteractive);
  const place = await requireLocation({}, isInteractive);
  const job = deps.engine.recover(taskId, { ...readImageDefaults(), ...place });
  const [ended] = await showProgress(deps.engine, [job]);
  if (ended?.state !== 'saved') return undefined;
  const uri = vscode.Uri.parse(ended.uri, true);
  await openQuietly(deps, uri);
  return uri;
}

async function askForTaskId(): Promise<string | undefined> {
  const id = await vscode.window.showInputBox({
    title: vscode.l10n.t('Recover Image by Task ID'),
    prompt: vscode.l10n.t('EvoLink keeps a result for 24 hours. Recovering costs nothing.'),
    placeHolder: 'task-unified-…',
    ignoreFocusOut: true,
    validateInput: (value) =>
      value.trim() === '' || taskIdForm.test(value.trim())
        ? undefined
        : vscode.l10n.t('This is not the id of a task.'),
  });
  return id?.trim() || undefined;
}
