import * as vscode from 'vscode';
import { CodedError } from '../editor/codedError.ts';
import { type Place, placeBeside } from '../editor/destination.ts';
import { toldToPerson } from '../editor/errorActions.ts';
import { nameOf } from '../editor/referenceFiles.ts';
import { findModel } from '../evolink/models.ts';
import { chooseImages } from './chooseImages.ts';
import type { CommandDeps } from './commandDeps.ts';
import {
  checkRequest,
  defaultsFor,
  type ImageRequest,
  parseOptions,
  type RequestOptions,
  requirePlace,
} from './imageRequest.ts';
import { askForPrompt } from './promptInput.ts';
import { checkReferences, isWebAddress } from './readyReferences.ts';
import { type DrawResult, runRequest } from './runRequest.ts';

const nothing: DrawResult = { images: [], failures: [] };

/** Changes images by words. The result lies beside the first of them. */
export async function edit(
  deps: CommandDeps,
  resource?: unknown,
  selected?: unknown,
  given?: unknown,
): Promise<DrawResult> {
  const options = parseOptions(given);
  // What would be paid for without a question must not be of another image than the one meant.
  if (options.prompt !== undefined) checkImages(resource, selected);
  const images = imagesOf(resource, selected).map((uri) => uri.toString());
  if (options.prompt !== undefined)
    return await editSilently(deps, images, options, options.prompt);
  return await toldToPerson(() => editWithPerson(deps, images, options), nothing);
}

async function editSilently(
  deps: CommandDeps,
  images: readonly string[],
  options: RequestOptions,
  prompt: string,
): Promise<DrawResult> {
  if (images.length === 0)
    throw new CodedError('badRequest', vscode.l10n.t('No image was given to be edited.'));
  const request = requestFor(images, options, prompt);
  checkRequest(request, options);
  const place = await placeFor(images, options, false);
  const { open } = options;
  return await runRequest(deps, { ...request, place }, { isInteractive: false, open });
}

async function editWithPerson(
  deps: CommandDeps,
  given: readonly string[],
  options: RequestOptions,
): Promise<DrawResult> {
  const { model } = defaultsFor(options, sourceOf(given));
  const maxImages = findModel(model)?.maxReferences ?? 1;
  const chosen = given.length > 0 ? given : await chooseImages(deps, maxImages);
  if (chosen.length === 0) return nothing;
  checkRequest(requestFor(chosen, options, 'any'), options);
  const images = await checkReferences(chosen, model, true);
  const request = requestFor(images, options, options.draft ?? '');
  const answer = await askForPrompt(deps.memento, request, options, titleFor(images));
  if (!answer) return nothing;
  const place = await placeFor(images, options, true);
  const { open } = options;
  return await runRequest(deps, { ...request, ...answer, place }, { isInteractive: true, open });
}

function titleFor(images: readonly string[]): string {
  const names = images.map((image) => nameOf(vscode.Uri.parse(image)));
  // Prompts speak of "image 1", so the order is shown.
  return names.length === 1
    ? vscode.l10n.t('Edit {0}', names.join(''))
    : vscode.l10n.t(
        'Edit {0}',
        names.map((name, index) => `${String(index + 1)} ${name}`).join(', '),
      );
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

/** @throws CodedError `badRequest` when something else than a Uri was given. */
function checkImages(resource: unknown, selected: unknown): void {
  const given = [resource, ...(Array.isArray(selected) ? (selected as unknown[]) : [selected])];
  if (given.some((uri) => !(uri === undefined || uri === null || uri instanceof vscode.Uri)))
    throw new CodedError('badRequest', vscode.l10n.t('Only images by their Uri can be edited.'));
}

/** What was selected, in its order; else the one clicked; else the image in front. */
function imagesOf(resource: unknown, selected: unknown): vscode.Uri[] {
  const many = Array.isArray(selected) ? selected.filter((uri) => uri instanceof vscode.Uri) : [];
  if (many.length > 0) return many;
  if (resource instanceof vscode.Uri) return [resource];
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom ? [input.uri] : [];
}

/** Beside the first image that is a file of a person's; what came from elsewhere has no place. */
async function placeFor(
  images: readonly string[],
  options: RequestOptions,
  mayAsk: boolean,
): Promise<Place> {
  const source = options.output ? undefined : sourceOf(images);
  return (source && placeBeside(source)) ?? (await requirePlace(options, mayAsk));
}

/** The first image when it is a file: its folder's settings count, and the result lies beside it. */
function sourceOf([first]: readonly string[]): vscode.Uri | undefined {
  return first === undefined || isWebAddress(first) ? undefined : vscode.Uri.parse(first);
}
