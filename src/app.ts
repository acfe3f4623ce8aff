import * as vscode from 'vscode';
import { checkConnection } from './commands/checkConnection.ts';
import { clearApiKey } from './commands/clearApiKey.ts';
import type { Command, CommandDeps } from './commands/commandDeps.ts';
import { edit } from './commands/edit.ts';
import { generate } from './commands/generate.ts';
import { editPrompt } from './generation/editPrompt.ts';
import { recoverTask } from './commands/recoverTask.ts';
import { setApiKey } from './commands/setApiKey.ts';
import { openStudio } from './commands/openStudio.ts';
import { showJobs } from './commands/showJobs.ts';
import { showLog } from './commands/showLog.ts';
import { insertImage } from './document/insertImage.ts';
import { createApiKey } from './editor/apiKey.ts';
import { type CommandId, settingsPrefix } from './editor/contributions.ts';
import { storeTroubleMessage } from './editor/errors/messages.ts';
import { toLocalizedError } from './editor/errors/errorActions.ts';
import { createJobActions } from './editor/jobUi/jobActions.ts';
import { registerJobNotices } from './editor/jobUi/jobNotices.ts';
import { createLog, type Log } from './editor/log.ts';
import { readNetworkSettings } from './editor/networkSettings.ts';
import { needsUpload } from './generation/references/needsUpload.ts';
import {
  readBaseUrl,
  readKeepUploads,
  readMaxConcurrent,
  readRemoveMetadata,
  readUploadReferences,
} from './editor/settings.ts';
import { askForConsent, ensureMaySend } from './generation/uploadConsent.ts';
import type { GenerationDeps } from './generation/generationDeps.ts';
import { registerStatusBar } from './editor/jobUi/statusBar.ts';
import { checkRestrictedFolder } from './editor/files/checkRestrictedFolder.ts';
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
import { createStudio, type Studio } from './studio/studio.ts';
import { storageLayout } from './jobs/storageLayout.ts';
import { fillIn, nested } from './editor/say/fillIn.ts';
import { warn } from './editor/say/notifications.ts';
import type { StatusItem } from './editor/say/statusItem.ts';

const commands: Record<CommandId, Command> = {
  'imageStudio.generate': generate,
  'imageStudio.edit': edit,
  'imageStudio.openStudio': openStudio,
  'imageStudio.useAsReference': openStudio,
  'imageStudio.insertImage': ({ engine }, ...uris) => insertImage(engine.listRecent, ...uris),
  'imageStudio.setApiKey': setApiKey,
  'imageStudio.clearApiKey': clearApiKey,
  'imageStudio.checkConnection': checkConnection,
  'imageStudio.recoverTask': recoverTask,
  'imageStudio.showJobs': showJobs,
  'imageStudio.showLog': showLog,
};

export interface App {
  run(id: CommandId, ...args: unknown[]): Promise<unknown>;
  jobs(): readonly SharedJob[];
  studio: Pick<Studio, 'restore' | 'showIn'>;
  /** Lets what runs come to a point from which another window can go on. */
  stop(): Promise<void>;
}

/** As many jobs as other extensions are shown: those under way, and the newest others. */
const shownJobs = 500;

/** Puts the modules together. Runs when something is to be done for the first time. */
export async function startApp(
  context: vscode.ExtensionContext,
  changes: vscode.EventEmitter<SharedJob>,
  statusItem: StatusItem,
  signal: AbortSignal,
): Promise<App> {
  const channel = vscode.window.createOutputChannel('Image Studio', { log: true });
  try {
    return await startWith(context, changes, statusItem, channel, signal);
  } catch (thrown) {
    // The next command tries again, and would make a second one.
    channel.dispose();
    throw isStoreError(thrown) ? toLocalizedError(thrown) : thrown;
  }
}

async function startWith(
  context: vscode.ExtensionContext,
  changes: vscode.EventEmitter<SharedJob>,
  statusItem: StatusItem,
  channel: vscode.LogOutputChannel,
  signal: AbortSignal,
): Promise<App> {
  const log = createLog(channel);
  const folder = context.globalStorageUri.fsPath;
  const apiKey = createApiKey(context.secrets, log.hide);
  const jobSystem = await openJobSystemIn(folder, context, apiKey.read, log, signal);
  const { engine, store, uploads, client } = jobSystem;
  engine.setMaxConcurrent(readMaxConcurrent());
  const isWithoutAddress = (reference: string) => needsUpload(reference, store.bySha256);
  const generation: GenerationDeps = {
    engine,
    apiKey,
    log,
    memento: context.workspaceState,
    conversion: { extensionUri: context.extensionUri, folder: storageLayout(folder).converted },
    needsUpload: isWithoutAddress,
  };
  const jobActions = createJobActions({
    engine,
    client,
    knownTasks: store.knownTasks,
    removeUploads: (count, signal) => uploads.removeOldest(count, signal),
    ensureMayUpload: (references) =>
      ensureMaySend(
        references.map((reference) => ({ reference, given: reference })),
        isWithoutAddress,
        { mustConfirm: () => false, consentToSend: (images) => askForConsent(images) },
      ),
    editPrompt: (job) => editPrompt(generation, job),
  });
  const { extensionUri } = context;
  const studio = createStudio({
    ...generation,
    gallery: store.gallery,
    client,
    actions: jobActions,
    extensionUri,
    folder,
  });
  const deps: CommandDeps = { ...generation, client, actions: jobActions, showStudio: studio.open };

  context.subscriptions.push(
    channel,
    apiKey,
    studio,
    registerJobNotices(engine, jobActions, studio.isVisible),
    registerStatusBar(engine, statusItem),
    // Another key may be of another account.
    apiKey.onDidChange(() => engine.connectionChanged()),
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
    toDisposable(engine.onDidChangeJob((job) => changes.fire(toSharedJob(job)))),
  );
  jobSystem.start();
  let listed: readonly SharedJob[] = [];
  /** As they were last, while the store cannot be read. */
  const listJobs = (): readonly SharedJob[] => {
    try {
      listed = engine.listRecent(shownJobs).map(toSharedJob);
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

/** Whoever called may rely on the codes of the contract, whatever it was that failed. */
async function runCommand(deps: CommandDeps, id: CommandId, args: unknown[]): Promise<unknown> {
  try {
    return await commands[id](deps, ...args);
  } catch (thrown) {
    if (!(thrown instanceof AppError))
      deps.log.error(`${id} failed: ${thrown instanceof Error ? String(thrown.stack) : 'unknown'}`);
    throw toLocalizedError(thrown);
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
    mayUpload: () => readUploadReferences() !== 'never',
    keepsUploads: readKeepUploads,
    removesMetadata: readRemoveMetadata,
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
