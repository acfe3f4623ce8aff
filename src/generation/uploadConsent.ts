import * as vscode from 'vscode';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { displayNameOf } from './references/referenceFiles.ts';
import {
  fullSettingName,
  readKeepUploads,
  readUploadReferences,
  writeUploadReferences,
} from '../editor/settings.ts';

/**
 * Makes sure that the user wants these references copied to the provider's file service, as far as
 * they have no address yet. In Restricted Mode the user is asked whatever the setting says.
 * @throws CodedError `forbidden` when the setting says never, `cancelled` when the user says no,
 *   `badRequest` naming a file that cannot be read
 */
export async function ensureMayUpload(
  references: readonly string[],
  needsUpload: (reference: string) => Promise<boolean>,
  nameOf: (reference: string) => string = displayReference,
): Promise<void> {
  const names: string[] = [];
  for (const reference of references)
    if (await needsUpload(reference)) names.push(nameOf(reference));
  if (names.length === 0) return;
  const choice = readUploadReferences();
  if (choice === 'never') throw neverError();
  if (choice === 'always' && vscode.workspace.isTrusted) return;
  await ask(names);
}

function displayReference(reference: string): string {
  return displayNameOf(vscode.Uri.parse(reference));
}

async function ask(names: readonly string[]): Promise<void> {
  const once = vscode.l10n.t('Upload Once');
  const always = vscode.l10n.t('Always');
  const never = vscode.l10n.t('Never');
  const [first = ''] = names;
  const question =
    names.length === 1
      ? vscode.l10n.t('Upload {0} to EvoLink?', first)
      : vscode.l10n.t('Upload {0} images to EvoLink?', names.length);
  const chosen = await vscode.window.showWarningMessage(
    question,
    { modal: true, detail: whatHappens() },
    once,
    // A workspace that is not trusted gets no lasting permission.
    ...(vscode.workspace.isTrusted ? [always, never] : []),
  );
  if (chosen === always) await remember('always');
  if (chosen === never) {
    await remember('never');
    throw neverError();
  }
  if (chosen === undefined) throw new LocalizedError('cancelled', vscode.l10n.t('Cancelled.'));
}

/** An answer counts this once also where it cannot be kept, as in settings that are damaged. */
async function remember(choice: 'always' | 'never'): Promise<void> {
  try {
    await writeUploadReferences(choice);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const message = vscode.l10n.t('Your answer counts now, but could not be kept: {0}', reason);
    void vscode.window.showWarningMessage(message);
  }
}

/** Before a user agrees: who can read it, and for how long, as the settings are now. */
function whatHappens(): string {
  return readKeepUploads()
    ? vscode.l10n.t(
        "Images are copied to EvoLink's file service, where anyone with their link can read them. They stay there until EvoLink deletes them after 72 hours, because of the setting {0}.",
        fullSettingName('keepUploads'),
      )
    : vscode.l10n.t(
        "Images are copied to EvoLink's file service, where anyone with their link can read them for at most 72 hours. They are deleted there as soon as the new image is done.",
      );
}

function neverError(): LocalizedError {
  const setting = fullSettingName('uploadReferences');
  const message = vscode.l10n.t(
    'Images are not uploaded, because the setting {0} is "never".',
    setting,
  );
  return new LocalizedError('forbidden', message, setting);
}
