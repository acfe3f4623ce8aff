import { existsSync } from 'node:fs';
// By name: a bundled `* as vscode` copies the whole of the API each time a window starts.
import {
  commands,
  EventEmitter,
  window,
  workspace,
  type Event,
  type ExtensionContext,
} from 'vscode';
import type { App } from './app.ts';
import { registerImageLinkActions } from './document/imageLinkActions.ts';
import { commandIds } from './editor/contributions.ts';
import type { FileChange } from './editor/files/fileChange.ts';
import type { SharedJob } from './editor/sharedJob.ts';
import { createStudioItem } from './editor/jobUi/statusItem.ts';
import { inSideBarKey, studioPanelType, studioViewId } from './studio/studioIds.ts';
// Not the whole layout, which this bundle need not know.
import { storeFile, unfinishedMarker } from './jobs/storageLayout.ts';

/** What other extensions get. Plain data; changes to it are versioned. */
export interface Api {
  version: 1;
  jobs(): readonly SharedJob[];
  onDidChangeJobs: Event<SharedJob>;
}

let app: App | undefined;
let starting: Promise<App> | undefined;
/** Ends a start that waits for the list of images. */
let stopping = new AbortController();

/** Registers what the editor shows. All the rest is loaded when it is first needed. */
export function activate(context: ExtensionContext): Api {
  stopping = new AbortController();
  const folder = context.globalStorageUri.fsPath;
  const changes = new EventEmitter<SharedJob>();
  const statusItem = createStudioItem();

  function start(): Promise<App> {
    starting ??= load().catch((thrown: unknown) => {
      // The next command tries again: what stood in the way may be gone.
      starting = undefined;
      throw thrown;
    });
    return starting;
  }

  async function load(): Promise<App> {
    const { startApp } = await import('./app.ts');
    app = await startApp(context, changes, statusItem, stopping.signal);
    void loadLinkActions();
    return app;
  }

  for (const id of commandIds) {
    const run = async (...args: unknown[]) => {
      const { runWhenStarted } = await import('./app.ts');
      return await runWhenStarted(start, id, args);
    };
    context.subscriptions.push(commands.registerCommand(id, run));
  }
  /** Images may have been made in an earlier window, while this one has done nothing yet. */
  function filesChanged(change: FileChange): void {
    if (!existsSync(storeFile(folder))) return;
    const startToFollow = async () => (await start()).studio.files;
    void import('./app.ts').then(({ followFileChange }) =>
      followFileChange(startToFollow, app !== undefined, change),
    );
  }

  const loadLinkActions = registerImageLinkActions(context, start);
  context.subscriptions.push(
    changes,
    workspace.onDidRenameFiles(({ files }) => filesChanged({ moved: files })),
    workspace.onDidDeleteFiles(({ files }) => filesChanged({ deleted: files })),
    statusItem,
    window.registerWebviewPanelSerializer(studioPanelType, {
      deserializeWebviewPanel: async (panel) => (await start()).studio.restore(panel),
    }),
    window.registerWebviewViewProvider(studioViewId, {
      resolveWebviewView: async (view) => (await start()).studio.showIn(view),
    }),
  );

  if (context.workspaceState.get(inSideBarKey) === true) void showInSideBarAgain();
  if (existsSync(unfinishedMarker(folder))) resume(start, stopping.signal);
  return { version: 1, jobs: () => app?.jobs() ?? [], onDidChangeJobs: changes.event };
}

/** The window closes: jobs under way are left so that the next one can go on with them. */
export async function deactivate(): Promise<void> {
  stopping.abort();
  const ending = await starting?.catch(() => undefined);
  app = starting = undefined;
  await ending?.stop();
}

/** The editor leaves a view of ours blank that was open before a reload, until somebody clicks it. */
async function showInSideBarAgain(): Promise<void> {
  await commands.executeCommand('setContext', inSideBarKey, true);
  await commands.executeCommand(`${studioViewId}.focus`, { preserveFocus: true });
}

/** Jobs of an earlier window wait. They may wait until this one has started. */
function resume(start: () => Promise<App>, signal: AbortSignal): void {
  setTimeout(() => {
    void import('./app.ts').then(({ keepStarting }) => keepStarting(start, signal));
  }, 0);
}
