import * as vscode from 'vscode';
import type { ListedTask } from '../../evolink/schema.ts';
import type { Engine } from '../../jobs/engine.ts';
import { actionsOf, type JobAction } from '../../jobs/actionsOf.ts';
import { holdOf } from '../../jobs/heldModels.ts';
import { cancelled } from '../../appError.ts';
import type { ImageFiles } from '../../jobs/imageFiles/imageFiles.ts';
import {
  isRecoverable,
  isRequestKnown,
  isUnfinished,
  type Job,
  type SavedJob,
} from '../../jobs/job.ts';
import { fileToUse } from '../files/fileToUse.ts';
import type { MissingImages } from '../files/missingImages.ts';
import { displayPath, exists } from '../files/workspaceFiles.ts';
import { fillIn } from '../say/fillIn.ts';
import { endJobs } from './endJobs.ts';
import { locateImage } from './locateImage.ts';
import { chooseFolder } from '../files/chooseFolder.ts';
import { movedOn, runForUser, withinLimit } from '../errors/errorActions.ts';
import { ask, inform, warn } from '../say/notifications.ts';
import { readModels } from '../settings.ts';
import { sayAlreadyTried } from './alreadyTried.ts';
import { askForOtherModel, choicesOnModel } from './otherModel.ts';
import { chooseOne } from '../say/quickInput.ts';
import { askForTaskId, type ListUnknownTasks, taskRow } from './unknownTasks.ts';

/** What a user can do about a job, from wherever it is shown. */
export interface JobActions {
  /**
   * Takes up paid images; the others are asked for anew, which is paid anew.
   * @returns those in whose place another job is now
   */
  tryAgain(...jobs: readonly Job[]): Promise<Job[]>;
  /**
   * Asks for the same images anew, which is paid anew, after a question.
   * @returns likewise
   * @throws AppError `cancelled`
   */
  makeAgain(...jobs: readonly Job[]): Promise<Job[]>;
  /** Takes up paid images that are not saved, which costs nothing. */
  resume(...jobs: readonly Job[]): Promise<void>;
  /** Opens the prompt with the words, settings, references and place of this job. */
  editPrompt(job: Job): Promise<unknown>;
  /** Whether the file of a saved image is gone; it is looked for then. */
  isFileMissing(job: SavedJob): Promise<boolean>;
  /** Shows a saved image; looks for its file when it is gone. */
  open(job: SavedJob): Promise<void>;
  /** Lets a user say where the file of a saved image is. */
  locate(job: SavedJob): Promise<void>;
  /** Asks for one folder for all of them. */
  saveAs(...jobs: readonly Job[]): Promise<void>;
  lookUp(job: Job): Promise<void>;
  submitAgain(job: Job): Promise<void>;
  /** Ends jobs: free before submit; asks once, for all that are paid, whether to stop watching. */
  end(...jobs: readonly Job[]): Promise<void>;
  /** Cancels what waits, with ids only these of it. */
  cancelQueue(ids?: readonly string[]): Promise<void>;
  /** Lets a user choose another model for what waits because of a model that is refused. */
  useOtherModel(model: string, ids?: readonly string[]): Promise<void>;
  /** Cancels what waits for a model. */
  cancelModel(model: string, ids?: readonly string[]): Promise<void>;
  /** Makes room at the provider's file service, after asking, and draws again. */
  makeRoom(...jobs: readonly Job[]): Promise<void>;
}

const limitMs = 60_000;
/** As many as one request may need. */
const roomForUploads = 16;

/** What the actions need of the rest of the house. */
export interface JobActionDeps {
  engine: Engine;
  unknownTasks: ListUnknownTasks;
  /** Deletes so many uploads, the oldest first. @returns how many were deleted. */
  removeUploads: (count: number, signal: AbortSignal) => Promise<number>;
  /**
   * Makes sure that the user wants these references uploaded, as far as they have to be.
   * @throws LocalizedError `forbidden` or `cancelled`
   */
  ensureMayUpload: (references: readonly string[]) => Promise<void>;
  editPrompt: (job: Job) => Promise<unknown>;
  /** What the same image will cost, in words, as far as that is known. */
  costOf: (job: Job) => string | undefined;
  imageFiles: Pick<ImageFiles, 'relocate' | 'isTaken'>;
  missingImages: Pick<MissingImages, 'isMissing' | 'find'>;
}

export function createJobActions(deps: JobActionDeps): JobActions {
  const { engine, unknownTasks, removeUploads } = deps;

  /**
   * What was agreed to the first time was agreed to for that time. `known`: jobs in the place of
   * these that the user may pay for another beside. @returns those in whose place another job is now
   */
  async function askAnew(jobs: readonly Job[], known: readonly Job[] = []): Promise<Job[]> {
    if (jobs.length === 0) return [];
    await deps.ensureMayUpload([...new Set(jobs.flatMap((job) => job.references))]);
    const retries = known.map(({ id }) => id);
    const replaced: Job[] = [];
    const already: Job[] = [];
    for (const job of jobs) {
      const seen = { state: job.state, retries };
      const asked = await engine.whenFree(() => engine.retry(job.id, seen));
      if (asked.job.id !== job.id) replaced.push(job);
      if (!asked.isNew) already.push(asked.job);
    }
    sayAlreadyTried(already, open);
    return replaced;
  }

  /**
   * Those of the jobs, as they are now, with which this can be done still: a list or a notice may be
   * older than their last change. @throws LocalizedError `conflict` when there is none
   */
  function stillHaving(action: JobAction, jobs: readonly Job[]): Job[] {
    const current = jobs.flatMap((job) => engine.get(job.id) ?? []);
    const having = current.filter((job) => actionsOf(job).includes(action));
    if (having.length === 0) throw movedOn();
    return having;
  }

  /** Of those to make again, the ones that are there, and whose image is not. */
  async function stillWithoutImage(wanted: readonly Job[]): Promise<Job[]> {
    const known = wanted.flatMap((job) => {
      const now = engine.get(job.id);
      const isStill = now?.state === job.state || now?.state === 'saved';
      return now && (isStill || actionsOf(now).includes('makeAgain')) ? [now] : [];
    });
    if (known.length === 0) throw movedOn();
    const missing: Job[] = [];
    for (const job of known)
      if (job.state !== 'saved' || !(await exists(await fileToUse(job)))) missing.push(job);
    const [there] = known.filter((job) => job.state === 'saved' && !missing.includes(job));
    if (there?.state === 'saved') {
      const file = displayPath(await fileToUse(there));
      void inform(fillIn(vscode.l10n.t('{0} is there. Nothing was requested.'), file));
    }
    return missing;
  }

  async function makeAgain(...given: readonly Job[]): Promise<Job[]> {
    const wanted = await stillWithoutImage(given);
    const underWay = (job: Job) => engine.retriesOf(job).filter(isUnfinished).at(-1);
    sayAlreadyTried(
      wanted.flatMap((job) => underWay(job) ?? []),
      open,
    );
    const jobs = wanted.filter((job) => !underWay(job));
    if (jobs.length === 0) return [];
    // Of what was made again before, the image may be gone again.
    const known = jobs.flatMap((job) => engine.retriesOf(job));
    const again = vscode.l10n.t('Make Again');
    const question =
      jobs.length === 1
        ? vscode.l10n.t('Make this image again?')
        : fillIn(vscode.l10n.t('Make {0} images again?'), jobs.length);
    if ((await ask(question, [again], priceOf(jobs))) !== again) throw cancelled();
    return await askAnew(jobs, known);
  }

  /** Of several, what one of them costs says too little. */
  function priceOf(jobs: readonly Job[]): string {
    const [first] = jobs;
    const cost = first && jobs.length === 1 ? deps.costOf(first) : undefined;
    return cost === undefined
      ? vscode.l10n.t('Each is requested as a new image, and paid again.')
      : fillIn(vscode.l10n.t('It is requested as a new image, and paid again: {0}.'), cost);
  }

  /** As it is now: a list or a notice may be older than a move of its file. */
  function current(job: SavedJob): SavedJob {
    const now = engine.get(job.id);
    return now?.state === 'saved' ? now : job;
  }

  async function locate(job: SavedJob): Promise<void> {
    await locateImage(deps.imageFiles, current(job));
  }

  async function open(job: SavedJob): Promise<void> {
    const shown = current(job);
    const file = await fileToUse(shown);
    const found = (await exists(file)) ? shown : await deps.missingImages.find(shown);
    if (found) await vscode.commands.executeCommand('vscode.open', await fileToUse(found));
    else sayMissing(shown);
  }

  function sayMissing(job: SavedJob): void {
    const find = vscode.l10n.t('Locate…');
    const again = vscode.l10n.t('Make Again');
    const message = fillIn(vscode.l10n.t('The file {0} is missing.'), displayPath(job.uri));
    void warn(message, find, ...(isRequestKnown(job) ? [again] : [])).then((chosen) => {
      if (chosen === find) runForUser(() => locateIfMissing(job));
      if (chosen === again) runForUser(() => makeAgain(job));
    });
  }

  /** The notice stays, and the file may be back. */
  async function locateIfMissing(job: SavedJob): Promise<void> {
    if (await exists(vscode.Uri.parse(current(job).uri))) await open(job);
    else await locate(job);
  }

  async function tryAgain(...jobs: readonly Job[]): Promise<Job[]> {
    const current = jobs.flatMap((job) => engine.get(job.id) ?? []);
    const having = (action: JobAction) => current.filter((job) => actionsOf(job).includes(action));
    const [paid, unpaid] = [having('resume'), having('retry')];
    if (paid.length + unpaid.length === 0) throw movedOn();
    if (paid.length > 0) await resume(...paid);
    return await askAnew(unpaid);
  }

  /** One that another window has taken up meanwhile must not keep the others from it. */
  async function resume(...jobs: readonly Job[]): Promise<void> {
    for (const { id } of stillHaving('resume', jobs))
      await engine.whenFree(() => {
        const job = engine.get(id);
        if (job && isRecoverable(job)) engine.resume(id);
      });
  }

  async function makeRoom(...jobs: readonly Job[]): Promise<void> {
    stillHaving('makeRoom', jobs);
    const remove = vscode.l10n.t('Remove Uploads');
    const chosen = await ask(
      vscode.l10n.t('Remove the oldest images that Image Studio uploaded?'),
      [remove],
      vscode.l10n.t(
        'EvoLink keeps no more files for your account. Only uploads of Image Studio that no image under way needs are removed; files of others stay.',
      ),
    );
    if (chosen !== remove) return;
    const removed = await withinLimit(limitMs, (signal) => removeUploads(roomForUploads, signal));
    if (removed > 0) await tryAgain(...jobs);
    else
      void warn(
        vscode.l10n.t(
          'There is no upload of Image Studio to remove. Other programs use the space.',
        ),
      );
  }

  async function saveAs(...wanted: readonly Job[]): Promise<void> {
    const jobs = stillHaving('saveAs', wanted);
    const title =
      jobs.length === 1
        ? vscode.l10n.t('Save the image in…')
        : vscode.l10n.t('Save the images in…');
    const folder = await chooseFolder({ title });
    if (!folder) return;
    // One that has moved on must not keep the others from being saved.
    for (const job of jobs)
      runForUser(() => engine.whenFree(() => engine.redirect(job.id, folder.toString())));
  }

  async function lookUp(job: Job): Promise<void> {
    stillHaving('lookUp', [job]);
    const candidates = await unknownTasks(job.createdAt);
    const taskId = candidates?.length
      ? await pickCandidate(candidates)
      : await askForTask(candidates === undefined);
    if (taskId !== undefined) await engine.whenFree(() => engine.adopt(job.id, taskId));
  }

  async function submitAgain(job: Job): Promise<void> {
    // A notice may be older than what was done about it, and a click there would be paid.
    stillHaving('submitAgain', [job]);
    const again = vscode.l10n.t('Submit Again');
    const chosen = await ask(
      vscode.l10n.t('Submit this image again?'),
      [again],
      vscode.l10n.t(
        'If EvoLink did accept it the first time, you pay for it twice. "Look It Up" finds out without paying.',
      ),
    );
    if (chosen !== again) return;
    await askAnew([job]);
  }

  function waitingFor(model: string, ids?: readonly string[]): Job[] {
    const waiting = engine
      .listUnfinished()
      .filter((job) => job.model === model && job.state === 'queued');
    return ids ? waiting.filter(({ id }) => ids.includes(id)) : waiting;
  }

  async function useOtherModel(model: string, ids?: readonly string[]): Promise<void> {
    const rows = readModels();
    const held = engine.heldModels();
    const jobs = waitingFor(model, ids);
    if (jobs.length === 0) throw movedOn();
    const refused = [model, ...Object.keys(held)];
    const row = await askForOtherModel(jobs, rows, refused, holdOf(held, model)?.allowedModels);
    if (!row) return;
    // Those that moved on meanwhile, as in another window, stay what they became.
    for (const { id } of jobs) {
      const job = engine.get(id);
      if (job?.state !== 'queued') continue;
      await engine.whenFree(() => {
        if (engine.get(id)?.state === 'queued') engine.replace(id, choicesOnModel(job, row, rows));
      });
    }
  }

  async function cancelModel(model: string, ids?: readonly string[]): Promise<void> {
    for (const { id } of waitingFor(model, ids)) await engine.whenFree(() => engine.cancel(id));
    // What came later waits on.
    if (waitingFor(model).length === 0) await engine.whenFree(() => engine.releaseModel(model));
  }

  return {
    useOtherModel,
    cancelModel,
    tryAgain,
    makeAgain,
    resume,
    isFileMissing: (job) => deps.missingImages.isMissing(job),
    open,
    locate,
    editPrompt: deps.editPrompt,
    saveAs,
    lookUp,
    submitAgain,
    end: (...jobs) => endJobs(engine, jobs),
    makeRoom,
    cancelQueue: (ids) => engine.cancelQueue(ids),
  };
}

async function pickCandidate(tasks: readonly ListedTask[]): Promise<string | undefined> {
  const items = tasks.map((task) => ({ ...taskRow(task), id: task.id }));
  const chosen = await chooseOne(items, {
    title: vscode.l10n.t('Which task is this image?'),
    placeHolder: vscode.l10n.t('Tasks of your account that no image here stands for'),
    // EvoLink's website tells which of them it is.
    ignoreFocusOut: true,
  });
  return chosen?.id;
}

async function askForTask(isListAbsent: boolean): Promise<string | undefined> {
  const message = isListAbsent
    ? vscode.l10n.t('EvoLink cannot list your tasks. Paste the task id from its website.')
    : vscode.l10n.t(
        'EvoLink lists no task that could be this image. Paste a task id, if you have one.',
      );
  return await askForTaskId(vscode.l10n.t('Look It Up'), message);
}
