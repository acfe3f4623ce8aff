import * as vscode from 'vscode';
import { type ConversionPlace, pasteReference } from '../references/convertReference.ts';
import { showFailure } from '../../editor/errors/errorActions.ts';
import { ImageList } from './imageList.ts';
import { readModels } from '../../editor/settings.ts';
import { findModel } from '../../evolink/models/shippedModels.ts';
import { defaultsFor, type EditorOptions, referenceOf } from '../askedRequest.ts';
import type { GenerationDeps } from '../generationDeps.ts';
import { isWebUrl } from '../../evolink/webUrl.ts';
import { dialogExtensions } from '../../images/imageGlob.ts';
import { type ImageItem, maxListed } from './workspaceImages.ts';
import { fillIn } from '../../editor/say/fillIn.ts';
import { chooseInDialog } from '../../editor/say/notifications.ts';
import { askForText, createList } from '../../editor/say/quickInput.ts';

/** A way to images that are not in the workspace. */
interface Source extends vscode.QuickInputButton {
  ask: () => Promise<string[]>;
}

type Answer = 'chosen' | 'left' | Source;

/**
 * Lets a user choose images, from the workspace and from outside it, and returns them in the
 * order in which they were ticked. None when the user leaves.
 */
export async function chooseImages(
  conversion: ConversionPlace,
  maxImages: number,
  title: string,
  ticked: readonly string[] = [],
): Promise<string[]> {
  const leaving = new vscode.CancellationTokenSource();
  const list = new ImageList(ticked);
  const loading = list.load(leaving.token);
  const pick = createList<ImageItem>();
  pick.title = title;
  pick.canSelectMany = true;
  // Another window is looked into for what to choose; what was ticked here has to stay.
  pick.ignoreFocusOut = true;
  pick.buttons = sources(conversion);
  try {
    for (;;) {
      const answer = await askOnce(pick, list, loading, maxImages);
      if (answer === 'left') return [];
      if (answer === 'chosen') return list.ticked;
      // It would stand before what is asked now.
      pick.hide();
      list.add(await answer.ask().catch(showAndSkip));
      pick.value = '';
    }
  } finally {
    leaving.cancel();
    leaving.dispose();
    pick.dispose();
  }
}

/** The images for an edit: the one in front is ticked, unless the user says another. */
export async function chooseImagesToEdit(
  { conversion, workplace }: Pick<GenerationDeps, 'conversion' | 'workplace'>,
  options: EditorOptions,
): Promise<string[]> {
  const front = imageInFront();
  const { model } = defaultsFor(options, workplace.now(), front);
  const maxImages = findModel(model, readModels())?.references?.max ?? 1;
  const title = vscode.l10n.t('Edit Image');
  return await chooseImages(conversion, maxImages, title, front ? [referenceOf(front)] : []);
}

/** What the editor's own image preview shows. */
function imageInFront(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const isPreview =
    input instanceof vscode.TabInputCustom && input.viewType === 'imagePreview.previewEditor';
  return isPreview ? input.uri : undefined;
}

function showAndSkip(thrown: unknown): string[] {
  showFailure(thrown);
  return [];
}

async function askOnce(
  pick: vscode.QuickPick<ImageItem>,
  list: ImageList,
  loading: Promise<void>,
  maxImages: number,
): Promise<Answer> {
  const show = () => {
    const items = list.items();
    pick.items = items;
    pick.selectedItems = items.filter(({ reference }) => list.ticked.includes(reference));
    pick.busy = list.isLoading;
    pick.placeholder = placeholderOf(list, maxImages);
    activateMatch();
  };
  /** Where many can be ticked, the editor lights no row by itself. */
  const activateMatch = () => {
    const match = list.firstMatch(pick.value);
    pick.activeItems = match ? [match] : [];
  };
  /** Where nothing is ticked, the row that is lit is meant. */
  const acceptActive = () => {
    const match = pick.activeItems[0] ?? list.firstMatch(pick.value);
    if (match) list.ticked = [match.reference];
    else pick.placeholder = vscode.l10n.t('Nothing is chosen yet. Tick images, or type a name.');
    return match !== undefined;
  };
  const listening: vscode.Disposable[] = [];
  try {
    return await new Promise((resolve) => {
      let isOpen = true;
      listening.push(
        pick.onDidChangeSelection((selected) => list.tick(selected)),
        pick.onDidChangeValue(activateMatch),
        pick.onDidTriggerButton((button) => resolve(button as Source)),
        pick.onDidHide(() => {
          isOpen = false;
          resolve('left');
        }),
        pick.onDidAccept(() => {
          if (list.ticked.length > 0) resolve('chosen');
          // Who types quickly accepts before the list is there, or before the row is lit.
          else void loading.then(() => acceptActive() && resolve('chosen'));
        }),
      );
      show();
      pick.show();
      if (list.isLoading) void loading.then(() => isOpen && show());
    });
  } finally {
    for (const each of listening) each.dispose();
  }
}

function placeholderOf(list: ImageList, maxImages: number): string {
  if (list.isLoading) return vscode.l10n.t('Looking for images…');
  if (list.items().length === 0)
    return vscode.l10n.t('No images in this workspace. Add one with the buttons above.');
  return list.isCut
    ? fillIn(
        vscode.l10n.t('Choose up to {0} images; only {1} of this workspace are listed'),
        maxImages,
        maxListed,
      )
    : fillIn(vscode.l10n.t('Choose up to {0} images, the newest first'), maxImages);
}

function sources(conversion: ConversionPlace): Source[] {
  const source = (icon: string, tooltip: string, ask: Source['ask']): Source => ({
    iconPath: new vscode.ThemeIcon(icon),
    tooltip,
    ask,
  });
  return [
    source('folder-opened', vscode.l10n.t('Add Files…'), chooseFiles),
    source('clippy', vscode.l10n.t('Paste an Image…'), () => paste(conversion)),
    source('link', vscode.l10n.t('Add a Web Address…'), askForAddress),
  ];
}

async function chooseFiles(): Promise<string[]> {
  const uris = await chooseInDialog({
    canSelectMany: true,
    // What an image is, its bytes tell.
    filters: {
      [vscode.l10n.t('Images')]: [...dialogExtensions],
      [vscode.l10n.t('All Files')]: ['*'],
    },
    openLabel: vscode.l10n.t('Add'),
  });
  return uris.map(referenceOf);
}

async function paste(conversion: ConversionPlace): Promise<string[]> {
  const uri = await pasteReference(conversion);
  return uri ? [uri.toString()] : [];
}

async function askForAddress(): Promise<string[]> {
  const options = {
    title: vscode.l10n.t('Add a Web Address'),
    prompt: vscode.l10n.t('EvoLink fetches the image from there by itself.'),
    placeHolder: 'https://…',
    ignoreFocusOut: true,
  };
  const address = await askForText(options, (value) =>
    value === '' || isWebUrl(value.trim())
      ? undefined
      : vscode.l10n.t('A web address begins with https://'),
  );
  return address ? [address.trim()] : [];
}
