import * as vscode from 'vscode';
import type { Engine } from '../../jobs/engine.ts';
import type { Remedy } from '../../jobs/actionsOf.ts';
import type { QueuePause } from '../../jobs/queuePause.ts';
import {
  type FailedJob,
  isRecoverable,
  isUnfinished,
  type Job,
  type JobError,
  type UnconfirmedJob,
  type UploadingJob,
} from '../../jobs/job.ts';
import {
  actionsFor,
  commandAction,
  type ErrorAction,
  helpAction,
  showError,
} from '../errors/errorActions.ts';
import { type Help, helpForJobs } from '../errors/helpFor.ts';
import type { JobActions } from './jobActions.ts';
import {
  creditsPauseMessage,
  errorMessage,
  failureMessage,
  shortPrompt,
  storeTroubleMessage,
} from '../errors/messages.ts';
import { isWorkspaceOpen } from '../files/workspaceFiles.ts';
import { fillIn, nested } from '../say/fillIn.ts';
import { inform } from '../say/notifications.ts';
import type { Trouble, TroubleEnds } from './troubleEnds.ts';
import { holdOf } from '../../jobs/heldModels.ts';

/** Failures of a moment are told together: four variations refused are one notice. */
const gatherMs = 300;
/** A notification has room for so many. */
const shownButtons = 3;

type EndedBadly = FailedJob | UnconfirmedJob;

/**
 * Tells the user of jobs that ended badly and of a queue that stands, each once; not where the
 * Studio shows the same in its place.
 */
export function registerJobNotices(
  engine: Engine,
  actions: JobActions,
  isSeenAnyway: () => boolean,
  ends: Pick<TroubleEnds, 'isOpen'>,
): vscode.Disposable {
  const shown = new Set<string>();
  let gathered: EndedBadly[] = [];
  let timer: NodeJS.Timeout | undefined;
  let shownStoreTrouble: ReturnType<Engine['storeTrouble']>;
  let shownPause: string | undefined;
  let isOfflineShown = false;

  const stopJobs = engine.onDidChangeJob((job) => {
    if (job.state === 'running') isOfflineShown = false;
    if (job.state !== 'failed' && job.state !== 'unconfirmed') return void shown.delete(job.id);
    if (shown.has(job.id) || (job.state === 'unconfirmed' && job.isSettled)) return;
    shown.add(job.id);
    // All windows hear of all jobs; a failure is told where it was asked for.
    if (!isWorkspaceOpen(job.workspaceUri) || isSeenAnyway()) return;
    gathered.push(job);
    clearTimeout(timer);
    timer = setTimeout(showGathered, gatherMs);
  });

  function showGathered(): void {
    // What is paid needs other words than what has cost nothing.
    const kindOf = (job: EndedBadly) => `${job.error.code} ${String(isRecoverable(job))}`;
    const byKind = Map.groupBy(gathered, kindOf);
    gathered = [];
    for (const jobs of byKind.values()) showTogether(jobs);
  }

  function showTogether(jobs: EndedBadly[]): void {
    const [first] = jobs;
    if (!first) return;
    const sentence = failureMessage(first);
    const message =
      jobs.length === 1
        ? sentence
        : fillIn(vscode.l10n.t('{0} images: {1}'), jobs.length, nested(sentence));
    const buttons = helpForJobs(jobs).slice(0, shownButtons);
    showError(
      message,
      buttons.map((help) => buttonFor(help, jobs, first)),
    );
  }

  function buttonFor(help: Remedy | Help, jobs: readonly Job[], first: EndedBadly): ErrorAction {
    switch (help) {
      case 'retry':
        return { title: vscode.l10n.t('Try Again'), run: () => actions.tryAgain(...jobs) };
      case 'makeAgain':
        return { title: vscode.l10n.t('Make Again'), run: () => actions.makeAgain(...jobs) };
      case 'saveAs':
        return { title: vscode.l10n.t('Save As…'), run: () => actions.saveAs(...jobs) };
      case 'lookUp':
        return { title: vscode.l10n.t('Look It Up'), run: () => actions.lookUp(first) };
      case 'submitAgain':
        return { title: vscode.l10n.t('Submit Again'), run: () => actions.submitAgain(first) };
      case 'makeRoom':
        return { title: vscode.l10n.t('Make Room…'), run: () => actions.makeRoom(...jobs) };
      case 'reuse':
        return { title: vscode.l10n.t('Change Prompt'), run: () => actions.editPrompt(first) };
      default:
        return helpAction(help, first.error);
    }
  }

  function followPause(): void {
    const pause = engine.pause();
    if (pause?.reason === shownPause) return;
    shownPause = pause?.reason;
    if (isSeenAnyway()) return;
    if (pause?.reason === 'credits') showCreditsPause();
    if (pause?.reason === 'key') showConnectionPause(pause);
    // Each try of the queue ends in another pause, until a task is accepted again.
    if (pause?.reason === 'network' && !isOfflineShown) {
      isOfflineShown = true;
      showConnectionPause(pause);
    }
  }

  function followStoreTrouble(): void {
    const trouble = engine.storeTrouble();
    if (trouble === shownStoreTrouble) return;
    shownStoreTrouble = trouble;
    if (!trouble || isSeenAnyway()) return;
    const reload = {
      title: vscode.l10n.t('Reload Window'),
      run: () => vscode.commands.executeCommand('workbench.action.reloadWindow'),
    };
    const showLog = commandAction(vscode.l10n.t('Show Log'), 'imageStudio.showLog');
    showError(storeTroubleMessage(trouble), [trouble === 'newer' ? reload : showLog]);
  }

  /** Models whose refusal was told. */
  let shownHolds: string[] = [];

  function followHolds(): void {
    const held = Object.entries(engine.heldModels());
    const fresh = held.filter(([model]) => !shownHolds.includes(model));
    shownHolds = held.map(([model]) => model);
    if (!isSeenAnyway()) for (const [model, error] of fresh) showHold(model, error);
  }

  /** Nothing is lost or paid: what waits goes to no other model unless the user says so. */
  function showHold(model: string, error: JobError): void {
    const waiting = waitingJobs(engine).filter((job) => job.model === model);
    if (waiting.length === 0) return;
    const isHeld = () => holdOf(engine.heldModels(), model) !== undefined;
    const buttonFor = (title: string, run: (ids: readonly string[]) => unknown): ErrorAction =>
      stillFor(waiting, isHeld, title, run);
    showError(holdMessage(model, error, waiting.length), [
      buttonFor(vscode.l10n.t('Use Another Model…'), (ids) => actions.useOtherModel(model, ids)),
      buttonFor(vscode.l10n.t('Try Again'), () =>
        engine.whenFree(() => engine.releaseModel(model)),
      ),
      buttonFor(vscode.l10n.t('Cancel'), (ids) => actions.cancelModel(model, ids)),
    ]);
  }

  /**
   * The editor keeps a notification after its trouble is over: what is queued by then is not to be
   * cancelled by it, nor what a user has paused to be continued. Its button acts on those of its
   * jobs that wait still.
   */
  function stillFor(
    jobs: readonly Job[],
    isSo: () => boolean,
    title: string,
    run: (ids: readonly string[]) => unknown,
  ): ErrorAction {
    const named = jobs.map(({ id }) => id);
    const ifStill = () => {
      const ids = isSo() ? named.filter((id) => isWaiting(engine.get(id))) : [];
      if (ids.length > 0) return run(ids);
      void inform(vscode.l10n.t('The images wait for this no longer. Nothing was done.'));
      return undefined;
    };
    return { title, run: ifStill };
  }

  /** Whether a trouble holds the queue, and not a user. */
  function isHeldBy(reason: Trouble): boolean {
    return ends.isOpen(reason) && engine.pause()?.reason !== 'person';
  }

  const stopQueue = engine.onDidChangeQueue(() => {
    followPause();
    followHolds();
    followStoreTrouble();
  });
  // The queue may stand since an earlier window.
  followPause();
  followHolds();

  function showCreditsPause(): void {
    const error = engine.pause()?.error;
    // Since an earlier window it may stand before an empty queue; whoever asks anew is not held up.
    const waiting = waitingJobs(engine);
    if (waiting.length === 0) return;
    showError(creditsPauseMessage(error, waiting.length), [
      ...actionsFor({ ...error, code: 'credits' }).slice(0, 1),
      continueButton('credits', waiting, vscode.l10n.t('Continue')),
      cancelButton('credits', waiting),
    ]);
  }

  function continueButton(reason: Trouble, jobs: readonly Job[], title: string): ErrorAction {
    const goOn = () => engine.whenFree(() => engine.continueQueue());
    return stillFor(jobs, () => isHeldBy(reason), title, goOn);
  }

  function cancelButton(reason: Trouble, jobs: readonly Job[]): ErrorAction {
    const title = vscode.l10n.t('Cancel All');
    return stillFor(
      jobs,
      () => ends.isOpen(reason),
      title,
      (ids) => actions.cancelQueue(ids),
    );
  }

  /** Nothing is lost or paid: the images wait, and go on by themselves. */
  function showConnectionPause({ reason, error }: QueuePause): void {
    const waiting = waitingJobs(engine);
    if (waiting.length === 0 || !error) return;
    const message = fillIn(
      vscode.l10n.t('{0} Waiting images: {1}. They go on by themselves.'),
      nested(errorMessage(error)),
      waiting.length,
    );
    const helpful = actionsFor(error)[0];
    showError(message, [
      ...(helpful ? [helpful] : []),
      ...(reason === 'network' ? [continueButton(reason, waiting, vscode.l10n.t('Try Now'))] : []),
      cancelButton(reason, waiting),
    ]);
  }

  return new vscode.Disposable(() => {
    stopJobs();
    stopQueue();
    clearTimeout(timer);
  });
}

/** Why the jobs of a model wait. */
export function holdMessage(model: string, error: JobError, waiting: number): string {
  return fillIn(
    vscode.l10n.t('{0}: {1} Waiting images: {2}. They have cost nothing.'),
    model,
    nested(errorMessage(error)),
    waiting,
  );
}

/** What is on its way to EvoLink when the queue pauses comes back to it a moment later. */
function waitingJobs(engine: Engine): Job[] {
  return engine.listUnfinished().filter(isWaiting);
}

function isWaiting(job: Job | undefined): boolean {
  return job !== undefined && isUnfinished(job) && !('taskId' in job);
}

/** What a job is called in lists and notices. */
export function jobTitle(job: Job): string {
  return shortPrompt(job.prompt);
}

/** Where a job stands, in a few words. */
export function jobStatus(job: Job): string {
  switch (job.state) {
    case 'queued':
      return vscode.l10n.t('Waiting');
    case 'uploading':
      return uploadStatus(job);
    case 'submitting':
      return vscode.l10n.t('Submitting');
    case 'running':
      return job.progress
        ? fillIn(vscode.l10n.t('Drawing · {0} %'), Math.round(job.progress))
        : vscode.l10n.t('Drawing');
    case 'downloading':
      return job.isWaitingForWorkspace
        ? vscode.l10n.t('Finished, waits for its workspace')
        : vscode.l10n.t('Saving');
    case 'saved':
      return vscode.l10n.t('Saved');
    case 'failed':
      return isRecoverable(job) ? vscode.l10n.t('Paid, not saved') : vscode.l10n.t('Failed');
    case 'cancelled':
      return vscode.l10n.t('Cancelled');
    case 'stopped':
      return vscode.l10n.t('Paid, not watched');
    case 'unconfirmed':
      return job.isSettled ? vscode.l10n.t('Submitted again') : vscode.l10n.t('Perhaps submitted');
  }
}

function uploadStatus({ sentBytes, totalBytes }: UploadingJob): string {
  if (sentBytes === undefined || !totalBytes) return vscode.l10n.t('Preparing references');
  return fillIn(
    vscode.l10n.t('Uploading · {0} of {1} MB'),
    megabytes(sentBytes),
    megabytes(totalBytes),
  );
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
