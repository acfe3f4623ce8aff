// By name: see extension.ts.
import {
  ProgressLocation,
  window,
  type CancellationToken,
  type OpenDialogOptions,
  type Uri,
} from 'vscode';
import { wholeLine } from './plainLine.ts';

/** Shows a notification. @returns the button that was chosen; undefined when it was closed. */
export function inform(message: string, ...buttons: string[]): Promise<string | undefined> {
  return withButtons(buttons, (titles) =>
    window.showInformationMessage(wholeLine(message), ...titles),
  );
}

/** The same for what a user should know of. */
export function warn(message: string, ...buttons: string[]): Promise<string | undefined> {
  return withButtons(buttons, (titles) => window.showWarningMessage(wholeLine(message), ...titles));
}

/** The same for a failure. */
export function tellError(message: string, ...buttons: string[]): Promise<string | undefined> {
  return withButtons(buttons, (titles) => window.showErrorMessage(wholeLine(message), ...titles));
}

/**
 * Asks in a dialog that has to be answered; the editor adds Cancel.
 * @param detail one paragraph each
 * @returns the answer that was chosen; undefined when it was cancelled.
 */
export function ask(
  question: string,
  answers: readonly string[],
  ...detail: readonly string[]
): Promise<string | undefined> {
  const options = { modal: true, ...(detail.length > 0 && { detail: lines(detail) }) };
  return withButtons(answers, (titles) =>
    window.showWarningMessage(wholeLine(question), options, ...titles),
  );
}

/** Shows a notification with Cancel while `work` runs. `report` adds to 100 by its increments. */
export async function runWithProgress<T>(
  title: string,
  work: (
    report: (message: string, increment?: number) => void,
    token: CancellationToken,
  ) => Promise<T>,
): Promise<T> {
  const location = ProgressLocation.Notification;
  return await window.withProgress(
    { location, title: wholeLine(title), cancellable: true },
    (progress, token) => {
      const report = (message: string, increment = 0) =>
        progress.report({ message: wholeLine(message), increment });
      return work(report, token);
    },
  );
}

/** Shows a text in the status bar for a while. */
export function showBriefly(text: string, forMs: number, icon?: string): void {
  const line = wholeLine(text);
  window.setStatusBarMessage(icon === undefined ? line : `$(${icon}) ${line}`, forMs);
}

/** Lets a user choose files or folders. */
export async function chooseInDialog(
  options: Omit<OpenDialogOptions, 'openLabel' | 'title'> & {
    openLabel: string;
    title?: string;
  },
): Promise<Uri[]> {
  const { openLabel, title } = options;
  const texts = {
    openLabel: wholeLine(openLabel),
    ...(title !== undefined && { title: wholeLine(title) }),
  };
  return (await window.showOpenDialog({ ...options, ...texts })) ?? [];
}

async function withButtons(
  buttons: readonly string[],
  show: (titles: readonly string[]) => Thenable<string | undefined>,
): Promise<string | undefined> {
  const titles = buttons.map((title) => wholeLine(title));
  const chosen = await show(titles);
  return chosen === undefined ? undefined : buttons[titles.indexOf(chosen)];
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => wholeLine(text)).join('\n');
}
