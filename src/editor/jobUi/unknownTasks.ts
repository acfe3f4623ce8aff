import * as vscode from 'vscode';
import { toAppError } from '../../appError.ts';
import type { Client } from '../../evolink/client.ts';
import type { ListedTask } from '../../evolink/schema.ts';
import { withinLimit } from '../errors/errorActions.ts';
import { askForText, createList, type Row } from '../say/quickInput.ts';

/**
 * Lists the account's tasks since a time, in milliseconds since 1970, that no job here stands for,
 * the newest first. Undefined where the provider has no list.
 */
export type ListUnknownTasks = (sinceMs: number) => Promise<ListedTask[] | undefined>;

/** A task may be listed a little before the moment our clock says it was asked for. */
const clockSkewMs = 5 * 60_000;
const maxPages = 3;
const limitMs = 60_000;
const taskIdForm = /^[\w.-]{4,128}$/;

/** @param knownTasks tasks that a job here stands for, of those asked for since then */
export function createUnknownTasks(
  client: Pick<Client, 'listTasks'>,
  knownTasks: (sinceMs: number) => Set<string>,
): ListUnknownTasks {
  async function list(sinceMs: number, signal: AbortSignal): Promise<ListedTask[]> {
    const known = knownTasks(sinceMs - 24 * 3600_000);
    const tasks: ListedTask[] = [];
    for (let page = 1; page <= maxPages; page += 1) {
      const listed = await client.listTasks(page, signal);
      tasks.push(...listed.filter((task) => !known.has(task.id)));
      const last = listed.at(-1);
      if (!last || (last.createdAtMs ?? 0) < sinceMs) break;
    }
    return tasks.filter((task) => (task.createdAtMs ?? Infinity) >= sinceMs);
  }

  return async (since) => {
    try {
      return await withinLimit(limitMs, (signal) => list(since - clockSkewMs, signal));
    } catch (thrown) {
      const { code } = toAppError(thrown);
      if (code === 'notFound' || code === 'badRequest') return undefined;
      throw thrown;
    }
  };
}

/** Whether a text can be the id of a task. */
export function isTaskId(text: string): boolean {
  return taskIdForm.test(text);
}

/** Asks for the id of a task. @returns undefined when it was cancelled. */
export async function askForTaskId(title: string, prompt: string): Promise<string | undefined> {
  const options = { title, prompt, placeHolder: 'task-unified-…', ignoreFocusOut: true };
  const id = await askForText(options, (value) =>
    value.trim() === '' || isTaskId(value.trim())
      ? undefined
      : vscode.l10n.t('This is not the id of a task.'),
  );
  return id?.trim() || undefined;
}

/** What a user knows a task by: its time, its model, and how far it is. */
export function taskRow(task: ListedTask): Row {
  const { createdAtMs, id, model, status } = task;
  return {
    label:
      createdAtMs === undefined ? id : new Date(createdAtMs).toLocaleString(vscode.env.language),
    description: [model, statusMessage(status)].filter(Boolean).join(' · '),
    detail: id,
  };
}

function statusMessage(status: ListedTask['status']): string {
  switch (status) {
    case 'completed':
      return vscode.l10n.t('Drawn');
    case 'failed':
      return vscode.l10n.t('Failed');
    default:
      return vscode.l10n.t('Being drawn');
  }
}

interface TaskRow extends Row {
  task?: ListedTask;
}

/**
 * Lets a user choose tasks while they are looked up. @returns them; 'byId' for a user who
 * rather enters one, also because there is none; undefined for one who leaves.
 */
export async function chooseTasks(
  title: string,
  tasks: Promise<readonly ListedTask[]>,
): Promise<ListedTask[] | 'byId' | undefined> {
  const pick = createList<TaskRow>();
  const byId: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('edit'),
    tooltip: vscode.l10n.t('Enter a Task ID…'),
  };
  pick.title = title;
  pick.placeholder = vscode.l10n.t('Looking for images that are not on this machine…');
  pick.canSelectMany = true;
  pick.matchOnDetail = true;
  pick.ignoreFocusOut = true;
  pick.busy = true;
  pick.buttons = [byId];
  try {
    return await new Promise<ListedTask[] | 'byId' | undefined>((resolve, reject) => {
      tasks.then((listed) => {
        if (listed.length === 0) resolve('byId');
        pick.busy = false;
        pick.items = listed.map((task) => ({ ...taskRow(task), task }));
        pick.placeholder = vscode.l10n.t(
          'Images of your account that are not on this machine. Recovering costs nothing.',
        );
      }, reject);
      pick.onDidTriggerButton(() => resolve('byId'));
      pick.onDidAccept(() => {
        const meant = pick.selectedItems.length > 0 ? pick.selectedItems : pick.activeItems;
        const chosen = meant.flatMap(({ task }) => task ?? []);
        if (chosen.length > 0) resolve(chosen);
      });
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}
