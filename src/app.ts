import * as vscode from 'vscode';
import { checkConnection } from './commands/checkConnection.ts';
import { clearApiKey } from './commands/clearApiKey.ts';
import { clearHistory } from './commands/clearHistory.ts';
import type { Command, CommandDeps } from './commands/commandDeps.ts';
import { edit } from './commands/edit.ts';
import { generate } from './commands/generate.ts';
import { generateFromSelection } from './commands/generateFromSelection.ts';
import { generateInFolder } from './commands/generateInFolder.ts';
import { editPrompt } from './generation/editPrompt.ts';
import { recoverTask } from './commands/recoverTask.ts';
import { isRunByUser, nothingDone } from './commands/runByUser.ts';
import { setApiKey } from './commands/setApiKey.ts';
import { openStudio } from './commands/openStudio.ts';
import { openStudioInSideBar } from './commands/openStudioInSideBar.ts';
import { showJobs } from './commands/showJobs.ts';
import { showLog } from './commands/showLog.ts';
import { generateMissing } from './document/generateMissing.ts';
import { imageAtCursor } from './document/imageAtCursor.ts';
import { insertImage, insertWhereOrdered } from './document/insertImage.ts';
import { openTextWith, replaceEverywhere, replaceIn } from './document/replaceLinks.ts';
import { createApiKey } from './editor/apiKey.ts';
import { type CommandId, settingsPrefix } from './editor/contributions.ts';
import { storeTroubleMessage } from './editor/errors/messages.ts';
import { showFailure, toLocalizedError, toStartError } from './editor/errors/errorActions.ts';
import { LocalizedError } from './editor/errors/localizedError.ts';
import { createJobActions } from './editor/jobUi/jobActions.ts';
import { registerJobNotices } from './editor/jobUi/jobNotices.ts';
import { createLog, type Log } from './editor/log.ts';
import { withoutGroup } from './editor/menuArguments.ts';
import { createTroubleEnds } from './editor/jobUi/troubleEnds.ts';
import { registerTroubleWatch } from './editor/jobUi/registerTroubleWatch.ts';
import { registerModelRowNotices } from './editor/modelRowNotices.ts';
import { createPriceList } from './evolink/prices.ts';
import { createUnknownTasks } from './editor/jobUi/unknownTasks.ts';
import { createProvenanceNotice } from './generation/conversion/provenanceNotice.ts';
import { codecFilesIn } from './images/convert/codecFiles.ts';
import { createConverter } from './images/convert/converter.ts';
import { readNetworkSettings } from './editor/networkSettings.ts';
import { needsUpload } from './generation/references/needsUpload.ts';
import {
  readBaseUrl,
  readKeepUploads,
  readMaxConcurrent,
  readModels,
  readRemoveMetadata,
  readUploadReferences,
} from './editor/settings.ts';
import { costOfRepeating } from './generation/expectedCost.ts';
import { askForConsent, ensureMaySend } from './generation/uploadConsent.ts';
import type { GenerationDeps } from './generation/generationDeps.ts';
import { registerStatusBar } from './editor/jobUi/statusBar.ts';
import { mayHoldImages } from './editor/files/mayHoldImages.ts';
import { createMissingImages } from './editor/files/missingImages.ts';
import { createTextPlaces } from './editor/files/textPlaces.ts';
import { followTextTabs } from './editor/files/textTabs.ts';
import { createTyping } from './editor/files/typing.ts';
import { createWorkplace } from './editor/files/workplace.ts';
import { checkRestrictedFolder } from './editor/files/checkRestrictedFolder.ts';
import type { Job } from './jobs/job.ts';
import { isWorkspaceOpen, placeThroughEditor } from './editor/files/workspaceFiles.ts';
import { AppError } from './appError.ts';
import { type SharedJob, toSharedJob } from './editor/sharedJob.ts';
import {
  type JobSystem,
  type JobSystemOptions,
  openJobSystemWhenFree,
} from './jobs/openJobSystem.ts';
import type { Store } from './jobs/store/store.ts';
import { isStoreError } from './jobs/store/storeErrors.ts';
import { maySendNow } from './requests/uploadConsent.ts';
import { draftId } from './studio/draft/draftId.ts';
import { createStudio, type Studio } from './studio/studio.ts';
import { storageLayout } from './jobs/storageLayout.ts';
import { tickStep } from './editor/walkthroughSteps.ts';
import { fillIn, nested } from './editor/say/fillIn.ts';
import { inform, showBriefly, tellError, warn } from './editor/say/notifications.ts';
import type { StatusItem } from './editor/say/statusItem.ts';

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
  'imageStudio.setApiKey': setApiKey,
  'imageStudio.clearApiKey': clearApiKey,
  'imageStudio.checkConnection': checkConnection,
  'imageStudio.recoverTask': recoverTask,
  'imageStudio.clearHistory': clearHistory,
  'imageStudio.showJobs': showJobs,
  'imageStudio.showLog': showLog,
};

export interface App {
  run(id: CommandId, ...args: unknown[]): Promise<unknown>;
  jobs(): readonly SharedJob[];
  studio: Pick<Studio, 'restore' | 'showIn' | 'files'>;
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
  const opening = openJobSystemIn(folder, context, apiKey.read, log, signal);
  const jobSystem = await opening.catch((thrown: unknown) => {
    apiKey.dispose();
    throw thrown;
  });
  const { engine, store, uploads, client } = jobSystem;
  engine.setMaxConcurrent(readMaxConcurrent());
  const workplace = createWorkplace();
  const typing = createTyping();
  const places = createTextPlaces();
  const insertDeps = { listRecent: engine.listRecent, places };
  const isWithoutAddress = (reference: string) => needsUpload(reference, store.bySha256);
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
      replaceIn,
      replaceEverywhere,
    },
    conversion: { extensionUri: context.extensionUri, folder: storageLayout(folder).converted },
    converting: {
      converter: createConverter({
        workerPath: context.asAbsolutePath('dist/convertWorker.cjs'),
        codecFiles: codecFilesIn(context.asAbsolutePath('dist')),
        log: log.info,
      }),
      placeImage: jobSystem.place,
      extensionUri: context.extensionUri,
      folder: storageLayout(folder).converting,
      log,
      onProvenanceLost: createProvenanceNotice(context.globalState),
    },
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
    noteDraft(references) {
      const note = () => store.draftNotes.note(draftId(context), references, Date.now());
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
    stop: () => jobSystem.close(),
  };
}

/** A command waits so long for a list of images that is locked. */
const startLimitMs = 30_000;

/** Runs a command as soon as all has started. A user is told why it could not. */
export async function runWhenStarted(
  start: () => Promise<App>,
  id: CommandId,
  args: unknown[],
): Promise<unknown> {
  let app: App;
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
async function startedInTime(start: Promise<App>): Promise<App> {
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

/** What the editor did with files and folders, all at once. */
export interface FileChange {
  deleted?: readonly vscode.Uri[];
  moved?: readonly { readonly oldUri: vscode.Uri; readonly newUri: vscode.Uri }[];
}

/** Follows the files of images. A window that has done nothing yet starts for what may be one. */
export async function follow(
  start: () => Promise<App>,
  isStarted: boolean,
  { moved = [], deleted = [] }: FileChange,
): Promise<void> {
  const uris = [...moved.map(({ oldUri }) => oldUri), ...deleted];
  if (!isStarted && !uris.some(({ path }) => mayHoldImages(path))) return;
  // Why it cannot start is in the log; what moved is found by its content then.
  const app = await start().catch(() => undefined);
  const moves = moved.map(({ oldUri, newUri }) => {
    return { from: oldUri.toString(), to: newUri.toString() };
  });
  if (moves.length > 0) await app?.studio.files.moved(moves);
  if (deleted.length > 0) await app?.studio.files.deleted(deleted.map(String));
}

const startPauseMs = 60_000;

/** Starts for the jobs of an earlier window, however long something keeps it from that. */
export function keepStarting(start: () => Promise<App>, signal: AbortSignal): void {
  let isTold = false;
  const tryTo = () => {
    start().catch((thrown: unknown) => {
      if (signal.aborted) return;
      if (!isTold) void tellError((thrown as Error).message);
      isTold = true;
      const timer = setTimeout(tryTo, startPauseMs);
      signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    });
  };
  tryTo();
}

/**
 * Whoever called may rely on the codes of the contract, whatever it was that failed. A user is told
 * of a list of images that cannot be used: what a command throws, the editor shows in a dialog.
 */
async function runCommand(deps: CommandDeps, id: CommandId, args: unknown[]): Promise<unknown> {
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

/** The jobs of this storage folder, worked on with what the editor knows. */
function openJobSystemIn(
  storageFolder: string,
  context: vscode.ExtensionContext,
  apiKey: () => Promise<string | undefined>,
  log: Log,
  signal: AbortSignal,
): Promise<JobSystem> {
  const { version } = context.extension.packageJSON as { version: string };
  const options: JobSystemOptions = {
    storageFolder,
    apiKey,
    apiBaseUrl: () => readBaseUrl('apiBaseUrl'),
    filesBaseUrl: () => readBaseUrl('filesBaseUrl'),
    network: {
      network: readNetworkSettings,
      env: process.env,
      editorFetch: globalThis.fetch,
      userAgent: `evolink-image-studio/${version} vscode/${vscode.version}`,
    },
    isOpen: isWorkspaceOpen,
    checkFolder: checkRestrictedFolder,
    placeVirtualImage: placeThroughEditor,
    readVirtualFile: async (uri) => await vscode.workspace.fs.readFile(vscode.Uri.parse(uri, true)),
    mayUpload: (isAgreed) =>
      maySendNow(readUploadReferences(), vscode.workspace.isTrusted, isAgreed),
    keepsUploads: readKeepUploads,
    removesMetadata: readRemoveMetadata,
    models: readModels,
    // Any built-in command will do that changes nothing and has to be answered by the window.
    isWindowResponsive: () =>
      vscode.commands.executeCommand('setContext', `${settingsPrefix}.isAtWork`, true),
    onQuarantine: (quarantined) => showQuarantine(quarantined, log),
    log: log.info,
  };
  return openJobSystemWhenFree(options, signal, showStoreWait);
}

function showStoreWait(): void {
  void warn(storeTroubleMessage('locked'));
}

function showQuarantine({ path, reason }: NonNullable<Store['setAside']>, log: Log): void {
  log.error(`The store was ${reason} and is now at ${path}`);
  void warn(
    fillIn(
      vscode.l10n.t(
        'The list of images was damaged, and what could be read was kept. The rest is at {0}.',
      ),
      nested(path),
    ),
  );
}

function toDisposable(dispose: () => void): vscode.Disposable {
  return new vscode.Disposable(dispose);
}
