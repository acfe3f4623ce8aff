import * as vscode from 'vscode';
import { fileToEdit } from '../editor/files/fileToUse.ts';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { isWebUrl } from '../evolink/webUrl.ts';
import { parseOptions, toReference } from '../generation/askedRequest.ts';
import { generateImages } from '../generation/generateImages.ts';
import type { GenerationResult } from '../generation/generationResult.ts';
import { interactionFor } from '../generation/interaction/interactionFor.ts';
import { titleForEdit } from '../generation/prompt/promptTitle.ts';
import { maxReferenceUris, maxUriChars } from '../shared/limits.ts';
import type { CommandDeps } from './commandDeps.ts';

/** Changes images by a prompt. The result lies beside the first of them. */
export async function edit(
  deps: CommandDeps,
  resource?: unknown,
  selected?: unknown,
  given?: unknown,
): Promise<GenerationResult> {
  const options = parseOptions(given);
  // What would be paid for without a question must not be of another image than the one meant.
  if (options.prompt !== undefined) checkImages(resource, selected);
  const images = imagesOf(resource, selected);
  if (options.prompt === undefined && isAtCursor(resource)) images.push(...(await linked(deps)));
  const best = await Promise.all(images.map((image) => bestOf(deps, image)));
  const asked = { options, images: best, title: titleForEdit };
  return await generateImages(deps, asked, interactionFor(deps, options));
}

/** Our key binding says so: whoever presses it in a link to an image means that image. */
function isAtCursor(resource: unknown): boolean {
  return (
    typeof resource === 'object' &&
    resource !== null &&
    'atCursor' in resource &&
    resource.atCursor === true
  );
}

async function linked({ imageAtCursor }: CommandDeps): Promise<string[]> {
  const image = await imageAtCursor();
  return image ? [toReference(image)] : [];
}

/** @throws AppError `badRequest` when something was given that is no image. */
function checkImages(resource: unknown, selected: unknown): void {
  const given = [resource, ...(Array.isArray(selected) ? (selected as unknown[]) : [selected])];
  if (given.some((each) => !(each === undefined || each === null || isImage(each))))
    throw new LocalizedError(
      'badRequest',
      vscode.l10n.t('Only images by their Uri can be edited.'),
    );
}

/** A web address may come as text: a Uri does not keep how a signature in it was written. */
function isImage(given: unknown): given is vscode.Uri | string {
  return (
    given instanceof vscode.Uri ||
    (typeof given === 'string' && given.length <= maxUriChars && isWebUrl(given))
  );
}

/** What was made of an image has fewer pixels, or less of each, than the original. */
async function bestOf({ jobOfFile }: CommandDeps, image: string): Promise<string> {
  if (isWebUrl(image)) return image;
  const file = vscode.Uri.parse(image, true);
  const job = await jobOfFile(file);
  return job ? (await fileToEdit(file, job)).toString() : image;
}

/** What was selected, in its order; else the one clicked. */
function imagesOf(resource: unknown, selected: unknown): string[] {
  const many = Array.isArray(selected) ? selected.filter(isImage) : [];
  // One more than any model takes is refused as too many.
  const images = (many.length > 0 ? many : [resource].filter(isImage)).slice(0, maxReferenceUris);
  return images.map(toReference);
}
