import * as vscode from 'vscode';
import { runForUser } from '../errors/errorActions.ts';
import { jobStatus, jobTitle } from './jobNotices.ts';
import { displayPath } from '../files/workspaceFiles.ts';
import { errorMessage, failureMessage, formatCredits } from '../errors/messages.ts';
import { fillIn } from '../say/fillIn.ts';
import type { CommandId } from '../contributions.ts';
import type { Engine } from '../../jobs/engine.ts';
import type { JobActions } from './jobActions.ts';
import { actionsOf, type JobAction } from '../../jobs/actionsOf.ts';
import { holdOf } from '../../jobs/heldModels.ts';
import { askedFileOf, isUnfinished, type Job, type JobError } from '../../jobs/job.ts';
import { createList, type Row } from '../say/quickInput.ts';
import { tickStep } from '../walkthroughSteps.ts';
import { jobSections } from './jobSections.ts';

/** Among so many of the newest is what needs the user. */
const shownJobs = 60;
/** Files that are found missing within this time renew the list once. */
const gatherMs = 100;

interface JobPickerDeps {
  engine: Engine;
  actions: JobActions;
  /** Whether the file of a saved image is gone, as far as that was looked at. */
  isMissing: (job: Job) => boolean;
}

interface JobItem extends Row {
  job?: Job;
  /** What a row that stands for no job does. */
  command?: CommandId;
}

interface JobButton extends vscode.QuickInputButton {
  run: () => unknown;
}

/** The queue and what came of earlier jobs, live, with what can be done about each. */
export function showJobPicker(engine: Engine, actions: JobActions): void {
  const files = createFileChecks(actions, () => update());
  const deps: JobPickerDeps = { engine, actions, isMissing: files.isMissing };
  const pick = createList<JobItem>();
  pick.title = vscode.l10n.t('Image Studio: Jobs');
  pick.placeholder = vscode.l10n.t('Filter by prompt');
  pick.matchOnDetail = true;
  // Every step of a job renews the list under the reader.
  pick.keepScrollPosition = true;

  function update(): void {
    const active = pick.activeItems[0]?.job?.id;
    pick.buttons = queueButtons(deps);
    pick.items = itemsFor(deps);
    const still = pick.items.find((item) => item.job?.id === active);
    if (still) pick.activeItems = [still];
  }

  const stopJobs = engine.onDidChangeJob(update);
  const stopQueue = engine.onDidChangeQueue(update);
  pick.onDidTriggerItemButton(({ button }) => runForUser((button as JobButton).run));
  pick.onDidTriggerButton((button) => runForUser((button as JobButton).run));
  pick.onDidAccept(() => {
    const { job, command } = pick.activeItems[0] ?? {};
    pick.hide();
    if (job) runForUser(() => openJob(deps, job));
    if (command) runForUser(() => vscode.commands.executeCommand(command));
  });
  pick.onDidHide(() => {
    stopJobs();
    stopQueue();
    files.dispose();
    pick.dispose();
  });
  update();
  pick.show();
  tickStep('hasSeenJobs');
}

/** Files are looked at once each, and the list is shown before that. */
function createFileChecks(actions: JobActions, onMissing: () => void) {
  const areMissing = new Map<string, boolean>();
  let isDisposed = false;
  let timer: NodeJS.Timeout | undefined;

  function isMissing(job: Job): boolean {
    if (job.state !== 'saved') return false;
    const key = `${job.id} ${job.uri}`;
    if (!areMissing.has(key)) {
      areMissing.set(key, false);
      runForUser(async () => {
        if (!(await actions.isFileMissing(job))) return;
        areMissing.set(key, true);
        if (isDisposed) return;
        timer ??= setTimeout(() => {
          timer = undefined;
          onMissing();
        }, gatherMs);
      });
    }
    return areMissing.get(key) === true;
  }

  return {
    isMissing,
    dispose() {
      isDisposed = true;
      clearTimeout(timer);
    },
  };
}

function itemsFor(deps: JobPickerDeps): JobItem[] {
  const { engine } = deps;
  const { needUser, underWay, earlier } = jobSections(
    engine.listUnfinished(),
    engine.listRecent(shownJobs),
    (job) => heldFor(job, engine) !== undefined,
  );
  if (needUser.length + underWay.length + earlier.length === 0) return waysToAFirstJob();
  return [
    ...section(vscode.l10n.t('Needs you'), needUser, deps),
    ...section(vscode.l10n.t('In progress'), underWay, deps),
    ...section(vscode.l10n.t('Earlier'), earlier, deps),
    ...(earlier.length > 0 ? [wayToTheGallery()] : []),
  ];
}

/** All images, with what they show, are the gallery's. */
function wayToTheGallery(): JobItem {
  return {
    icon: 'file-media',
    label: vscode.l10n.t('All Images in the Studio…'),
    command: 'imageStudio.openStudio',
    alwaysShow: true,
  };
}

/** An empty list says what would fill it. */
function waysToAFirstJob(): JobItem[] {
  return [
    { label: vscode.l10n.t('No images yet'), kind: vscode.QuickPickItemKind.Separator },
    {
      icon: 'sparkle',
      label: vscode.l10n.t('Generate Image…'),
      detail: vscode.l10n.t(
        'Describe an image; it is listed here while it is drawn, and afterwards.',
      ),
      command: 'imageStudio.generate',
    },
    {
      icon: 'cloud-download',
      label: vscode.l10n.t('Recover Images…'),
      detail: vscode.l10n.t('Fetch images of the last 24 hours that this machine does not know.'),
      command: 'imageStudio.recoverTask',
    },
  ];
}

function section(label: string, jobs: readonly Job[], deps: JobPickerDeps): JobItem[] {
  if (jobs.length === 0) return [];
  const separator = { label, kind: vscode.QuickPickItemKind.Separator };
  return [separator, ...jobs.map((job) => toItem(job, deps))];
}

function toItem(job: Job, deps: JobPickerDeps): JobItem {
  const standIn = standInOf(job, deps);
  return {
    icon: iconOf(job),
    label: jobTitle(job),
    description: deps.isMissing(job)
      ? vscode.l10n.t('The file is missing')
      : statusOf(job, standIn),
    detail: detailOf(job, deps),
    buttons: buttonsOf(job, deps, standIn !== undefined),
    job,
    // Ours to order; a filter only hides.
    alwaysShow: false,
  };
}

/** Why a job waits whose model is refused. */
function heldFor(job: Job, engine: Engine): JobError | undefined {
  return job.state === 'queued' ? holdOf(engine.heldModels(), job.model) : undefined;
}

/** What was asked for in the place of a job that would be tried again otherwise. */
function standInOf(job: Job, { engine }: JobPickerDeps): Job | undefined {
  return actionsOf(job).includes('retry') ? engine.retriesOf(job).at(-1) : undefined;
}

/** Where a job stands, and what stands in its place, and of a saved one what it cost. */
function statusOf(job: Job, standIn: Job | undefined): string {
  if (standIn) return `${jobStatus(job)} · ${standInStatus(standIn)}`;
  if (job.state !== 'saved' || job.credits === undefined) return jobStatus(job);
  const credits = formatCredits(job.credits);
  return `${jobStatus(job)} · ${fillIn(vscode.l10n.t('{0} credits'), credits)}`;
}

function standInStatus(standIn: Job): string {
  if (standIn.state === 'saved') return vscode.l10n.t('tried again, and saved');
  return isUnfinished(standIn)
    ? vscode.l10n.t('is being tried again')
    : vscode.l10n.t('was tried again');
}

function detailOf(job: Job, { engine }: JobPickerDeps): string {
  if (job.state === 'saved') return displayPath(askedFileOf(job));
  if (job.state === 'failed' || job.state === 'unconfirmed') return failureMessage(job);
  const held = heldFor(job, engine);
  if (held) return errorMessage(held);
  const { size, resolution, resolutionSentAs, quality } = job;
  const second = resolutionSentAs === undefined ? resolution : undefined;
  return [size, second, quality].filter((part) => part).join(' · ');
}

function iconOf(job: Job): string {
  switch (job.state) {
    case 'queued':
      return 'clock';
    case 'uploading':
    case 'submitting':
    case 'running':
    case 'downloading':
      return 'loading~spin';
    case 'saved':
      return 'file-media';
    case 'failed':
      return 'error';
    case 'unconfirmed':
      return 'question';
    case 'cancelled':
    case 'stopped':
      return 'circle-slash';
  }
}

function buttonsOf(
  job: Job,
  { actions, engine, isMissing }: JobPickerDeps,
  isReplaced: boolean,
): JobButton[] {
  const nextId = firstQueued(engine);
  const buttonFor = (action: JobAction): JobButton[] => {
    switch (action) {
      case 'drawNext':
        return [
          button('arrow-up', vscode.l10n.t('Draw Next'), () =>
            engine.whenFree(() => engine.reorder(job.id, nextId)),
          ),
        ];
      case 'cancel':
        return [button('close', vscode.l10n.t('Cancel'), () => actions.end(job))];
      case 'stop':
        return [button('close', vscode.l10n.t('Stop Watching'), () => actions.end(job))];
      case 'lookUp':
        return [button('search', vscode.l10n.t('Look It Up'), () => actions.lookUp(job))];
      case 'submitAgain':
        return [
          button('debug-restart', vscode.l10n.t('Submit Again'), () => actions.submitAgain(job)),
        ];
      case 'resume':
        return [button('cloud-download', vscode.l10n.t('Recover'), () => actions.tryAgain(job))];
      case 'saveAs':
        return [button('save-as', vscode.l10n.t('Save As…'), () => actions.saveAs(job))];
      case 'locate':
        return job.state !== 'saved'
          ? []
          : [button('folder-opened', vscode.l10n.t('Locate…'), () => actions.locate(job))];
      case 'makeAgain':
        return [button('debug-restart', vscode.l10n.t('Make Again'), () => actions.makeAgain(job))];
      case 'retry':
        return [button('debug-restart', vscode.l10n.t('Try Again'), () => actions.tryAgain(job))];
      case 'reuse':
        return [button('edit', vscode.l10n.t('Use This Prompt'), () => actions.editPrompt(job))];
      // Offered by the notice of the failure, which says why.
      case 'makeRoom':
        return [];
    }
  };
  const otherModel = button('arrow-swap', vscode.l10n.t('Use Another Model…'), () =>
    actions.useOtherModel(job.model),
  );
  const others = heldFor(job, engine) ? [otherModel] : [];
  return [
    ...others,
    ...actionsOf(job, { nextId, isFileMissing: isMissing(job), isReplaced }).flatMap(buttonFor),
  ];
}

function firstQueued(engine: Engine): string | undefined {
  return engine.listQueuedIds().at(0);
}

function queueButtons({ engine, actions }: JobPickerDeps): JobButton[] {
  const queued = engine.countQueued() > 0;
  if (!queued) return [];
  const pause = engine.pause()
    ? button('debug-continue', vscode.l10n.t('Continue the Queue'), () =>
        engine.whenFree(() => engine.continueQueue()),
      )
    : button('debug-pause', vscode.l10n.t('Pause the Queue'), () =>
        engine.whenFree(() => engine.pauseQueue('person')),
      );
  return [
    pause,
    button('clear-all', vscode.l10n.t('Cancel All Waiting'), () => actions.cancelQueue()),
  ];
}

function button(icon: string, tooltip: string, run: () => unknown): JobButton {
  return { iconPath: new vscode.ThemeIcon(icon), tooltip, run };
}

async function openJob(deps: JobPickerDeps, job: Job): Promise<void> {
  const { actions, engine } = deps;
  const can = new Set(actionsOf(job));
  const standIn = standInOf(job, deps);
  if (job.state === 'saved') await actions.open(job);
  else if (standIn?.state === 'saved') await actions.open(standIn);
  else if (heldFor(job, engine)) await actions.useOtherModel(job.model);
  else if (can.has('resume')) await actions.tryAgain(job);
  else if (can.has('lookUp')) await actions.lookUp(job);
  else if (!isUnfinished(job) && can.has('reuse')) await actions.editPrompt(job);
}
