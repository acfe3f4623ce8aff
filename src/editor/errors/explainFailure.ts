import * as vscode from 'vscode';
import type { ErrorCode } from '../../appError.ts';
import { type FailedJob, isRecoverable, type UnconfirmedJob } from '../../jobs/job.ts';
import { fillIn } from '../say/fillIn.ts';
import { wholeLine } from '../say/plainLine.ts';
import { failureMessage } from './messages.ts';

/**
 * What there is to know of a failure besides its sentence, one paragraph each: whether it has cost
 * anything, what was tried, what to do, and its codes.
 */
export function explainFailure(job: FailedJob | UnconfirmedJob): string[] {
  return [costOf(job), ...triedOf(job), ...adviceFor(job), ...restOf(job), codesOf(job)];
}

/** What was said of the failure, as far as its sentence leaves it out. */
function restOf(job: FailedJob | UnconfirmedJob): string[] {
  const words = wholeLine(job.error.message);
  return words === '' || failureMessage(job).includes(words) ? [] : [words];
}

function costOf(job: FailedJob | UnconfirmedJob): string {
  if (job.state === 'unconfirmed')
    return vscode.l10n.t('It may have been paid: EvoLink did not answer.');
  if (isRecoverable(job))
    return vscode.l10n.t(
      'It is paid, and nothing is lost: EvoLink keeps an image for 24 hours, and what has arrived stays on this machine.',
    );
  if (job.taskId !== undefined)
    return vscode.l10n.t('EvoLink gives back the credits of an image that fails.');
  return vscode.l10n.t('It has cost nothing: EvoLink has not accepted it.');
}

/** What was done before it was given up. */
function triedOf({ state, error }: FailedJob | UnconfirmedJob): string[] {
  if (state === 'unconfirmed')
    return [
      vscode.l10n.t(
        'It was sent twice with the same key, by which EvoLink knows it for one request. It is not sent again by itself.',
      ),
    ];
  if (error.code === 'badImage')
    return [vscode.l10n.t('It was fetched several times, and arrived broken each time.')];
  return [];
}

function adviceFor(job: FailedJob | UnconfirmedJob): string[] {
  const advice = adviceOf(job.error.code, isRecoverable(job));
  return advice === undefined ? [] : [advice];
}

function adviceOf(code: ErrorCode, isPaid: boolean): string | undefined {
  switch (code) {
    case 'noKey':
    case 'auth':
    case 'forbidden':
      return vscode.l10n.t('Set an API key that may draw with this model, then try again.');
    case 'credits':
      return vscode.l10n.t('Buy credits at EvoLink, then try again.');
    case 'moderated':
      return vscode.l10n.t(
        'The same words are refused again. Change the prompt, or the reference images.',
      );
    case 'badRequest':
    case 'tooLarge':
      return vscode.l10n.t('The same request is refused again. Change what it asks for.');
    case 'modelGone':
      return vscode.l10n.t('Choose another model.');
    case 'rateLimited':
    case 'server':
    case 'timeout':
      return isPaid
        ? vscode.l10n.t('Recover it, which costs nothing.')
        : vscode.l10n.t('Try again in a moment; this passes mostly by itself.');
    case 'network':
      return vscode.l10n.t('Check the connection, then try again.');
    case 'unconfirmed':
      return vscode.l10n.t(
        '"Look It Up" finds out without paying whether EvoLink has it. Submit it again only if it has not.',
      );
    case 'writeFailed':
      return vscode.l10n.t(
        'Choose another folder with "Save As…", or make this one writable and try again.',
      );
    case 'badImage':
    case 'notFound':
      return isPaid
        ? vscode.l10n.t('Recover it, which costs nothing. If that does not help, make it again.')
        : vscode.l10n.t('Try again.');
    case 'noWorkspace':
      return vscode.l10n.t('Open a folder, or choose one with "Save As…".');
    case 'conflict':
    case 'internal':
      return vscode.l10n.t('The log has more. Try again; if that does not help, report it.');
    case 'cancelled':
      return undefined;
  }
}

/** To be named to whoever is asked for help. */
function codesOf({ error }: FailedJob | UnconfirmedJob): string {
  const { code, providerCode } = error;
  return providerCode === undefined
    ? fillIn(vscode.l10n.t('Code: {0}'), code)
    : fillIn(vscode.l10n.t('Code: {0}, at EvoLink {1}'), code, providerCode);
}
