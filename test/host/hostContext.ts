import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { connectOffline } from '../fakeEvolink/connectOffline.ts';
import type { OfflineApi } from '../fakeEvolink/types.ts';
import type { Api } from '../../src/extension.ts';

export interface DrawResult {
  images: { uri: vscode.Uri; taskId: string; jobId: string }[];
  failures: { code: string; message: string; jobId: string }[];
}

const extensionId = 'image-studio.evolink-image-studio';

/** The offline EvoLink that was started for this run. */
export async function offlineApi(): Promise<OfflineApi> {
  const url = process.env['IMAGE_STUDIO_TEST_CONTROL'];
  assert(url, 'The suite is started without an offline EvoLink');
  return await connectOffline(url);
}

/** The same as new, with quick tasks and its key stored in the extension. */
export async function freshApi(): Promise<OfflineApi> {
  const api = await offlineApi();
  await api.reset();
  await api.configure({ taskMs: 300, drawing: 'fast' });
  await activated();
  await setKey(api.key);
  return api;
}

/** What was sent to EvoLink: tasks and files. Prices, credits and cleaning up have their own time. */
export async function sentRequests(api: OfflineApi): Promise<string[]> {
  const log = await api.log();
  return log.map(({ route }) => route).filter((route) => /^(?:create|upload)/.test(route));
}

export async function activated(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>(extensionId);
  assert(extension, `${extensionId} is not installed`);
  return await extension.activate();
}

export async function run<T>(command: string, ...args: unknown[]): Promise<T> {
  return await vscode.commands.executeCommand<T>(`imageStudio.${command}`, ...args);
}

/** Gives the command a key, and agrees when it asks the user. */
export async function setKey(key: string): Promise<void> {
  await answering(
    ([accept]) => accept,
    () => run('setApiKey', key),
  );
}

export async function clearKey(): Promise<void> {
  await answering('Remove Key', () => run('clearApiKey'));
}

export async function generate(options: Record<string, unknown>): Promise<DrawResult> {
  return await run<DrawResult>('generate', options);
}

export async function sha256(uri: vscode.Uri): Promise<string> {
  return createHash('sha256')
    .update(await readFile(uri.fsPath))
    .digest('hex');
}

/** The code of the error a command rejects with. */
export async function rejection(
  call: Promise<unknown>,
): Promise<{ code: string; message: string }> {
  try {
    await call;
  } catch (thrown) {
    const { code, message } = thrown as { code: string; message: string };
    return { code, message };
  }
  assert.fail('The command was expected to reject');
}

export function workspaceFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert(folder, 'No workspace folder is open');
  return folder.uri;
}

const mostAsked = 100;

/**
 * What the editor offers at a range. It ends a request when another provider registers meanwhile, as
 * that of a language does some time after its first text is open, and refuses one about a text that it
 * has not shown to its extensions yet; like the light bulb, this asks again then.
 */
export async function codeActionsAt(
  uri: vscode.Uri,
  range: vscode.Range,
): Promise<vscode.CodeAction[]> {
  for (let asked = 1; ; asked += 1)
    try {
      return await vscode.commands.executeCommand('vscode.executeCodeActionProvider', uri, range);
    } catch (thrown) {
      if (asked === mostAsked) throw thrown;
      await new Promise((go) => setTimeout(go, 100));
    }
}

/** Sets settings for one test, and puts them back. */
export async function withSettings<T>(
  section: string,
  values: Record<string, unknown>,
  work: () => Promise<T>,
  target = vscode.ConfigurationTarget.Global,
): Promise<T> {
  const configuration = () => vscode.workspace.getConfiguration(section);
  for (const [name, value] of Object.entries(values))
    await configuration().update(name, value, target);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(values)) await configuration().update(name, undefined, target);
  }
}

/** A dialog that was shown, and the answers it had. */
export interface SeenDialog {
  question: string;
  detail: string;
  answers: string[];
  isModal: boolean;
}

/** Answers every dialog with a button meanwhile; undefined closes it. @returns what was asked. */
export async function answering(
  button: string | undefined | ((answers: readonly string[]) => string | undefined),
  work: () => Promise<unknown>,
): Promise<SeenDialog[]> {
  const seen: SeenDialog[] = [];
  const { showWarningMessage } = vscode.window;
  const answer = (question: string, options: vscode.MessageOptions, ...answers: string[]) => {
    seen.push({ question, detail: options.detail ?? '', answers, isModal: options.modal === true });
    return Promise.resolve(typeof button === 'function' ? button(answers) : button);
  };
  Object.assign(vscode.window, { showWarningMessage: answer });
  try {
    await work();
  } finally {
    Object.assign(vscode.window, { showWarningMessage });
  }
  return seen;
}
