import * as vscode from 'vscode';
import {
  creditsPauseMessage,
  errorMessage,
  storeTroubleMessage,
} from '../editor/errors/messages.ts';
import { actionsFor, helpAction } from '../editor/errors/errorActions.ts';
import { type Help, helpFor } from '../editor/errors/helpFor.ts';
import { matterOf, troubleBesidePause } from '../editor/jobUi/connectionTrouble.ts';
import { countHeld } from '../editor/jobUi/goOn.ts';
import { holdMessage } from '../editor/jobUi/jobNotices.ts';
import type { JobError } from '../jobs/job.ts';
import type { Notice } from '../shared/studio/state.ts';
import type { StudioDeps } from './studioDeps.ts';
import { fillIn, nested } from '../editor/say/fillIn.ts';

/**
 * Notices about the whole queue, about a key that cannot be used, and about the destination when no
 * folder is open.
 */
export function noticesOf(
  engine: StudioDeps['engine'],
  hasNoFolder: boolean,
  keyProblem?: string,
): Notice[] {
  const notices: Notice[] = [];
  const pause = pauseNotice(engine);
  if (pause) notices.push(pause);
  const hold = heldNotice(engine);
  if (hold) notices.push(hold);
  const trouble = troubleBesidePause(engine, pause !== undefined);
  if (keyProblem !== undefined && pause?.kind !== 'key' && trouble?.code !== 'noKey')
    notices.push({
      kind: 'key',
      sentence: keyProblem,
      actions: [{ action: 'setKey', label: vscode.l10n.t('Set API Key') }],
    });
  const storeTrouble = engine.storeTrouble();
  if (storeTrouble)
    notices.push({
      kind: 'trouble',
      sentence: storeTroubleMessage(storeTrouble),
      actions: [{ action: 'showLog', label: vscode.l10n.t('Show Log') }],
    });
  if (trouble) notices.push(troubleNotice(engine, trouble));
  if (hasNoFolder)
    notices.push({
      kind: 'noWorkspace',
      sentence: vscode.l10n.t('No folder is open. Open one, or choose where images are saved.'),
      actions: [{ action: 'openFolder', label: vscode.l10n.t('Open Folder') }],
    });
  return notices;
}

/** What is wrong with images under way, which go on by themselves. The first button helps. */
function troubleNotice(engine: StudioDeps['engine'], error: JobError): Notice {
  const waiting = countHeld(engine);
  const sentence = nested(errorMessage(error));
  return {
    kind: matterOf(error) === 'key' ? 'key' : 'trouble',
    sentence:
      waiting === 0
        ? errorMessage(error)
        : fillIn(
            vscode.l10n.t('{0} Waiting images: {1}. They go on by themselves.'),
            sentence,
            waiting,
          ),
    actions: helpFor(error).flatMap((help) => noticeButton(help, error)),
  };
}

/** The button of a notice, for what the page can ask for. */
function noticeButton(help: Help, error: JobError): Notice['actions'] {
  switch (help) {
    case 'setKey':
    case 'topUp':
    case 'checkConnection':
    case 'proxySettings':
    case 'certificateSettings':
    case 'showLog':
    case 'openFolder':
      return [{ action: help, label: helpAction(help, error).title }];
    default:
      return [];
  }
}

/** The first model whose jobs wait; the next one's turn comes when it is decided. */
function heldNotice(engine: StudioDeps['engine']): Notice | undefined {
  const found = firstHeld(engine);
  if (!found) return undefined;
  return {
    kind: 'model',
    sentence: holdMessage(found.model, found.error, found.waiting),
    actions: [
      { action: 'otherModel', label: vscode.l10n.t('Use Another Model…') },
      { action: 'tryModel', label: vscode.l10n.t('Try Again') },
      { action: 'cancelModel', label: vscode.l10n.t('Cancel') },
    ],
  };
}

/** The model that a notice is about. */
export function firstHeld(
  engine: StudioDeps['engine'],
): { model: string; error: JobError; waiting: number } | undefined {
  const held = Object.entries(engine.heldModels());
  if (held.length === 0) return undefined;
  const queued = engine.listUnfinished().filter(({ state }) => state === 'queued');
  for (const [model, error] of held) {
    const waiting = queued.filter((job) => job.model === model).length;
    if (waiting > 0) return { model, error, waiting };
  }
  return undefined;
}

function pauseNotice(engine: StudioDeps['engine']): Notice | undefined {
  const pause = engine.pause();
  const waiting = engine.countQueued();
  if (!pause || waiting === 0) return undefined;
  const continueAction = { action: 'continueQueue', label: vscode.l10n.t('Continue') } as const;
  const checkAction = {
    action: 'checkConnection',
    label: vscode.l10n.t('Check Connection'),
  } as const;
  const cancelAction = { action: 'cancelQueue', label: vscode.l10n.t('Cancel All') } as const;
  switch (pause.reason) {
    case 'credits':
      return {
        kind: 'credits',
        sentence: creditsPauseMessage(pause.error, waiting),
        actions: [
          {
            action: 'topUp',
            label: actionsFor({ ...pause.error, code: 'credits' })[0]?.title ?? '',
          },
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
          ...networkButtons(pause.error),
          { action: 'continueQueue', label: vscode.l10n.t('Try Now') },
          ...(isPlain(pause.error) ? [checkAction] : []),
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

/** A proxy or a certificate has to be mended; else trying now helps most. */
function networkButtons(error: JobError | undefined): Notice['actions'] {
  const [help] = error && !isPlain(error) ? helpFor(error) : [];
  return error && help ? noticeButton(help, error) : [];
}

function isPlain(error: JobError | undefined): boolean {
  return error?.proxy === undefined && error?.isUntrusted === undefined;
}
