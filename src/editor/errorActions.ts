import * as vscode from 'vscode';
import type { ErrorCode } from '../evolink/errors.ts';
import { type CommandId, providerUrl } from './contributions.ts';
import { openSetting } from './settings.ts';

/** A button of an error: what it says, and what it does. */
export interface ErrorAction {
  title: string;
  run: () => unknown;
}

export interface ErrorFacts {
  code: ErrorCode;
  proxy?: string;
  topUpUrl?: string;
  /** The setting to mend. */
  setting?: string;
}

function command(title: string, id: CommandId): ErrorAction {
  return { title, run: () => vscode.commands.executeCommand(id) };
}

/** The buttons that help with a failure, whatever it happened to. The most useful one first. */
export function actionsFor(error: ErrorFacts): ErrorAction[] {
  const { setting } = error;
  if (setting !== undefined)
    return [{ title: vscode.l10n.t('Open Settings'), run: () => openSetting(setting) }];
  const setKey = command(vscode.l10n.t('Set API Key'), 'imageStudio.setApiKey');
  const showLog = command(vscode.l10n.t('Show Log'), 'imageStudio.showLog');
  switch (error.code) {
    case 'noKey':
    case 'auth':
    case 'forbidden':
      return [setKey, showLog];
    case 'credits':
      return [topUpAction(error.topUpUrl), setKey];
    case 'network':
      return error.proxy === undefined
        ? [command(vscode.l10n.t('Check Connection'), 'imageStudio.checkConnection'), showLog]
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
    case 'notFound':
    case 'conflict':
    case 'tooLarge':
    case 'rateLimited':
    case 'moderated':
    case 'badRequest':
    case 'server':
    case 'timeout':
    case 'unconfirmed':
    case 'badImage':
    case 'writeFailed':
      return [showLog];
  }
}

export function topUpAction(topUpUrl: string | undefined): ErrorAction {
  return {
    title: vscode.l10n.t('Top Up'),
    run: () => vscode.env.openExternal(vscode.Uri.parse(topUpUrl ?? providerUrl)),
  };
}

/** Shows an error with its buttons. Does not wait for them. */
export function showError(sentence: string, actions: readonly ErrorAction[]): void {
  const titles = actions.map((action) => action.title);
  void vscode.window.showErrorMessage(sentence, ...titles).then((chosen) => {
    void actions.find((action) => action.title === chosen)?.run();
  });
}
