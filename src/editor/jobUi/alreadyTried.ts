import * as vscode from 'vscode';
import { isUnfinished, type Job, type SavedJob } from '../../jobs/job.ts';
import { commandAction, type ErrorAction, movedOn, runForUser } from '../errors/errorActions.ts';
import { fillIn } from '../say/fillIn.ts';
import { inform } from '../say/notifications.ts';

/**
 * Says that jobs stand in the place of those that a user asked to try again, from another window,
 * list or notification: nothing was paid for that.
 */
export function sayAlreadyTried(
  jobs: readonly Job[],
  open: (job: SavedJob) => Promise<void>,
): void {
  const [first] = jobs;
  if (!first) return;
  const action = buttonFor(jobs, first, open);
  void inform(sentenceFor(jobs, first), action.title).then((chosen) => {
    if (chosen === action.title) runForUser(action.run);
  });
}

function sentenceFor(jobs: readonly Job[], first: Job): string {
  if (jobs.length > 1)
    return fillIn(
      vscode.l10n.t('{0} images were tried again already. Nothing more was requested.'),
      jobs.length,
    );
  if (first.state === 'saved')
    return vscode.l10n.t('This image was tried again already, and is saved.');
  if (isUnfinished(first))
    return vscode.l10n.t('This image is already being tried again. Nothing more was requested.');
  return movedOn().message;
}

function buttonFor(
  jobs: readonly Job[],
  first: Job,
  open: (job: SavedJob) => Promise<void>,
): ErrorAction {
  if (jobs.length === 1 && first.state === 'saved')
    return { title: vscode.l10n.t('Open'), run: () => open(first) };
  return commandAction(vscode.l10n.t('Show Jobs'), 'imageStudio.showJobs');
}
