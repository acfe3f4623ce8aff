import { join } from 'node:path';
import * as vscode from 'vscode';
import type { CommandDeps } from './commands/commandDeps.ts';
import { runCommand } from './commands/runCommand.ts';
import { editPrompt } from './generation/editPrompt.ts';
import { generateMissing } from './document/generateMissing.ts';
import { imageAtCursor } from './document/imageAtCursor.ts';
import { insertFilesOfImage, insertImage, insertWhereOrdered } from './document/insertImage.ts';
import { registerJobsInTexts } from './document/jobsInTexts.ts';
import type { PlaceImages } from './document/dropAndPaste.ts';
import { createKnownJobs } from './document/knownJobs.ts';
import { imageWords } from './document/imageWords.ts';
import { type FindMadeImage, toMadeImage } from './document/madeImage.ts';
import { placeImages } from './document/placeImages.ts';
import { openTextWith, replaceEverywhere, replaceIn } from './document/replaceLinks.ts';
import { createApiKey } from './editor/apiKey.ts';
import { type CommandId, settingsPrefix } from './editor/contributions.ts';
import { reportFailures, toStartError } from './editor/errors/errorActions.ts';
import { createJobActions } from './editor/jobUi/jobActions.ts';
import { registerJobNotices } from './editor/jobUi/jobNotices.ts';
import { createLog, type Log } from './editor/log.ts';
import { createTroubleEnds } from './editor/jobUi/troubleEnds.ts';
import { registerTroubleWatch } from './editor/jobUi/registerTroubleWatch.ts';
import { registerModelRowNotices } from './editor/modelRowNotices.ts';
import { createPriceList } from './evolink/prices.ts';
import { createUnknownTasks } from './editor/jobUi/unknownTasks.ts';
import { unconvertedMessage } from './generation/conversion/conversionFailure.ts';
import { createProvenanceNotice } from './generation/conversion/provenanceNotice.ts';
import { codecFilesIn } from './images/convert/codecFiles.ts';
import { createConverter } from './images/convert/converter.ts';
import { needsUpload } from './generation/references/needsUpload.ts';
import { readMaxConcurrent } from './editor/settings.ts';
import { openWindowJobSystem } from './editor/windowJobSystem.ts';
import { costOfRepeating } from './generation/expectedCost.ts';
import { askForConsent, ensureMaySend } from './generation/uploadConsent.ts';
import type { GenerationDeps } from './generation/generationDeps.ts';
import { registerStatusBar } from './editor/jobUi/statusBar.ts';
import { createPlaceholders } from './editor/files/placeholders.ts';
import { createMissingImages } from './editor/files/missingImages.ts';
import { createTextPlaces } from './editor/files/textPlaces.ts';
import { followTextTabs } from './editor/files/textTabs.ts';
import { createTyping } from './editor/files/typing.ts';
import { createWorkplace } from './editor/files/workplace.ts';
import type { Job, SavedJob } from './jobs/job.ts';
import { isWorkspaceOpen } from './editor/files/workspaceFiles.ts';
import { type SharedJob, toSharedJob } from './editor/sharedJob.ts';
import { isStoreError } from './jobs/store/storeErrors.ts';
import { draftId } from './studio/draft/draftId.ts';
import { createStudio, type Studio } from './studio/studio.ts';
import { storageLayout } from './jobs/storageLayout.ts';
import { tickStep } from './editor/walkthroughSteps.ts';
import { inform, showBriefly, warn } from './editor/say/notifications.ts';
import type { StatusItem } from './editor/say/statusItem.ts';

// What `extension.ts` calls while all starts.
export { runWhenStarted } from './commands/runWhenStarted.ts';
export { followFileChange } from './editor/files/fileChange.ts';
export { keepStarting } from './editor/keepStarting.ts';

export interface App {
  run(id: CommandId, ...args: unknown[]): Promise<unknown>;
  jobs(): readonly SharedJob[];
  studio: Pick<Studio, 'restore' | 'showIn' | 'files'>;
  /** How images are linked that are dropped or pasted. */
  placeImages: PlaceImages;
  madeImage: FindMadeImage;
  /** Lets what runs come to a point from which another window can go on. */
  stop(): Promise<void>;
}

/** What the status bar says for a moment. */
const saidForMs = 8_000;

/** As many jobs as other extensions are shown: those under way, and the newest others. */
const shownJobs = 500;

/** What is made elsewhere is no business of the extensions of this window. */
const isOfThisWindow = ({ workspaceUri }: Job): boolean => isWorkspaceOpen(workspaceUri);

/** Puts the modules together. Runs when something is to be done for the first time. */
export async function startApp(
  context: vscode.ExtensionContext,
  changes: vscode.EventEmitter<SharedJob>,
  statusItem: StatusItem,
  signal: AbortSignal,
): Promise<App> {
  const log = createLog(logChannelOf(context));
  try {
    return await startWith(context, changes, statusItem, log, signal);
  } catch (thrown) {
    const error = toStartError(thrown, context.globalStorageUri.fsPath);
    if (!signal.aborted) log.error(error.message);
    throw error;
  }
}

const logChannels = new WeakMap<vscode.ExtensionContext, vscode.LogOutputChannel>();

/** The same for every start: a second one of this name would write nothing once the first is closed. */
function logChannelOf(context: vscode.ExtensionContext): vscode.LogOutputChannel {
  const known = logChannels.get(context);
  if (known) return known;
  const channel = vscode.window.createOutputChannel('Image Studio', { log: true });
  logChannels.set(context, channel);
  context.subscriptions.push(channel);
  return channel;
}

async function startWith(
  context: vscode.ExtensionContext,
  changes: vscode.EventEmitter<SharedJob>,
  statusItem: StatusItem,
  log: Log,
  signal: AbortSignal,
): Promise<App> {
  const folder = context.globalStorageUri.fsPath;
  const apiKey = createApiKey(context.secrets, log);
  const converter = createConverter({
    workerPath: context.asAbsolutePath('dist/convertWorker.cjs'),
    codecFiles: codecFilesIn(context.asAbsolutePath('dist')),
    log: log.info,
  });
  const placeholders = createPlaceholders({
    folder: join(folder, 'placeholders'),
    // Nothing is placed, and nothing asked, before the jobs are there.
    listUnfinished: () => jobSystem.engine.listUnfinished(),
    log: log.error,
  });
  const tellProvenanceLost = createProvenanceNotice(context.globalState);
  const conversions = {
    converter,
    onUnconverted: (job: SavedJob) => void warn(unconvertedMessage(job)),
    onProvenanceLost: (job: SavedJob) => tellProvenanceLost(job.uri),
  };
  const opening = openWindowJobSystem(
    ...([folder, context, apiKey.read, log, signal] as const),
    conversions,
    placeholders.makeWay,
  );
  const jobSystem = await opening.catch((thrown: unknown) => {
    apiKey.dispose();
    throw thrown;
  });
  const { engine, store, uploads, client } = jobSystem;
  engine.setMaxConcurrent(readMaxConcurrent());
  const workplace = createWorkplace();
  const typing = createTyping();
  const places = createTextPlaces();
  const knownJobs = createKnownJobs({ store, engine, log: log.error });
  const insertDeps = { recentJobs: knownJobs.recent, places };
  const isWithoutAddress = (reference: string) => needsUpload(reference, store.bySha256);
  const jobOfFile = (file: vscode.Uri) => knownJobs.ofFile(file.toString());
  const generation: GenerationDeps = {
    engine,
    apiKey,
    creditsOf(key, signal) {
      log.hide(key);
      return jobSystem.creditsOf(key, signal);
    },
    log,
    prices: createPriceList(
      (signal) => client.prices(signal),
      () => performance.now(),
    ),
    memento: context.workspaceState,
    ownFolder: context.globalStorageUri,
    workplace,
    typing,
    texts: {
      places,
      insert: (images, place) => insertWhereOrdered(insertDeps, images, place),
      openTextWith,
      replaceIn: (text, image, other) =>
        replaceIn(text, image, other, imageWords(String(other), knownJobs.recent())),
      replaceEverywhere,
    },
    recentJobs: knownJobs.recent,
    jobOfFile,
    conversion: { extensionUri: context.extensionUri, folder: storageLayout(folder).converted },
    converting: {
      converter,
      placeImage: jobSystem.place,
      extensionUri: context.extensionUri,
      folder: storageLayout(folder).converting,
      log,
      onProvenanceLost: tellProvenanceLost,
    },
    placeholders,
    needsUpload: isWithoutAddress,
  };
  const missingImages = createMissingImages({ imageFiles: jobSystem.imageFiles, log });
  const unknownTasks = createUnknownTasks(client, store.knownTasks);
  const jobActions = createJobActions({
    engine,
    unknownTasks,
    removeUploads: (count, signal) => uploads.removeOldest(count, signal),
    ensureMayUpload: (references) =>
      ensureMaySend(
        references.map((reference) => ({ reference, given: reference })),
        isWithoutAddress,
        { mustConfirm: () => false, consentToSend: (images) => askForConsent(images) },
      ),
    editPrompt: (job) => editPrompt(generation, job),
    costOf: (job) => costOfRepeating(generation, job),
    imageFiles: jobSystem.imageFiles,
    missingImages,
  });
  const { extensionUri } = context;
  const idOfDraft = draftId(context);
  const studio = createStudio({
    ...generation,
    workplace,
    gallery: store.gallery,
    imageFiles: jobSystem.imageFiles,
    missingImages,
    client,
    actions: jobActions,
    extensionUri,
    folder,
    onDidClearHistory: jobSystem.onDidClearHistory,
    draftId: idOfDraft,
    noteDraft(references) {
      const note = () => store.draftNotes.note(idOfDraft, references, Date.now());
      engine.whenFree(note).catch((thrown: unknown) => {
        log.error(`What the draft uses could not be noted: ${String(thrown)}`);
      });
    },
  });
  const deps: CommandDeps = {
    ...generation,
    client,
    actions: jobActions,
    unknownTasks,
    history: jobSystem.history,
    imageAtCursor,
    insertImage: (...given) => insertImage(insertDeps, ...given),
    insertFilesOfImage: (files) => insertFilesOfImage(insertDeps, files),
    generateMissing: (document, which) => generateMissing(generation, document, which),
    showStudio: studio.open,
    showStudioInSideBar: studio.openInSideBar,
  };

  const troubleEnds = createTroubleEnds(engine, (sentence, isLoud) => {
    if (isLoud && !studio.isVisible()) void inform(sentence);
    else showBriefly(sentence, saidForMs);
  });

  context.subscriptions.push(
    apiKey,
    workplace,
    missingImages,
    typing,
    places,
    followTextTabs(),
    studio,
    registerJobsInTexts({ engine, places }),
    placeholders,
    toDisposable(engine.onDidChangeJob((job) => void placeholders.onJob(job))),
    troubleEnds,
    registerJobNotices(engine, jobActions, studio.isVisible, troubleEnds),
    registerStatusBar(engine, statusItem),
    registerModelRowNotices(),
    // Another key may be of another account.
    apiKey.onDidChange(() => engine.connectionChanged()),
    registerTroubleWatch(engine),
    vscode.workspace.onDidChangeConfiguration((event) => {
      const isConnection = [
        'http',
        `${settingsPrefix}.apiBaseUrl`,
        `${settingsPrefix}.filesBaseUrl`,
      ];
      if (isConnection.some((name) => event.affectsConfiguration(name))) engine.connectionChanged();
      if (event.affectsConfiguration(settingsPrefix)) engine.setMaxConcurrent(readMaxConcurrent());
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(() => engine.pollNow()),
    toDisposable(
      engine.onDidChangeJob((job) => {
        if (job.state === 'saved')
          tickStep(job.references.length > 0 ? 'hasEditedImage' : 'hasImage');
        if (isOfThisWindow(job)) changes.fire(toSharedJob(job));
      }),
    ),
  );
  jobSystem.start();
  void placeholders.sweep();
  let listed: readonly SharedJob[] = [];
  /** As they were last, while the store cannot be read. */
  const listJobs = (): readonly SharedJob[] => {
    try {
      listed = engine.listRecent(shownJobs).filter(isOfThisWindow).map(toSharedJob);
    } catch (thrown) {
      if (!isStoreError(thrown)) throw thrown;
    }
    return listed;
  };
  return {
    run: async (id, ...args) => await runCommand(deps, id, args),
    jobs: listJobs,
    studio,
    async placeImages(document, position, images, isChosen) {
      const place = () => placeImages(document, position, images, knownJobs.recent());
      return isChosen ? await reportFailures(place, undefined) : await place();
    },
    async madeImage(file) {
      const job = await jobOfFile(file);
      return job && (await toMadeImage(file, job, knownJobs.recent()));
    },
    stop: () => jobSystem.close(),
  };
}

function toDisposable(dispose: () => void): vscode.Disposable {
  return new vscode.Disposable(dispose);
}
