import { posix } from 'node:path';
import * as vscode from 'vscode';
import { runForUser } from '../../editor/errors/errorActions.ts';
import { fileToUse } from '../../editor/files/fileToUse.ts';
import { openImages } from '../../editor/files/openImages.ts';
import { displayPath, exists } from '../../editor/files/workspaceFiles.ts';
import type { Log } from '../../editor/log.ts';
import { readOutput } from '../../editor/settings.ts';
import type { ImageRequest } from '../../requests/imageRequest.ts';
import { sourceOf } from '../askedRequest.ts';
import type { GenerationDeps } from '../generationDeps.ts';
import type { GenerationResult } from '../generationResult.ts';
import { fillIn } from '../../editor/say/fillIn.ts';
import { inform, warn } from '../../editor/say/notifications.ts';

/**
 * Opens what was made, if `open` or else the setting says so, and nothing that the user reads or
 * writes is covered by it. One edited image stands beside its source.
 * @returns whether images are not shown that should be
 */
export async function openResult(
  { log, typing }: GenerationDeps,
  { images }: GenerationResult,
  { references }: ImageRequest,
  open: boolean | undefined,
): Promise<boolean> {
  const [only] = images;
  if (!only || !(open ?? readOutput(only.uri).openAfterSave)) return false;
  // Who types is not disturbed, not even by an editor that becomes narrower.
  if (open !== true && typing.isUnderWay()) return true;
  const uris = images.map(({ uri }) => uri);
  return !(await openImages(uris, sourceOf(references), quietOpener(log)));
}

/** The image is saved, and whoever asked gets its place: that it cannot be shown changes nothing. */
export function quietOpener(log: Log) {
  return async (uri: vscode.Uri, options: vscode.TextDocumentShowOptions = {}): Promise<void> => {
    try {
      await vscode.commands.executeCommand('vscode.open', uri, options);
    } catch (thrown) {
      log.error(`An image could not be opened: ${String(thrown)}`);
    }
  };
}

interface Offer {
  title: string;
  /** @param uris where those of the images are by now that are there; one at least */
  run: (uris: Images) => unknown;
}
type Images = readonly [vscode.Uri, ...vscode.Uri[]];

/**
 * After an image: what helps most comes first. The image of an edit takes the place of its source
 * where a text shows that; others are put into the text that they were ordered from.
 */
export async function offerNext(
  deps: GenerationDeps,
  { images }: GenerationResult,
  { references }: ImageRequest,
  isUnseen: boolean,
): Promise<void> {
  const [first] = images;
  if (!first) return;
  const { executeCommand } = vscode.commands;
  const place = deps.texts.places.of(first.jobId);
  const source = images.length === 1 ? sourceOf(references) : undefined;
  const replacing = source ? await replacementsOf(deps, source, place?.uri) : [];
  const [inText] = replacing.filter(({ isInText }) => isInText);
  const offers: Offer[] = [
    ...(inText ? replacing : []),
    { title: vscode.l10n.t('Insert'), run: (uris) => deps.texts.insert(uris, place) },
    ...(isUnseen ? [openOffer(deps)] : []),
    {
      title: vscode.l10n.t('Edit'),
      run: (uris) => executeCommand('imageStudio.edit', uris[0], [...uris]),
    },
    ...(inText ? [] : replacing),
    {
      title: vscode.l10n.t('Reveal'),
      run: ([uri]) => executeCommand('revealInExplorer', uri),
    },
  ];
  const most = replacing.length > 0 ? 4 : 3;
  offer(deps, images, inform, savedSentence(images), offers.slice(0, most));
}

/** Does not wait for an answer. The notice stays, and its files move meanwhile, or are deleted. */
function offer(
  deps: GenerationDeps,
  images: GenerationResult['images'],
  tell: typeof inform,
  message: string,
  offers: readonly Offer[],
): void {
  void tell(message, ...offers.map(({ title }) => title)).then((chosen) => {
    const { run } = offers.find(({ title }) => title === chosen) ?? {};
    if (!run) return;
    runForUser(async () => {
      const uris = await Promise.all(images.map((image) => placeNow(deps, image)));
      const areThere = await Promise.all(uris.map(exists));
      const [first, ...others] = uris.filter((_, index) => areThere[index]);
      if (first) await run([first, ...others]);
      else tellMissing(uris);
    });
  });
}

/** The list of jobs has what helps. */
function tellMissing([first]: readonly vscode.Uri[]): void {
  if (!first) return;
  const show = vscode.l10n.t('Show Jobs');
  const message = fillIn(vscode.l10n.t('The file {0} is missing.'), displayPath(first));
  void warn(message, show).then((chosen) => {
    if (chosen === show) runForUser(() => vscode.commands.executeCommand('imageStudio.showJobs'));
  });
}

function openOffer({ log }: GenerationDeps): Offer {
  return { title: vscode.l10n.t('Open'), run: (uris) => openAll(log, uris) };
}

/** After an image that a link was waiting for. Where its name was taken meanwhile, the user is told. */
export async function offerForFile(
  deps: GenerationDeps,
  { images }: GenerationResult,
  file: vscode.Uri,
): Promise<void> {
  const [first] = images;
  if (!first) return;
  const isItself = images.some(({ uri }) => uri.toString() === file.toString());
  // A user may have chosen another folder, or the provider drawn in another format.
  const isAsTold = isItself || !(await exists(file));
  const message = isAsTold
    ? savedSentence(images)
    : fillIn(
        vscode.l10n.t('{0} was taken meanwhile, and stays. The image is saved as {1}.'),
        displayPath(file),
        displayPath(first.uri),
      );
  const edit = vscode.l10n.t('Edit');
  offer(deps, [first], isAsTold ? inform : warn, message, [
    openOffer(deps),
    { title: edit, run: ([uri]) => vscode.commands.executeCommand('imageStudio.edit', uri) },
  ]);
}

/** To open was asked for, and there was no room. Does not wait for an answer. */
export function offerToOpen(deps: GenerationDeps, { images }: GenerationResult): void {
  if (images.length === 0) return;
  offer(deps, images, inform, savedSentence(images), [openOffer(deps)]);
}

function savedSentence(images: GenerationResult['images']): string {
  const [first] = images;
  if (!first) return '';
  return images.length === 1
    ? fillIn(vscode.l10n.t('Saved to {0}'), displayPath(first.uri))
    : fillIn(
        vscode.l10n.t('Saved {0} images to {1}'),
        images.length,
        displayPath(vscode.Uri.joinPath(first.uri, '..')),
      );
}

/** Where an image is by now. */
async function placeNow(
  { engine }: Pick<GenerationDeps, 'engine'>,
  { jobId, uri }: GenerationResult['images'][number],
): Promise<vscode.Uri> {
  const job = engine.get(jobId);
  return job?.state === 'saved' ? await fileToUse(job) : uri;
}

/** Lets links lead to the new image: in the text that is open, and in all of the workspace. */
async function replacementsOf(
  { texts, jobOfFile }: GenerationDeps,
  source: vscode.Uri,
  first: vscode.Uri | undefined,
): Promise<(Offer & { isInText: boolean })[]> {
  if (!vscode.workspace.getWorkspaceFolder(source)) return [];
  const job = await jobOfFile(source);
  // Texts show what was made of an original that is edited.
  const shown = job ? await fileToUse(job) : source;
  const ofShown = await texts.openTextWith(shown, first);
  const isOriginal = !ofShown && shown.toString() !== source.toString();
  const text = isOriginal ? await texts.openTextWith(source, first) : ofShown;
  const linked = isOriginal && text ? source : shown;
  const everywhere = {
    title: vscode.l10n.t('Replace Everywhere…'),
    run: ([image]: Images) => texts.replaceEverywhere(linked, image),
    isInText: false,
  };
  if (!text) return [everywhere];
  const name = posix.basename(text.uri.path);
  const inText = {
    title: fillIn(vscode.l10n.t('Replace in {0}'), name),
    run: ([image]: Images) => texts.replaceIn(text, linked, image),
    isInText: true,
  };
  return [inText, everywhere];
}

async function openAll(log: Log, uris: readonly vscode.Uri[]): Promise<void> {
  for (const uri of uris) await quietOpener(log)(uri, { preview: uris.length === 1 });
}
