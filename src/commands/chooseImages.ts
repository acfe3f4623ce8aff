import * as vscode from 'vscode';
import { pasteReference } from '../editor/convertReference.ts';
import { displayPath } from '../editor/workspaceFiles.ts';
import type { CommandDeps } from './commandDeps.ts';
import { isWebAddress } from './readyReferences.ts';

const maxOffered = 500;
const imagePattern = '**/*.{png,jpg,jpeg,webp,gif,bmp,avif,svg,PNG,JPG,JPEG,WEBP}';

interface ImageItem extends vscode.QuickPickItem {
  uri?: vscode.Uri;
  ask?: () => Promise<string[]>;
}

/** Lets a person choose images to edit, from the workspace and from outside it. */
export async function chooseImages(deps: CommandDeps, maxImages: number): Promise<string[]> {
  const items = [...otherSources(deps), ...(await workspaceImages())];
  const pick = vscode.window.createQuickPick<ImageItem>();
  pick.title = vscode.l10n.t('Edit Image');
  pick.placeholder = vscode.l10n.t('Choose up to {0} images, the newest first', maxImages);
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.items = items;
  try {
    const chosen = await new Promise<readonly ImageItem[]>((resolve) => {
      pick.onDidChangeSelection((selected) => {
        // What opens a dialog of its own does so at once.
        if (selected.some((item) => item.ask)) resolve(selected);
      });
      pick.onDidAccept(() =>
        resolve(pick.selectedItems.length > 0 ? pick.selectedItems : pick.activeItems),
      );
      pick.onDidHide(() => resolve([]));
      pick.show();
    });
    const asked = chosen.find((item) => item.ask);
    if (asked?.ask) return await asked.ask();
    return chosen.flatMap((item) => (item.uri ? [item.uri.toString()] : []));
  } finally {
    pick.dispose();
  }
}

function otherSources(deps: CommandDeps): ImageItem[] {
  return [
    { label: vscode.l10n.t('$(folder-opened) From this computer…'), ask: chooseFiles },
    { label: vscode.l10n.t('$(clippy) From the clipboard…'), ask: () => paste(deps) },
    { label: vscode.l10n.t('$(link) By its web address…'), ask: askForAddress },
    { label: vscode.l10n.t('In this workspace'), kind: vscode.QuickPickItemKind.Separator },
  ];
}

async function chooseFiles(): Promise<string[]> {
  const uris = await vscode.window.showOpenDialog({
    canSelectMany: true,
    filters: {
      [vscode.l10n.t('Images')]: ['png', 'jpg', 'jpeg', 'webp', 'gif', 'bmp', 'avif', 'svg'],
    },
    openLabel: vscode.l10n.t('Edit'),
  });
  return (uris ?? []).map((uri) => uri.toString());
}

async function paste(deps: CommandDeps): Promise<string[]> {
  const uri = await pasteReference(deps.conversion);
  return uri ? [uri.toString()] : [];
}

async function askForAddress(): Promise<string[]> {
  const address = await vscode.window.showInputBox({
    title: vscode.l10n.t('Edit Image'),
    prompt: vscode.l10n.t('EvoLink fetches the image from there by itself.'),
    placeHolder: 'https://…',
    ignoreFocusOut: true,
    validateInput: (value) =>
      value === '' || (isWebAddress(value.trim()) && URL.canParse(value.trim()))
        ? undefined
        : vscode.l10n.t('A web address begins with https://'),
  });
  return address ? [address.trim()] : [];
}

async function workspaceImages(): Promise<ImageItem[]> {
  const found = await vscode.workspace.findFiles(imagePattern, '**/node_modules/**', maxOffered);
  const dated = await Promise.all(found.map(async (uri) => ({ uri, mtime: await mtimeOf(uri) })));
  return dated
    .toSorted((a, b) => b.mtime - a.mtime)
    .map(({ uri }) => ({ label: displayPath(uri), iconPath: uri, uri }));
}

async function mtimeOf(uri: vscode.Uri): Promise<number> {
  try {
    return (await vscode.workspace.fs.stat(uri)).mtime;
  } catch {
    return 0;
  }
}
