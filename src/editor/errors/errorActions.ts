import * as vscode from 'vscode';
import { AppError, type ErrorCode } from '../../appError.ts';
import { TransitionError } from '../../jobs/transition.ts';
import { toJobError } from '../../jobs/jobError.ts';
import {
  isBusy,
  isStoreError,
  NewerStoreError,
  FileAwaitedError,
  NoJobError,
  OwnedElsewhereError,
} from '../../jobs/store/storeErrors.ts';
import { type ErrorFacts, type Help, helpFor } from './helpFor.ts';
import { LocalizedError } from './localizedError.ts';
import type { CommandId } from '../contributions.ts';
import { openTopUpPage } from '../openTopUpPage.ts';
import { RequestError } from '../../requests/requestError.ts';
import { fullSettingName, openSetting } from '../settings.ts';
import {
  errorMessage,
  requestMessage,
  storeTroubleMessage,
  storeUnopenedMessage,
} from './messages.ts';
import { fillIn, nested } from '../say/fillIn.ts';
import { tellError } from '../say/notifications.ts';

/** A button of an error: what it says, and what it does. */
export interface ErrorAction {
  title: string;
  run: () => unknown;
}

/** A button that runs a command of ours. */
export function commandAction(title: string, id: CommandId): ErrorAction {
  return { title, run: () => vscode.commands.executeCommand(id) };
}

/** The buttons that help with a failure, whatever it happened to. The most useful one first. */
export function actionsFor(error: ErrorFacts): ErrorAction[] {
  return helpFor(error).map((help) => helpAction(help, error));
}

/** The button of one kind of help. */
export function helpAction(help: Help, { setting, topUpUrl }: Partial<ErrorFacts>): ErrorAction {
  switch (help) {
    case 'setKey':
      return commandAction(vscode.l10n.t('Set API Key'), 'imageStudio.setApiKey');
    case 'topUp':
      return topUpAction(topUpUrl);
    case 'openSite':
      return topUpAction(topUpUrl, vscode.l10n.t('Open EvoLink'));
    case 'chooseModel':
      return settingAction(vscode.l10n.t('Choose Another Model'), fullSettingName('model'));
    case 'checkConnection':
      return commandAction(vscode.l10n.t('Check Connection'), 'imageStudio.checkConnection');
    case 'proxySettings':
      return settingAction(vscode.l10n.t('Proxy Settings'), 'http.proxy');
    case 'certificateSettings':
      return settingAction(vscode.l10n.t('Certificate Settings'), 'http.systemCertificates');
    case 'openSetting':
      return settingAction(vscode.l10n.t('Open Settings'), setting ?? '');
    case 'uploadSettings':
      return settingAction(vscode.l10n.t('Open Settings'), fullSettingName('uploadReferences'));
    case 'openFolder':
      return {
        title: vscode.l10n.t('Open Folder'),
        run: () => vscode.commands.executeCommand('workbench.action.files.openFolder'),
      };
    case 'showJobs':
      return commandAction(vscode.l10n.t('Show Jobs'), 'imageStudio.showJobs');
    case 'showLog':
      return commandAction(vscode.l10n.t('Show Log'), 'imageStudio.showLog');
  }
}

function settingAction(title: string, setting: string): ErrorAction {
  return { title, run: () => openSetting(setting) };
}

function topUpAction(topUpUrl: string | undefined, title = vscode.l10n.t('Top Up')): ErrorAction {
  return {
    title,
    run: () => openTopUpPage(topUpUrl),
  };
}

/** Shows an error with its buttons. Does not wait for them. */
export function showError(sentence: string, actions: readonly ErrorAction[]): void {
  const titles = actions.map((action) => action.title);
  void tellError(sentence, ...titles).then((chosen) => {
    const action = actions.find(({ title }) => title === chosen);
    if (action) runForUser(action.run);
  });
}

/** Does what a user clicked. Nobody waits for it, so a failure is told here. */
export function runForUser(run: () => unknown): void {
  void (async () => {
    try {
      await run();
    } catch (thrown) {
      showFailure(thrown);
    }
  })();
}

/** A command that a user runs tells its failures itself, with the buttons that help. */
export async function reportFailures<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!isForeseen(thrown)) throw thrown;
    showFailure(thrown);
    return otherwise;
  }
}

/** Whether a failure may happen. All others are faults of ours, logged where all commands are run. */
export function isForeseen(thrown: unknown): boolean {
  return (
    thrown instanceof AppError ||
    thrown instanceof TransitionError ||
    thrown instanceof OwnedElsewhereError ||
    thrown instanceof FileAwaitedError ||
    isStoreError(thrown)
  );
}

/** What was cancelled is silent. */
export function showFailure(thrown: unknown): void {
  const error = toLocalizedError(thrown);
  if (error.code !== 'cancelled') showError(error.message, actionsFor(toJobError(error)));
}

/** A wait that we end ourselves looks like a cancelled one, and that would be silent. */
export async function withinLimit<T>(
  limitMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    return await work(limit);
  } catch (thrown) {
    if (!limit.aborted) throw thrown;
    const message = vscode.l10n.t('The server did not answer in time');
    throw new AppError('timeout', message, {}, thrown);
  }
}

/** What was clicked is no longer to be done. */
export function movedOn(cause?: unknown): LocalizedError {
  const message = vscode.l10n.t(
    'This image has moved on meanwhile. "Show Jobs" tells where it stands.',
  );
  return new LocalizedError('conflict', message, undefined, cause);
}

/** It would be paid for twice. */
function fileAwaited(cause: FileAwaitedError): LocalizedError {
  const message = vscode.l10n.t(
    'The image of this file is being generated, or paid and not saved yet. "Show Jobs" has it; nothing more was requested.',
  );
  return new LocalizedError('conflict', message, undefined, cause);
}

/** Any failure as callers and people are told it: a code of the contract, and a sentence. */
export function toLocalizedError(thrown: unknown): LocalizedError {
  if (thrown instanceof LocalizedError) return thrown;
  const localized = (code: ErrorCode, message: string) =>
    new LocalizedError(code, message, undefined, thrown);
  if (thrown instanceof RequestError) {
    const { problem } = thrown;
    const setting = 'setting' in problem ? fullSettingName(problem.setting) : undefined;
    return new LocalizedError(thrown.code, requestMessage(problem), setting, thrown);
  }
  if (thrown instanceof AppError) return localized(thrown.code, errorMessage(toJobError(thrown)));
  if (thrown instanceof TransitionError || thrown instanceof NoJobError) return movedOn(thrown);
  if (thrown instanceof FileAwaitedError) return fileAwaited(thrown);
  if (thrown instanceof OwnedElsewhereError)
    return localized('conflict', vscode.l10n.t('Another window works on this image just now.'));
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  if (isStoreError(thrown)) return localized('writeFailed', storeMessage(thrown));
  return localized(
    'internal',
    fillIn(vscode.l10n.t('Image Studio could not do this: {0}'), reason),
  );
}

/**
 * Why Image Studio cannot start: without its folder and the list of images in it, what is paid could
 * not be written down.
 */
export function toStartError(thrown: unknown, folder: string): LocalizedError {
  const message = fillIn(
    vscode.l10n.t('Image Studio could not start: {0}'),
    nested(startReason(thrown, folder)),
  );
  return new LocalizedError('writeFailed', message, undefined, thrown);
}

function startReason(thrown: unknown, folder: string): string {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  if (isBusy(thrown) || thrown instanceof NewerStoreError) return storeMessage(thrown as Error);
  const isSystems = typeof (thrown as { syscall?: unknown } | undefined)?.syscall === 'string';
  return isSystems || isStoreError(thrown) ? storeUnopenedMessage(folder, reason) : reason;
}

/** Why the list of images cannot be used, and what to do. */
function storeMessage(error: Error): string {
  if (error instanceof NewerStoreError) return storeTroubleMessage('newer');
  if (isBusy(error))
    return vscode.l10n.t(
      'The list of images is locked by another program, such as a backup, or lies on a drive that cannot lock files. Nothing was changed. Try again in a moment.',
    );
  return fillIn(vscode.l10n.t('The list of images cannot be used now: {0}'), error.message);
}
