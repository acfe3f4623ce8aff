import * as vscode from 'vscode';
import { CodedError } from '../../editor/errors/localizedError.ts';
import { convertReference } from './convertReference.ts';
import { type CheckedReference, checkReference, spokenNameOf } from './referenceFiles.ts';
import { ensureMayUpload } from '../uploadConsent.ts';
import type { CommandDeps } from '../../commands/commandDeps.ts';

/** A reference that can be sent, and what it was made of. */
interface Ready {
  /** As the person chose it. */
  given: string;
  reference: string;
  isConverted: boolean;
}

/**
 * Looks at all references before anything is asked or sent. With a person, one that cannot be
 * used may be left out. @throws CodedError `badRequest` naming the file.
 */
export async function checkReferences(
  references: readonly string[],
  model: string,
  isInteractive: boolean,
): Promise<string[]> {
  return await eachUsable(references, isInteractive, async (reference) => {
    if (!isWebAddress(reference)) await checkReference(vscode.Uri.parse(reference, true), model);
    return reference;
  });
}

/**
 * References as they can be sent: converted where they must be, and with the person's consent to
 * upload those that have no address yet.
 */
export async function readyReferences(
  deps: CommandDeps,
  references: readonly string[],
  model: string,
  isInteractive: boolean,
): Promise<string[]> {
  const ready = await eachUsable(references, isInteractive, (reference) =>
    makeReady(deps, reference, model, isInteractive),
  );
  if (isInteractive) tellConverted(ready.filter(({ isConverted }) => isConverted));
  const givenBy = new Map(ready.map(({ reference, given }) => [reference, given]));
  const nameOfGiven = (reference: string) => spokenName(givenBy.get(reference) ?? reference);
  const sent = ready.map(({ reference }) => reference);
  await ensureMayUpload(sent, deps.needsUpload, nameOfGiven);
  return sent;
}

/** With a person, one of several that turns out to be of no use may be left out. */
async function eachUsable<T>(
  references: readonly string[],
  isInteractive: boolean,
  use: (reference: string) => Promise<T>,
): Promise<T[]> {
  const usable: T[] = [];
  for (const reference of references) {
    try {
      usable.push(await use(reference));
    } catch (thrown) {
      const isItsFault = thrown instanceof CodedError && thrown.code !== 'cancelled';
      if (!isInteractive || !isItsFault || references.length === 1) throw thrown;
      await askToLeaveOut(thrown);
    }
  }
  if (usable.length === 0 && references.length > 0)
    throw new CodedError('badRequest', vscode.l10n.t('None of the images can be used.'));
  return usable;
}

/** @throws CodedError `cancelled` when the person would rather not. */
async function askToLeaveOut(error: CodedError): Promise<void> {
  const goOn = vscode.l10n.t('Continue Without It');
  const chosen = await vscode.window.showWarningMessage(error.message, { modal: true }, goOn);
  if (chosen !== goOn) throw new CodedError('cancelled', vscode.l10n.t('Cancelled.'));
}

async function makeReady(
  deps: CommandDeps,
  given: string,
  model: string,
  isInteractive: boolean,
): Promise<Ready> {
  if (isWebAddress(given)) return { given, reference: given, isConverted: false };
  const checked = await checkReference(vscode.Uri.parse(given, true), model);
  if (checked.needs === 'smaller') await offerScaling(checked, isInteractive);
  const uri = await convertReference(checked, deps.conversion);
  return { given, reference: uri.toString(), isConverted: checked.needs === 'png' };
}

function tellConverted(converted: readonly Ready[]): void {
  if (converted.length === 0) return;
  const names = converted.map(({ given }) => spokenName(given));
  const words =
    names.length === 1
      ? vscode.l10n.t(
          '{0} is sent as a PNG, because EvoLink takes PNG, JPEG and WebP.',
          names.join(''),
        )
      : vscode.l10n.t(
          '{0} are sent as PNG, because EvoLink takes PNG, JPEG and WebP.',
          names.join(', '),
        );
  vscode.window.setStatusBarMessage(words, 8_000);
}

function spokenName(reference: string): string {
  return spokenNameOf(vscode.Uri.parse(reference));
}

/** @throws CodedError `tooLarge` where nobody can be asked, `cancelled` when the person says no. */
async function offerScaling({ uri }: CheckedReference, isInteractive: boolean): Promise<void> {
  const name = spokenNameOf(uri);
  const words = vscode.l10n.t('{0} is larger than 50 MB, the most that EvoLink takes.', name);
  if (!isInteractive) throw new CodedError('tooLarge', words);
  const scale = vscode.l10n.t('Scale Down');
  const detail = vscode.l10n.t(
    'A copy of at most 4096 pixels a side is sent. Your file stays as it is.',
  );
  const chosen = await vscode.window.showWarningMessage(words, { modal: true, detail }, scale);
  if (chosen !== scale) throw new CodedError('cancelled', vscode.l10n.t('Cancelled.'));
}

export function isWebAddress(reference: string): boolean {
  return /^https?:\/\//i.test(reference);
}
