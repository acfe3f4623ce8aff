import * as vscode from 'vscode';
import type { Engine } from '../../jobs/engine.ts';
import { isUnfinished, type Job } from '../../jobs/job.ts';
import { fillIn } from '../say/fillIn.ts';
import { ask, inform } from '../say/notifications.ts';

/**
 * Ends jobs. What is not submitted is cancelled, which is free; for all that is paid, a user is asked
 * once whether to stop watching it.
 */
export async function endJobs(
  engine: Pick<Engine, 'get' | 'cancel' | 'stop' | 'whenFree'>,
  jobs: readonly Job[],
): Promise<void> {
  const underWay = (id: string) => {
    const job = engine.get(id);
    return job && isUnfinished(job) ? job : undefined;
  };
  const ending = jobs.flatMap(({ id }) => underWay(id) ?? []);
  const paid: string[] = [];
  for (const { id } of ending) {
    const job = underWay(id);
    // Another window is only asked to cancel, and cannot when the job is paid: that is looked at here.
    if (!job || (!('taskId' in job) && (await engine.whenFree(() => engine.cancel(id))))) continue;
    paid.push(id);
  }
  if (paid.length === 0 || !(await agreesToStop(paid.length, ending.length))) return;
  let left = 0;
  for (const id of paid) if (!(await engine.whenFree(() => engine.stop(id)))) left += 1;
  if (left > 0) sayNotStopped(left);
}

async function agreesToStop(paid: number, all: number): Promise<boolean> {
  const stop = vscode.l10n.t('Stop Watching');
  const chosen =
    all === 1
      ? await ask(
          vscode.l10n.t('This image is submitted and paid.'),
          [stop],
          vscode.l10n.t(
            'EvoLink cannot cancel it. You can stop watching it and recover it later, within 24 hours, with "Show Jobs".',
          ),
        )
      : await ask(
          fillIn(vscode.l10n.t('{0} of {1} images are submitted and paid.'), paid, all),
          [stop],
          vscode.l10n.t(
            'EvoLink cannot cancel those. You can stop watching them and recover them later, within 24 hours, with "Show Jobs".',
          ),
        );
  return chosen === stop;
}

function sayNotStopped(count: number): void {
  const message =
    count === 1
      ? vscode.l10n.t('This image cannot be stopped now. "Show Jobs" tells where it is.')
      : fillIn(
          vscode.l10n.t('{0} images cannot be stopped now. "Show Jobs" tells where they are.'),
          count,
        );
  void inform(message);
}
