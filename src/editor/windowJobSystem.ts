import * as vscode from 'vscode';
import {
  type JobSystem,
  type JobSystemOptions,
  openJobSystemWhenFree,
} from '../jobs/openJobSystem.ts';
import type { Store } from '../jobs/store/store.ts';
import { maySendNow } from '../requests/uploadConsent.ts';
import { settingsPrefix } from './contributions.ts';
import { storeTroubleMessage } from './errors/messages.ts';
import { checkRestrictedFolder } from './files/checkRestrictedFolder.ts';
import { isWorkspaceOpen, placeThroughEditor } from './files/workspaceFiles.ts';
import type { Log } from './log.ts';
import { readNetworkSettings } from './networkSettings.ts';
import { fillIn, nested } from './say/fillIn.ts';
import { warn } from './say/notifications.ts';
import {
  readBaseUrl,
  readKeepUploads,
  readModels,
  readRemoveMetadata,
  readUploadReferences,
} from './settings.ts';

/**
 * The jobs of this storage folder, worked on with what the editor knows.
 * @param beforePlacing called before an image is put into a folder; never throws
 */
export function openWindowJobSystem(
  storageFolder: string,
  context: vscode.ExtensionContext,
  apiKey: () => Promise<string | undefined>,
  log: Log,
  signal: AbortSignal,
  conversions: Pick<JobSystemOptions, 'converter' | 'onUnconverted' | 'onProvenanceLost'>,
  beforePlacing: (folderUri: string) => Promise<void>,
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
    checkFolder: async (folderUri) => {
      await checkRestrictedFolder(folderUri);
      await beforePlacing(folderUri);
    },
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
    ...conversions,
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
