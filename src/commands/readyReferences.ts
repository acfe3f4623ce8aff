import * as vscode from 'vscode';
import { CodedError } from '../editor/codedError.ts';
import { convertReference } from '../editor/convertReference.ts';
import { type CheckedReference, checkReference, nameOf } from '../editor/referenceFiles.ts';
import { ensureUploadConsent } from '../editor/uploadConsent.ts';
import type { CommandDeps } from './commandDeps.ts';

/** A reference that was looked at: a web address, or a file and what has to be done to it. */
type Checked = string | CheckedReference;

/**
 * Looks at all references before anything is asked or sent. With a person, one that cannot be
 * used may be left out. @throws CodedError `badRequest` naming the file.
 */
export async function checkReferences(
  references: readonly string[],
  model: string,
  isInteractive: boolean,
): Promise<string[]> {
  const usable: string[] = [];
  for (const reference of references) {
    try {
      await check(reference, model);
      usable.push(reference);
    } catch (thrown) {
      if (!isInteractive || !(thrown instanceof CodedError)) throw thrown;
      if (references.length === 1 || !(await mayLeaveOut(thrown))) throw thrown;
    }
  }
  if (usable.length === 0 && references.length > 0)
    throw new CodedError('badRequest', vscode.l10n.t('None of the images can be used.'));
  return usable;
}

async function check(reference: string, model: string): Promise<Checked> {
  if (isWebAddress(reference)) return reference;
  return await checkReference(vscode.Uri.parse(reference, true), model);
}

async function mayLeaveOut(error: CodedError): Promise<boolean> {
  const goOn = vscode.l10n.t('Continue Without It');
  const chosen = await vscode.window.showWarningMessage(error.message, { modal: true }, goOn);
  if (chosen === goOn) return true;
  throw new CodedError('cancelled', vscode.l10n.t('Cancelled.'));
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
  const ready: string[] = [];
  const converted: string[] = [];
  for (const reference of references) {
    const checked = await check(reference, model);
    ready.push(
      typeof checked === 'string' ? checked : await makeReady(deps, checked, isInteractive),
    );
    if (typeof checked !== 'string' && checked.needs === 'png') converted.push(nameOf(checked.uri));
  }
  if (isInteractive && converted.length > 0) tellConverted(converted);
  const needUpload: string[] = [];
  for (const [index, reference] of ready.entries())
    if (await deps.needsUpload(reference))
      needUpload.push(nameOf(vscode.Uri.parse(references[index] ?? reference)));
  await ensureUploadConsent(needUpload);
  return ready;
}

async function makeReady(
  deps: CommandDeps,
  checked: CheckedReference,
  isInteractive: boolean,
): Promise<string> {
  if (checked.needs === 'smaller') await offerScaling(nameOf(checked.uri), isInteractive);
  return (await convertReference(checked, deps.conversion)).toString();
}

function tellConverted(names: readonly string[]): void {
  const [first = ''] = names;
  const words =
    names.length === 1
      ? vscode.l10n.t('{0} is sent as a PNG, because EvoLink takes PNG, JPEG and WebP.', first)
      : vscode.l10n.t(
          '{0} are sent as PNG, because EvoLink takes PNG, JPEG and WebP.',
          names.join(', '),
        );
  vscode.window.setStatusBarMessage(words, 8_000);
}

async function offerScaling(name: string, isInteractive: boolean): Promise<void> {
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
