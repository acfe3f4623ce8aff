import * as vscode from 'vscode';
import { errorMessage, storeTroubleMessage } from '../editor/errors/messages.ts';
import { toJobError } from '../jobs/jobError.ts';
import type { Notice } from '../shared/studioProtocol.ts';
import type { StudioDeps } from './studioDeps.ts';
import { fillIn, nested } from '../editor/say/fillIn.ts';

/** Notices about the whole queue, and about the destination when no folder is open. */
export function noticesOf(engine: StudioDeps['engine'], hasNoFolder: boolean): Notice[] {
  const notices: Notice[] = [];
  const pause = pauseNotice(engine);
  if (pause) notices.push(pause);
  const storeTrouble = engine.storeTrouble();
  if (storeTrouble)
    notices.push({
      kind: 'trouble',
      sentence: storeTroubleMessage(storeTrouble),
      actions: [{ action: 'showLog', label: vscode.l10n.t('Show Log') }],
    });
  const trouble = engine.trouble();
  if (trouble)
    notices.push({
      kind: 'trouble',
      sentence: errorMessage(toJobError(trouble)),
      actions: [
        { action: 'checkConnection', label: vscode.l10n.t('Check Connection') },
        { action: 'showLog', label: vscode.l10n.t('Show Log') },
      ],
    });
  if (hasNoFolder)
    notices.push({
      kind: 'noWorkspace',
      sentence: vscode.l10n.t('No folder is open. Open one, or choose where images are saved.'),
      actions: [{ action: 'openFolder', label: vscode.l10n.t('Open Folder') }],
    });
  return notices;
}

function pauseNotice(engine: StudioDeps['engine']): Notice | undefined {
  const pause = engine.pause();
  const waiting = engine.countQueued();
  if (!pause || waiting === 0) return undefined;
  const continueAction = { action: 'continueQueue', label: vscode.l10n.t('Continue') } as const;
  const cancelAction = { action: 'cancelQueue', label: vscode.l10n.t('Cancel All') } as const;
  switch (pause.reason) {
    case 'credits':
      return {
        kind: 'credits',
        sentence: fillIn(
          vscode.l10n.t(
            'Your EvoLink account is out of credits. Waiting images: {0}. They cost nothing until they are submitted.',
          ),
          waiting,
        ),
        actions: [
          { action: 'topUp', label: vscode.l10n.t('Top Up') },
          continueAction,
          cancelAction,
        ],
      };
    case 'key':
      return {
        kind: 'key',
        sentence: fillIn(
          vscode.l10n.t('{0} Waiting images: {1}. They go on by themselves when the key is right.'),
          nested(errorMessage(pause.error ?? { code: 'noKey', message: '' })),
          waiting,
        ),
        actions: [
          { action: 'setKey', label: vscode.l10n.t('Set API Key') },
          continueAction,
          cancelAction,
        ],
      };
    case 'network':
      return {
        kind: 'network',
        sentence: fillIn(
          vscode.l10n.t('{0} Waiting images: {1}. They go on by themselves.'),
          nested(errorMessage(pause.error ?? { code: 'network', message: '' })),
          waiting,
        ),
        actions: [
          { action: 'continueQueue', label: vscode.l10n.t('Try Now') },
          { action: 'checkConnection', label: vscode.l10n.t('Check Connection') },
          cancelAction,
        ],
      };
    case 'rateLimited': {
      const { untilMs } = pause;
      return {
        kind: 'rateLimited',
        // The page counts down.
        sentence: vscode.l10n.t('EvoLink asks to wait.'),
        ...(untilMs !== undefined && { untilMs }),
        actions: [cancelAction],
      };
    }
    case 'person':
      return {
        kind: 'paused',
        sentence: fillIn(vscode.l10n.t('The queue is paused. Waiting images: {0}.'), waiting),
        actions: [continueAction, cancelAction],
      };
  }
}
