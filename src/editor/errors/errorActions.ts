import * as vscode from 'vscode';
import { AppError, type ErrorCode } from '../../appError.ts';
import { TransitionError } from '../../jobs/job.ts';
import { toJobError } from '../../jobs/jobError.ts';
import {
  isBusy,
  isStoreError,
  NewerStoreError,
  NoJobError,
  OwnedElsewhereError,
} from '../../jobs/store/storeErrors.ts';
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

export interface ErrorFacts {
  code: ErrorCode;
  proxy?: string;
  topUpUrl?: string;
  /** The provider's own. */
  providerCode?: string;
  /** The setting to mend. */
  setting?: string;
}

/** A button that runs a command of ours. */
export function commandAction(title: string, id: CommandId): ErrorAction {
  return { title, run: () => vscode.commands.executeCommand(id) };
}

/** The buttons that help with a failure, whatever it happened to. The most useful one first. */
export function actionsFor(error: ErrorFacts): ErrorAction[] {
  const { setting } = error;
  if (setting !== undefined)
    return [{ title: vscode.l10n.t('Open Settings'), run: () => openSetting(setting) }];
  const setKey = commandAction(vscode.l10n.t('Set API Key'), 'imageStudio.setApiKey');
  const showLog = commandAction(vscode.l10n.t('Show Log'), 'imageStudio.showLog');
  switch (error.code) {
    case 'noKey':
    case 'auth':
    case 'forbidden':
      return [setKey, showLog];
    case 'credits':
      return error.providerCode !== undefined && ofKey.has(error.providerCode)
        ? [setKey, topUpAction(error.topUpUrl, vscode.l10n.t('Open EvoLink'))]
        : [topUpAction(error.topUpUrl), setKey];
    case 'modelGone':
      return [
        {
          title: vscode.l10n.t('Choose Another Model'),
          run: () => openSetting(fullSettingName('model')),
        },
        showLog,
      ];
    case 'network':
      return error.proxy === undefined
        ? [commandAction(vscode.l10n.t('Check Connection'), 'imageStudio.checkConnection'), showLog]
        : [
            { title: vscode.l10n.t('Proxy Settings'), run: () => openSetting('http.proxy') },
            showLog,
          ];
    case 'noWorkspace':
      return [
        {
          title: vscode.l10n.t('Open Folder'),
          run: () => vscode.commands.executeCommand('workbench.action.files.openFolder'),
        },
      ];
    case 'cancelled':
      return [];
    case 'conflict':
      return [commandAction(vscode.l10n.t('Show Jobs'), 'imageStudio.showJobs'), showLog];
    case 'notFound':
    case 'tooLarge':
    case 'rateLimited':
    case 'moderated':
    case 'badRequest':
    case 'server':
    case 'timeout':
    case 'unconfirmed':
    case 'badImage':
    case 'writeFailed':
    case 'internal':
      return [showLog];
  }
}

/** Limits of a key, which more credits of the account do not lift. */
const ofKey: ReadonlySet<string> = new Set([
  'insufficient_token_quota',
  'token_daily_quota_exceeded',
]);

export function topUpAction(
  topUpUrl: string | undefined,
  title = vscode.l10n.t('Top Up'),
): ErrorAction {
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
