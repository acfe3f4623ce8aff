import * as vscode from 'vscode';
import { pasteReference } from '../editor/convertReference.ts';
import { displayPath } from '../editor/workspaceFiles.ts';
import type { CommandDeps } from './commandDeps.ts';
import { isWebAddress } from './readyReferences.ts';

const maxOffered = 500;
const maxThumbnailBytes = 256 * 1024;
const imagePattern = '**/*.{png,jpg,jpeg,webp,gif,bmp,avif,svg,PNG,JPG,JPEG,WEBP}';

interface ImageItem extends vscode.QuickPickItem {
  uri?: vscode.Uri;
  ask?: () => Promise<string[]>;
}

/** Lets a person choose images to edit, from the workspace and from outside it. */
export async function chooseImages(deps: CommandDeps, maxImages: number): Promise<string[]> {
  const pick = vscode.window.createQuickPick<ImageItem>();
  pick.title = vscode.l10n.t('Edit Image');
  pick.placeholder = vscode.l10n.t('Choose up to {0} images, the newest first', maxImages);
  pick.canSelectMany = true;
  pick.items = [...otherSources(deps), ...(await workspaceImages())];
  try {
    const chosen = await choiceIn(pick);
    const asked = chosen.find((item) => item.ask);
    if (asked?.ask) return await asked.ask();
    return chosen.flatMap((item) => (item.uri ? [item.uri.toString()] : []));
  } finally {
    pick.dispose();
  }
}

/** What is ticked, in the order it was; else the row that is lit. None when the person leaves. */
async function choiceIn(pick: vscode.QuickPick<ImageItem>): Promise<readonly ImageItem[]> {
  let ticked: readonly ImageItem[] = [];
  return await new Promise((resolve) => {
    pick.onDidChangeSelection((selected) => {
      // What opens a dialog of its own does so at once.
      if (selected.some((item) => item.ask)) resolve(selected);
      // The editor tells them in the order of the list; prompts speak of "image 1".
      const added = selected.filter((item) => !ticked.includes(item));
      ticked = [...ticked.filter((item) => selected.includes(item)), ...added];
    });
    pick.onDidChangeValue((value) => {
      // Where many can be ticked, the editor lights no row by itself.
      const match = firstMatch(pick.items, value);
      pick.activeItems = match ? [match] : [];
    });
    pick.onDidAccept(() => {
      // Who types quickly accepts before the row is lit.
      const match = pick.activeItems[0] ?? firstMatch(pick.items, pick.value);
      if (ticked.length > 0) resolve(ticked);
      else if (match) resolve([match]);
      else pick.placeholder = vscode.l10n.t('Nothing is chosen yet. Tick images, or type a name.');
    });
    pick.onDidHide(() => resolve([]));
    pick.show();
  });
}

function firstMatch(items: readonly ImageItem[], value: string): ImageItem | undefined {
  const wanted = value.trim().toLowerCase();
  if (wanted === '') return undefined;
  return items.find((item) => (item.uri ?? item.ask) && item.label.toLowerCase().includes(wanted));
}

function otherSources(deps: CommandDeps): ImageItem[] {
  return [
    {
      iconPath: new vscode.ThemeIcon('folder-opened'),
      label: vscode.l10n.t('From this computer…'),
      ask: chooseFiles,
    },
    {
      iconPath: new vscode.ThemeIcon('clippy'),
      label: vscode.l10n.t('From the clipboard…'),
      ask: () => paste(deps),
    },
    {
      iconPath: new vscode.ThemeIcon('link'),
      label: vscode.l10n.t('By its web address…'),
      ask: askForAddress,
    },
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
  const images = await Promise.all(found.map(async (uri) => ({ uri, ...(await factsOf(uri)) })));
  return images
    .toSorted((a, b) => b.mtime - a.mtime)
    .map(({ uri, size }) => ({ label: displayPath(uri), iconPath: thumbnail(uri, size), uri }));
}

async function factsOf(uri: vscode.Uri): Promise<{ mtime: number; size: number }> {
  try {
    return await vscode.workspace.fs.stat(uri);
  } catch {
    return { mtime: 0, size: 0 };
  }
}

/** The editor decodes the whole image for it, so a large one only gets a sign. */
function thumbnail(uri: vscode.Uri, sizeBytes: number): vscode.IconPath {
  if (sizeBytes > 0 && sizeBytes <= maxThumbnailBytes) return uri;
  return new vscode.ThemeIcon('file-media');
}
