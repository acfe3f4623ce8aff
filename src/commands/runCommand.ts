import { AppError } from '../appError.ts';
import type { CommandId } from '../editor/contributions.ts';
import { showFailure, toLocalizedError } from '../editor/errors/errorActions.ts';
import { withoutGroup } from '../editor/menuArguments.ts';
import { isStoreError } from '../jobs/store/storeErrors.ts';
import { cancelJobs } from './cancelJobs.ts';
import { checkConnection } from './checkConnection.ts';
import { clearApiKey } from './clearApiKey.ts';
import { clearHistory } from './clearHistory.ts';
import type { Command, CommandDeps } from './commandDeps.ts';
import { convertImage } from './convertImage.ts';
import { edit } from './edit.ts';
import { generate } from './generate.ts';
import { generateFromSelection } from './generateFromSelection.ts';
import { generateInFolder } from './generateInFolder.ts';
import { makeAgain } from './makeAgain.ts';
import { openStudio } from './openStudio.ts';
import { openStudioInSideBar } from './openStudioInSideBar.ts';
import { recoverTask } from './recoverTask.ts';
import { isRunByUser, nothingDone } from './runByUser.ts';
import { setApiKey } from './setApiKey.ts';
import { showJobs } from './showJobs.ts';
import { showLog } from './showLog.ts';

const commands: Record<CommandId, Command> = {
  'imageStudio.generate': generate,
  'imageStudio.generateFromSelection': generateFromSelection,
  'imageStudio.generateInFolder': generateInFolder,
  'imageStudio.edit': edit,
  'imageStudio.openStudio': openStudio,
  'imageStudio.openStudioInSideBar': openStudioInSideBar,
  'imageStudio.useAsReference': openStudio,
  'imageStudio.insertImage': ({ insertImage }, ...given) => insertImage(...withoutGroup(given)),
  'imageStudio.generateMissing': (deps, ...given) => deps.generateMissing(...withoutGroup(given)),
  'imageStudio.convertImage': (deps, ...given) => convertImage(deps, ...withoutGroup(given)),
  'imageStudio.setApiKey': setApiKey,
  'imageStudio.clearApiKey': clearApiKey,
  'imageStudio.checkConnection': checkConnection,
  'imageStudio.recoverTask': recoverTask,
  'imageStudio.clearHistory': clearHistory,
  'imageStudio.showJobs': showJobs,
  'imageStudio.cancelJobs': cancelJobs,
  'imageStudio.makeAgain': makeAgain,
  'imageStudio.showLog': showLog,
};

/**
 * Whoever called may rely on the codes of the contract, whatever it was that failed. A user is told
 * of a list of images that cannot be used: what a command throws, the editor shows in a dialog.
 */
export async function runCommand(
  deps: CommandDeps,
  id: CommandId,
  args: unknown[],
): Promise<unknown> {
  try {
    return await commands[id](deps, ...args);
  } catch (thrown) {
    if (!(thrown instanceof AppError))
      deps.log.error(`${id} failed: ${thrown instanceof Error ? String(thrown.stack) : 'unknown'}`);
    if (!isStoreError(thrown) || !isRunByUser(args)) throw toLocalizedError(thrown);
    showFailure(thrown);
    return nothingDone(id);
  }
}
