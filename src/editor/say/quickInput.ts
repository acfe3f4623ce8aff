import * as vscode from 'vscode';
import { wholeLine } from './plainLine.ts';

/** A row of a list. Its texts may be anybody's; its icon is ours. */
export interface Row extends vscode.QuickPickItem {
  /** An icon of the editor before the label, as `error` or `loading~spin`. */
  icon?: string;
}

type Options = Pick<vscode.QuickPickOptions, 'title' | 'placeHolder' | 'ignoreFocusOut'>;

/** Lets a user choose one row. @returns undefined when none was chosen. */
export async function chooseOne<T extends Row>(
  rows: readonly T[],
  options: Options,
): Promise<T | undefined> {
  const shown = rows.map(shownRow);
  const chosen = await vscode.window.showQuickPick(shown, {
    ...options,
    ...textsIn(options, ['title', 'placeHolder']),
  });
  return chosen && rows[shown.indexOf(chosen)];
}

/** A list as the editor's own; its rows and texts become plain lines as they are set. */
export function createList<T extends Row>(): vscode.QuickPick<T> {
  const shownAs = new Map<T, T>();
  // What is ticked or lit are rows as they were given, or as the list returned them.
  const shownRows = (rows: readonly T[]) => rows.map((row) => shownAs.get(row) ?? row);
  return changingWhatIsSet(vscode.window.createQuickPick<T>(), {
    title: shownText,
    placeholder: shownText,
    buttons: (buttons) => buttons.map(shownButton),
    items(rows) {
      shownAs.clear();
      for (const row of rows) shownAs.set(row, shownRow(row));
      return shownRows(rows);
    },
    activeItems: shownRows,
    selectedItems: shownRows,
  });
}

/** An input as the editor's own; its texts become plain lines as they are set, but not its value. */
export function createInput(): vscode.InputBox {
  return changingWhatIsSet(vscode.window.createInputBox(), {
    title: shownText,
    placeholder: shownText,
    prompt: shownText,
    buttons: (buttons) => buttons.map(shownButton),
    validationMessage: (problem) =>
      typeof problem === 'object'
        ? { ...problem, message: wholeLine(problem.message) }
        : shownText(problem),
  });
}

type InputOptions = Pick<
  vscode.InputBoxOptions,
  'title' | 'prompt' | 'placeHolder' | 'value' | 'ignoreFocusOut'
>;

/**
 * Asks for one line. `problemOf` says what is wrong with a value.
 * @returns undefined when it was cancelled.
 */
export async function askForText(
  options: InputOptions,
  problemOf: (value: string) => string | undefined = () => undefined,
): Promise<string | undefined> {
  return await vscode.window.showInputBox({
    ...options,
    ...textsIn(options, ['title', 'prompt', 'placeHolder']),
    validateInput: (value) => shownText(problemOf(value)),
  });
}

function shownRow<T extends Row>(row: T): T {
  const { icon, label, buttons } = row;
  const line = wholeLine(label);
  return {
    ...row,
    ...textsIn(row, ['description', 'detail']),
    label: icon === undefined ? line : `$(${icon}) ${line}`,
    ...(buttons && { buttons: buttons.map(shownButton) }),
  };
}

function shownButton<T extends vscode.QuickInputButton>(button: T): T {
  return { ...button, ...textsIn(button, ['tooltip']) };
}

function shownText(text: string | undefined): string | undefined {
  return text === undefined ? undefined : wholeLine(text);
}

/** Those of the texts that are there, as plain lines. */
function textsIn<K extends string>(
  owner: Partial<Record<K, string | undefined>>,
  names: readonly K[],
): Partial<Record<K, string>> {
  const texts: Partial<Record<K, string>> = {};
  for (const name of names) {
    const text = owner[name];
    if (text !== undefined) texts[name] = wholeLine(text);
  }
  return texts;
}

/** The same object, with each property changed as it is set. */
function changingWhatIsSet<T extends object>(
  target: T,
  changes: { [K in keyof T]?: (value: T[K]) => T[K] },
): T {
  return new Proxy(target, {
    get(_, key) {
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
    set(_, key, value) {
      const change = changes[key as keyof T];
      return Reflect.set(target, key, change ? change(value as T[keyof T]) : value);
    },
  });
}
