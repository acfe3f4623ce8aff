import * as vscode from 'vscode';
import { cancelled } from '../appError.ts';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import {
  fullSettingName,
  readKeepUploads,
  readUploadReferences,
  writeUploadReferences,
} from '../editor/settings.ts';
import {
  type ConsentAnswer,
  decideConsent,
  offeredAnswers,
  uploadsAmong,
} from '../requests/uploadConsent.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { ask, warn } from '../editor/say/notifications.ts';

/**
 * Makes sure that these references may be copied to the provider's file service, as far as they
 * have no address yet. In Restricted Mode the user is asked whatever the setting says.
 * @param ask returns when the user agrees to these uploads, and throws otherwise.
 * @throws AppError `forbidden` when the setting says never, `badRequest` naming a file that cannot
 *   be read, and what `ask` throws
 */
export async function ensureMayUpload(
  references: readonly string[],
  needsUpload: (reference: string) => Promise<boolean>,
  ask: (uploads: readonly string[]) => Promise<void>,
): Promise<void> {
  const uploads = await uploadsAmong(references, needsUpload);
  const decision = decideConsent(uploads, readUploadReferences(), vscode.workspace.isTrusted);
  if (decision === 'refused') throw neverError();
  if (decision === 'ask') await ask(uploads);
}

/**
 * Asks whether files of these names may be uploaded, and keeps a lasting answer.
 * @throws AppError `forbidden` or `cancelled` when they may not
 */
export async function askForConsent(names: readonly string[]): Promise<void> {
  const [first = ''] = names;
  const question =
    names.length === 1
      ? fillIn(vscode.l10n.t('Upload {0} to EvoLink?'), first)
      : fillIn(vscode.l10n.t('Upload {0} images to EvoLink?'), names.length);
  const answers = offeredAnswers(vscode.workspace.isTrusted);
  const chosen = await ask(question, answers.map(answerTitle), uploadDetail());
  const answer = answers.find((each) => answerTitle(each) === chosen);
  if (!answer) throw cancelled();
  if (answer !== 'once') await remember(answer);
  if (answer === 'never') throw neverError();
}

function answerTitle(answer: ConsentAnswer): string {
  switch (answer) {
    case 'once':
      return vscode.l10n.t('Upload Once');
    case 'always':
      return vscode.l10n.t('Always');
    case 'never':
      return vscode.l10n.t('Never');
  }
}

/** An answer counts this once also where it cannot be kept, as in settings that are damaged. */
async function remember(choice: 'always' | 'never'): Promise<void> {
  try {
    await writeUploadReferences(choice);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const message = fillIn(
      vscode.l10n.t('Your answer counts now, but could not be kept: {0}'),
      reason,
    );
    void warn(message);
  }
}

/** Before a user agrees: who can read it, and for how long, as the settings are now. */
function uploadDetail(): string {
  return readKeepUploads()
    ? fillIn(
        vscode.l10n.t(
          "Images are copied to EvoLink's file service, where anyone with their link can read them. They stay there until EvoLink deletes them after 72 hours, because of the setting {0}.",
        ),
        fullSettingName('keepUploads'),
      )
    : vscode.l10n.t(
        "Images are copied to EvoLink's file service, where anyone with their link can read them for at most 72 hours. They are deleted there as soon as the new image is done.",
      );
}

function neverError(): LocalizedError {
  const setting = fullSettingName('uploadReferences');
  const message = fillIn(
    vscode.l10n.t('Images are not uploaded, because the setting {0} is "never".'),
    setting,
  );
  return new LocalizedError('forbidden', message, setting);
}
