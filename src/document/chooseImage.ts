import * as vscode from 'vscode';
import { showFailure } from '../editor/errors/errorActions.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { createList } from '../editor/say/quickInput.ts';
import { mapInSlices, matching } from '../generation/prompt/newestFirst.ts';
import {
  findImages,
  firstRows,
  iconOf,
  imageItem,
  type ImageItem,
} from '../generation/prompt/workspaceImages.ts';
import { createLimiter } from '../jobs/async/limiter.ts';

interface FoundRows {
  /** The newest first. */
  rows: ImageItem[];
  /** Whether the workspace has more. */
  isCut: boolean;
}

/** More than this a user does not look through; typing searches all that were found. */
const maxShown = 200;
const maxFound = 20_000;
const readsAtOnce = 16;

/** Lets a user choose one image of the workspace. @returns undefined when none was chosen. */
export async function chooseImage(title: string): Promise<vscode.Uri | undefined> {
  const leaving = new AbortController();
  const list = createList<ImageItem>();
  const listening: vscode.Disposable[] = [];
  list.title = title;
  list.placeholder = vscode.l10n.t('Looking for images…');
  list.busy = true;
  try {
    return await new Promise((resolve) => {
      let isAccepted = false;
      listening.push(
        list.onDidHide(() => resolve(undefined)),
        list.onDidAccept(() => {
          const chosen = acceptedRow(list);
          if (chosen) resolve(vscode.Uri.parse(chosen.reference, true));
          else isAccepted = list.busy;
        }),
      );
      list.show();
      fill(list, listening, leaving.signal).then(
        () => {
          // Who types quickly accepts before the list is there.
          const first = acceptedRow(list);
          if (isAccepted && first) resolve(vscode.Uri.parse(first.reference, true));
        },
        (thrown: unknown) => {
          if (!leaving.signal.aborted) showFailure(thrown);
          list.hide();
        },
      );
    });
  } finally {
    leaving.abort();
    for (const each of listening) each.dispose();
    list.dispose();
  }
}

/** The editor lights a row some time after the rows changed; until then the first match is meant. */
function acceptedRow({ activeItems, items }: vscode.QuickPick<ImageItem>): ImageItem | undefined {
  const [active] = activeItems;
  return active && items.includes(active) ? active : items[0];
}

async function fill(
  list: vscode.QuickPick<ImageItem>,
  listening: vscode.Disposable[],
  signal: AbortSignal,
): Promise<void> {
  const found = await findRows(signal);
  if (signal.aborted) return;
  const show = () => {
    const rows = matching(found.rows, list.value, maxShown);
    list.keepScrollPosition = false;
    list.items = rows;
    // The rows are there at once, and what they show a moment later.
    void addIcons(rows.slice(0, firstRows), signal).then(
      (isNew) => {
        const isShown = rows[0]?.reference === list.items[0]?.reference;
        if (!isNew || !isShown || signal.aborted) return;
        const active = list.activeItems[0]?.reference;
        list.keepScrollPosition = true;
        list.items = rows.map((row) => ({ ...row }));
        const still = list.items.find(({ reference }) => reference === active);
        if (still) list.activeItems = [still];
      },
      () => undefined,
    );
  };
  list.busy = false;
  list.placeholder = placeholderOf(found);
  listening.push(list.onDidChangeValue(show));
  show();
}

function placeholderOf({ rows, isCut }: FoundRows): string {
  if (rows.length === 0)
    return vscode.l10n.t('This workspace has no images yet. Make one with "Generate Image…".');
  if (isCut)
    return fillIn(vscode.l10n.t('Type to search {0} images; this workspace has more'), rows.length);
  return rows.length > maxShown
    ? fillIn(vscode.l10n.t('Type to search all {0} images; the newest are shown'), rows.length)
    : vscode.l10n.t('An image of this workspace, the newest first');
}

async function findRows(signal: AbortSignal): Promise<FoundRows> {
  const { uris, isCut } = await findImages(maxFound, signal);
  return { rows: await mapInSlices(uris, rowOf, signal), isCut };
}

/** Always shown: which rows match what is typed was decided already. */
function rowOf(uri: vscode.Uri): ImageItem {
  return { ...imageItem(uri.toString()), alwaysShow: true };
}

/** Gives rows the image they stand for, where the editor can show it. @returns whether any got one. */
async function addIcons(rows: readonly ImageItem[], signal: AbortSignal): Promise<boolean> {
  const gate = createLimiter(readsAtOnce);
  const icons = await Promise.all(
    rows.map(async (row) => {
      if (row.iconPath instanceof vscode.Uri) return false;
      const icon = await gate.run(
        () => iconOf(vscode.Uri.parse(row.reference, true), true),
        signal,
      );
      if (icon) row.iconPath = icon;
      return icon !== undefined;
    }),
  );
  return icons.includes(true);
}
