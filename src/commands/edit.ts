import * as vscode from 'vscode';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { isInside, type OutputLocation, locationBeside } from '../generation/destination.ts';
import { reportFailures } from '../editor/errors/errorActions.ts';
import { findModel } from '../evolink/models.ts';
import { promptAndGenerate } from '../generation/promptAndGenerate.ts';
import { chooseImages } from '../generation/prompt/chooseImages.ts';
import type { CommandDeps } from './commandDeps.ts';
import {
  checkRequest,
  defaultsFor,
  type ImageRequest,
  parseOptions,
  referenceOf,
  toReference,
  type RequestOptions,
  requireLocation,
} from '../generation/imageRequest.ts';
import { titleForEdit } from '../generation/prompt/promptTitle.ts';
import { isWebUrl } from '../evolink/webUrl.ts';
import { type GenerationResult, runRequest } from '../generation/runRequest.ts';

const nothing: GenerationResult = { images: [], failures: [] };

/** Changes images by words. The result lies beside the first of them. */
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
  if (options.prompt !== undefined)
    return await editSilently(deps, images, options, options.prompt);
  return await reportFailures(() => editWithPrompt(deps, images, options), nothing);
}

async function editSilently(
  deps: CommandDeps,
  images: readonly string[],
  options: RequestOptions,
  prompt: string,
): Promise<GenerationResult> {
  if (images.length === 0)
    throw new LocalizedError('badRequest', vscode.l10n.t('No image was given to be edited.'));
  const request = requestFor(images, options, prompt);
  checkRequest(request, options);
  const place = await locationFor(deps, images, options, false);
  const { open } = options;
  return await runRequest(deps, { ...request, place }, { isInteractive: false, open });
}

async function editWithPrompt(
  deps: CommandDeps,
  given: readonly string[],
  options: RequestOptions,
): Promise<GenerationResult> {
  const images = given.length > 0 ? given : await askForImages(deps, options);
  if (images.length === 0) return nothing;
  return await promptAndGenerate(deps, {
    draft: requestFor(images, options, ''),
    given: options,
    title: titleForEdit,
    place: (references) => locationFor(deps, references, options, true),
    open: options.open,
  });
}

/** From the palette: the image in front is meant, unless the user says another. */
async function askForImages(deps: CommandDeps, options: RequestOptions): Promise<string[]> {
  const front = imageInFront();
  const maxImages = findModel(defaultsFor(options, front).model)?.maxReferences ?? 1;
  const title = vscode.l10n.t('Edit Image');
  return await chooseImages(deps.conversion, maxImages, title, front ? [referenceOf(front)] : []);
}

function requestFor(
  images: readonly string[],
  options: RequestOptions,
  prompt: string,
): Omit<ImageRequest, 'place'> {
  return {
    ...defaultsFor(options, sourceOf(images)),
    prompt,
    count: options.count ?? 1,
    references: images,
  };
}

/** @throws CodedError `badRequest` when something was given that is no image. */
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
  return given instanceof vscode.Uri || (typeof given === 'string' && isWebUrl(given));
}

/** What was selected, in its order; else the one clicked. */
function imagesOf(resource: unknown, selected: unknown): string[] {
  const many = Array.isArray(selected) ? selected.filter(isImage) : [];
  return (many.length > 0 ? many : [resource].filter(isImage)).map(toReference);
}

/** What the editor's own image preview shows. */
function imageInFront(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const isPreview =
    input instanceof vscode.TabInputCustom && input.viewType === 'imagePreview.previewEditor';
  return isPreview ? input.uri : undefined;
}

/** Beside the first image that is a file of a user's; what came from elsewhere has no place. */
async function locationFor(
  { conversion }: CommandDeps,
  images: readonly string[],
  options: RequestOptions,
  mayAsk: boolean,
): Promise<OutputLocation> {
  const source = options.output ? undefined : sourceOf(images);
  // A pasted image lies in a folder of ours, where nobody would look for the result.
  const isOurs = source && isInside(source, vscode.Uri.file(conversion.folder));
  const beside = source && !isOurs ? locationBeside(source) : undefined;
  return beside ?? (await requireLocation(options, mayAsk));
}

/** The first image when it is a file: its folder's settings count, and the result lies beside it. */
function sourceOf([first]: readonly string[]): vscode.Uri | undefined {
  return first === undefined || isWebUrl(first) ? undefined : vscode.Uri.parse(first);
}
