import * as vscode from 'vscode';
import { cancelled } from '../appError.ts';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import {
  fullSettingName,
  readUploadReferences,
  writeUploadReferences,
} from '../editor/settings.ts';
import { isWebUrl } from '../evolink/webUrl.ts';
import {
  type ConsentAnswer,
  decideConsent,
  offeredAnswers,
  type SentImage,
} from '../requests/uploadConsent.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { ask, warn } from '../editor/say/notifications.ts';
import { consentDetail, consentQuestion } from './consentText.ts';
import type { Interaction } from './interaction/interaction.ts';
import { describeSent, type SentReference } from './references/describeSent.ts';

/**
 * Makes sure that these references may be sent: files are copied to the provider's file service, as
 * far as they have no address yet. In Restricted Mode the user is asked whatever the setting says.
 * @throws AppError `forbidden` when the setting says never, `badRequest` naming a file that cannot
 *   be read, and what the interaction throws for a user who does not agree
 */
export async function ensureMaySend(
  references: readonly SentReference[],
  needsUpload: (reference: string) => Promise<boolean>,
  { mustConfirm, consentToSend }: Pick<Interaction, 'mustConfirm' | 'consentToSend'>,
): Promise<void> {
  const images: SentImage[] = [];
  for (const each of references)
    if (isWebUrl(each.given) || (await needsUpload(each.reference)))
      images.push(await describeSent(each));
  const { isTrusted } = vscode.workspace;
  const decision = decideConsent(images, readUploadReferences(), isTrusted, mustConfirm);
  if (decision === 'refused') throw neverError();
  if (decision === 'ask')
    await consentToSend(images.filter((image) => image.kind === 'file' || mustConfirm(image)));
}

/**
 * Asks whether these images may be sent, and keeps a lasting answer.
 * @param isAlwaysAsked whether an answer for later would not be heeded
 * @throws AppError `forbidden` or `cancelled` when they may not
 */
export async function askForConsent(
  images: readonly SentImage[],
  isAlwaysAsked = false,
): Promise<void> {
  const answers = offeredAnswers(vscode.workspace.isTrusted, isAlwaysAsked);
  const titles = answers.map(answerTitle);
  const chosen = await ask(consentQuestion(images), titles, ...consentDetail(images));
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

function neverError(): LocalizedError {
  const setting = fullSettingName('uploadReferences');
  const message = fillIn(
    vscode.l10n.t('Images are not uploaded, because the setting {0} is "never".'),
    setting,
  );
  return new LocalizedError('forbidden', message, setting);
}
