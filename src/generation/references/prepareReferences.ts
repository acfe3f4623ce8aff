import * as vscode from 'vscode';
import { LocalizedError } from '../../editor/errors/localizedError.ts';
import { isWebUrl } from '../../evolink/webUrl.ts';
import type { ImageRequest } from '../../requests/imageRequest.ts';
import type { SentType } from '../../requests/uploadConsent.ts';
import type { GenerationDeps } from '../generationDeps.ts';
import type { Interaction } from '../interaction/interaction.ts';
import { ensureMaySend } from '../uploadConsent.ts';
import { convertReference } from './convertReference.ts';
import {
  type CheckedReference,
  checkReference,
  displayNameOf,
  sentTypeOf,
} from './referenceFiles.ts';
import { fillIn } from '../../editor/say/fillIn.ts';

/** A reference that can be sent, and what it was made of. */
interface PreparedReference {
  /** As the user chose it. */
  given: string;
  reference: string;
  type?: SentType;
  isConverted: boolean;
}

/**
 * Looks at all references before anything is asked or sent.
 * @returns those that can be used. @throws AppError naming the file that cannot.
 */
export async function inspectReferences(
  { references, model }: ImageRequest,
  interaction: Pick<Interaction, 'leaveOut'>,
): Promise<string[]> {
  return await eachUsable(references, interaction, async (reference) => {
    if (!isWebUrl(reference)) await checkReference(vscode.Uri.parse(reference, true), model);
    return reference;
  });
}

/**
 * The references as they can be sent: inspected, converted where they must be, and with the user's
 * consent to upload those that have no address yet. @throws AppError naming the file
 */
export async function prepareReferences(
  deps: GenerationDeps,
  { references, model }: ImageRequest,
  interaction: Interaction,
): Promise<string[]> {
  const prepared = await eachUsable(references, interaction, (reference) =>
    prepareReference(deps, reference, model, interaction),
  );
  const converted = prepared.filter(({ isConverted }) => isConverted);
  if (converted.length > 0)
    interaction.notifyConverted(converted.map(({ given }) => displayName(given)));
  await ensureMaySend(prepared, deps.needsUpload, interaction);
  return prepared.map(({ reference }) => reference);
}

/** One of several that turns out to be of no use may be left out. */
async function eachUsable<T>(
  references: readonly string[],
  interaction: Pick<Interaction, 'leaveOut'>,
  use: (reference: string) => Promise<T>,
): Promise<T[]> {
  const usable: T[] = [];
  for (const reference of references) {
    try {
      usable.push(await use(reference));
    } catch (thrown) {
      const isItsFault = thrown instanceof LocalizedError && thrown.code !== 'cancelled';
      if (!isItsFault || references.length === 1) throw thrown;
      await interaction.leaveOut(thrown);
    }
  }
  if (usable.length === 0 && references.length > 0)
    throw new LocalizedError('badRequest', vscode.l10n.t('None of the images can be used.'));
  return usable;
}

async function prepareReference(
  { conversion }: GenerationDeps,
  given: string,
  model: string,
  interaction: Interaction,
): Promise<PreparedReference> {
  if (isWebUrl(given)) return { given, reference: given, isConverted: false };
  const checked = await checkReference(vscode.Uri.parse(given, true), model);
  if (checked.needs === 'smaller') await interaction.scaleDown(tooLarge(checked, model));
  const uri = await convertReference(checked, conversion);
  const isConverted = checked.needs === 'png';
  const type = isConverted ? 'png' : sentTypeOf(checked.type);
  return { given, reference: uri.toString(), type, isConverted };
}

/** By the limit of the model that it exceeds, in bytes or in pixels. */
function tooLarge(checked: CheckedReference, model: string): LocalizedError {
  const { uri, width, height, sizeBytes, maxBytes } = checked;
  const name = displayNameOf(uri);
  const message =
    sizeBytes > maxBytes
      ? fillIn(
          vscode.l10n.t('{0} is larger than {1} MB, the most that EvoLink takes.'),
          name,
          Math.floor(maxBytes / 1024 / 1024),
        )
      : fillIn(
          vscode.l10n.t('{0} has {1} × {2} pixels, more than {3} takes.'),
          name,
          width,
          height,
          model,
        );
  return new LocalizedError('tooLarge', message);
}

function displayName(reference: string): string {
  return displayNameOf(vscode.Uri.parse(reference));
}
