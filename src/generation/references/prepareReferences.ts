import * as vscode from 'vscode';
import { LocalizedError } from '../../editor/errors/localizedError.ts';
import { convertReference } from './convertReference.ts';
import { type CheckedReference, checkReference, displayNameOf } from './referenceFiles.ts';
import { ensureMayUpload } from '../uploadConsent.ts';
import type { GenerationDeps } from '../generationDeps.ts';
import { isWebUrl } from '../../evolink/webUrl.ts';

/** A reference that can be sent, and what it was made of. */
interface PreparedReference {
  /** As the user chose it. */
  given: string;
  reference: string;
  isConverted: boolean;
}

/**
 * Looks at all references before anything is asked or sent. With a user, one that cannot be
 * used may be left out. @throws CodedError `badRequest` naming the file.
 */
export async function checkReferences(
  references: readonly string[],
  model: string,
  isInteractive: boolean,
): Promise<string[]> {
  return await eachUsable(references, isInteractive, async (reference) => {
    if (!isWebUrl(reference)) await checkReference(vscode.Uri.parse(reference, true), model);
    return reference;
  });
}

/**
 * References as they can be sent: converted where they must be, and with the user's consent to
 * upload those that have no address yet.
 */
export async function prepareReferences(
  deps: GenerationDeps,
  references: readonly string[],
  model: string,
  isInteractive: boolean,
): Promise<string[]> {
  const ready = await eachUsable(references, isInteractive, (reference) =>
    prepareReference(deps, reference, model, isInteractive),
  );
  if (isInteractive) showConverted(ready.filter(({ isConverted }) => isConverted));
  const givenBy = new Map(ready.map(({ reference, given }) => [reference, given]));
  const nameOfGiven = (reference: string) => displayName(givenBy.get(reference) ?? reference);
  const sent = ready.map(({ reference }) => reference);
  await ensureMayUpload(sent, deps.needsUpload, nameOfGiven);
  return sent;
}

/** With a user, one of several that turns out to be of no use may be left out. */
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
      const isItsFault = thrown instanceof LocalizedError && thrown.code !== 'cancelled';
      if (!isInteractive || !isItsFault || references.length === 1) throw thrown;
      await askToLeaveOut(thrown);
    }
  }
  if (usable.length === 0 && references.length > 0)
    throw new LocalizedError('badRequest', vscode.l10n.t('None of the images can be used.'));
  return usable;
}

/** @throws CodedError `cancelled` when the user would rather not. */
async function askToLeaveOut(error: LocalizedError): Promise<void> {
  const goOn = vscode.l10n.t('Continue Without It');
  const chosen = await vscode.window.showWarningMessage(error.message, { modal: true }, goOn);
  if (chosen !== goOn) throw new LocalizedError('cancelled', vscode.l10n.t('Cancelled.'));
}

async function prepareReference(
  deps: GenerationDeps,
  given: string,
  model: string,
  isInteractive: boolean,
): Promise<PreparedReference> {
  if (isWebUrl(given)) return { given, reference: given, isConverted: false };
  const checked = await checkReference(vscode.Uri.parse(given, true), model);
  if (checked.needs === 'smaller') await offerScaling(checked, isInteractive);
  const uri = await convertReference(checked, deps.conversion);
  return { given, reference: uri.toString(), isConverted: checked.needs === 'png' };
}

function showConverted(converted: readonly PreparedReference[]): void {
  if (converted.length === 0) return;
  const names = converted.map(({ given }) => displayName(given));
  const message =
    names.length === 1
      ? vscode.l10n.t(
          '{0} is sent as a PNG, because EvoLink takes PNG, JPEG and WebP.',
          names.join(''),
        )
      : vscode.l10n.t(
          '{0} are sent as PNG, because EvoLink takes PNG, JPEG and WebP.',
          names.join(', '),
        );
  vscode.window.setStatusBarMessage(message, 8_000);
}

function displayName(reference: string): string {
  return displayNameOf(vscode.Uri.parse(reference));
}

/** @throws CodedError `tooLarge` where nobody can be asked, `cancelled` when the user says no. */
async function offerScaling({ uri }: CheckedReference, isInteractive: boolean): Promise<void> {
  const name = displayNameOf(uri);
  const message = vscode.l10n.t('{0} is larger than 50 MB, the most that EvoLink takes.', name);
  if (!isInteractive) throw new LocalizedError('tooLarge', message);
  const scale = vscode.l10n.t('Scale Down');
  const detail = vscode.l10n.t(
    'A copy of at most 4096 pixels a side is sent. Your file stays as it is.',
  );
  const chosen = await vscode.window.showWarningMessage(message, { modal: true, detail }, scale);
  if (chosen !== scale) throw new LocalizedError('cancelled', vscode.l10n.t('Cancelled.'));
}
