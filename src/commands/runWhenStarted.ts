import * as vscode from 'vscode';
import type { CommandId } from '../editor/contributions.ts';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { tellError } from '../editor/say/notifications.ts';
import { isRunByUser, nothingDone } from './runByUser.ts';

/** What has started. */
export interface CommandRunner {
  run: (id: CommandId, ...args: unknown[]) => Promise<unknown>;
}

/** A command waits so long for a list of images that is locked. */
const startLimitMs = 30_000;

/** Runs a command as soon as all has started. A user is told why it could not. */
export async function runWhenStarted(
  start: () => Promise<CommandRunner>,
  id: CommandId,
  args: unknown[],
): Promise<unknown> {
  let app: CommandRunner;
  try {
    app = await startedInTime(start());
  } catch (thrown) {
    if (!isRunByUser(args)) throw thrown;
    void tellError((thrown as Error).message);
    return nothingDone(id);
  }
  return await app.run(id, ...args);
}

/** Starting goes on when a command has waited for long enough. */
async function startedInTime<T>(start: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    const message = vscode.l10n.t(
      'Image Studio has not started yet, because it waits for the list of images. It goes on by itself; try again in a moment.',
    );
    timer = setTimeout(() => reject(new LocalizedError('writeFailed', message)), startLimitMs);
  });
  try {
    return await Promise.race([start, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
