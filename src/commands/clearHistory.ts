import * as vscode from 'vscode';
import { reportFailures } from '../editor/errors/errorActions.ts';
import { fillIn, nested } from '../editor/say/fillIn.ts';
import { ask, inform } from '../editor/say/notifications.ts';
import { chooseOne } from '../editor/say/quickInput.ts';
import type { HistorySummary } from '../jobs/history.ts';
import type { HistoryScope } from '../jobs/store/history.ts';
import type { CommandDeps } from './commandDeps.ts';

const oldMs = 30 * 24 * 3600_000;

/** What is to be cleared, as it is offered. */
interface Choice {
  label: string;
  scope: HistoryScope;
  /** Damaged stores that were put aside are of no workspace and no age. */
  withStoresSetAside: boolean;
}

/** Removes prompts and records of images from the list of images, after asking. No image is lost. */
export async function clearHistory(deps: CommandDeps): Promise<void> {
  await reportFailures(() => askAndClear(deps), undefined);
}

async function askAndClear({ history }: CommandDeps): Promise<void> {
  const title = vscode.l10n.t('Clear History');
  const choice = await chooseOne(choices(), { title });
  if (!choice) return;
  const found = await history.summarize(choice.scope);
  const summary = choice.withStoresSetAside ? found : { ...found, storesSetAside: 0 };
  if (summary.over === 0 && summary.storesSetAside === 0) {
    void inform([vscode.l10n.t('There is nothing to clear.'), ...keptSentences(summary)].join(' '));
    return;
  }
  const clear = vscode.l10n.t('Clear');
  if ((await ask(question(summary), [clear], ...details(summary))) !== clear) return;
  if (choice.withStoresSetAside) await history.removeStoresSetAside();
  const removed = await history.clear(choice.scope);
  void inform(fillIn(vscode.l10n.t('The history of {0} is cleared.'), nested(imageCount(removed))));
}

function choices(): Choice[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const here = {
    label: vscode.l10n.t('This Workspace'),
    scope: { workspaceUris: folders.map(({ uri }) => uri.toString()) },
    withStoresSetAside: false,
  };
  return [
    ...(folders.length > 0 ? [here] : []),
    {
      label: vscode.l10n.t('Older than 30 Days'),
      scope: { createdBefore: Date.now() - oldMs },
      withStoresSetAside: false,
    },
    { label: vscode.l10n.t('Everything'), scope: {}, withStoresSetAside: true },
  ];
}

function question({ over }: HistorySummary): string {
  return fillIn(vscode.l10n.t('Clear the history of {0}?'), nested(imageCount(over)));
}

function details(summary: HistorySummary): string[] {
  return [
    vscode.l10n.t(
      'Their prompts, records and thumbnails are removed, in all windows. The files in your folders stay. This cannot be undone.',
    ),
    ...keptSentences(summary),
    ...setAsideSentences(summary),
  ];
}

function keptSentences({ kept }: HistorySummary): string[] {
  if (kept === 0) return [];
  return [
    fillIn(
      vscode.l10n.t('Kept: {0} in progress, not confirmed, or paid and not saved yet.'),
      nested(imageCount(kept)),
    ),
  ];
}

function setAsideSentences({ storesSetAside }: HistorySummary): string[] {
  if (storesSetAside === 0) return [];
  return [
    fillIn(
      vscode.l10n.t('Damaged lists of images that were put aside are deleted: {0}.'),
      storesSetAside,
    ),
  ];
}

function imageCount(count: number): string {
  return count === 1 ? vscode.l10n.t('1 image') : fillIn(vscode.l10n.t('{0} images'), count);
}
