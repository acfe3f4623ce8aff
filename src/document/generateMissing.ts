import { posix } from 'node:path';
import * as vscode from 'vscode';
import { reportFailures, runForUser } from '../editor/errors/errorActions.ts';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { displayPath, exists } from '../editor/files/workspaceFiles.ts';
import { fillIn, nested } from '../editor/say/fillIn.ts';
import { inform } from '../editor/say/notifications.ts';
import type { TextPlace } from '../editor/files/textPlaces.ts';
import type { Job } from '../jobs/job.ts';
import type { AskedRequest } from '../generation/askedRequest.ts';
import { generateEach } from '../generation/generateEach.ts';
import { generateImages } from '../generation/generateImages.ts';
import type { GenerationDeps } from '../generation/generationDeps.ts';
import { emptyResult, type GenerationResult } from '../generation/generationResult.ts';
import { directInteraction } from '../generation/interaction/directInteraction.ts';
import { offerQuestion } from '../generation/interaction/offerQuestion.ts';
import { userInteraction } from '../generation/interaction/userInteraction.ts';
import { chooseMissing, maxOffered } from './chooseMissing.ts';
import type { MissingImage, RefusedLink } from './missing.ts';
import { shapeFor } from './shapeFor.ts';
import { cellsWith, textsOf } from './textFiles.ts';

/** The link that a quick fix was offered for. */
interface LinkAsked {
  position: vscode.Position;
  /** Whether the words are edited first. */
  asks: boolean;
  /** The Uri of the file that the fix named: the text may be another by now. */
  file?: string;
}

/**
 * The command: generates the images that are missing where a document's links lead, or those of a
 * notebook, after a user has chosen among them and seen their cost; or the one of a link that is given
 * by its position. The words and the files are those of the document, whoever calls.
 */
export async function generateMissing(
  deps: GenerationDeps,
  given?: unknown,
  which?: unknown,
): Promise<GenerationResult> {
  const link = parseLink(which);
  const uri = parseUri(given);
  return await reportFailures(async () => {
    const document = await documentOf(deps, uri);
    if (!document) {
      void inform(vscode.l10n.t('Open a document first; the images of its links are generated.'));
      return emptyResult();
    }
    return link ? await generateOne(deps, document, link) : await generateAll(deps, document);
  }, emptyResult());
}

function parseUri(given: unknown): vscode.Uri | undefined {
  if (given === undefined || given === null || given instanceof vscode.Uri)
    return given ?? undefined;
  throw new LocalizedError('badRequest', vscode.l10n.t('A document is given by its Uri.'));
}

/** What menus add besides the document is no position. */
function parseLink(which: unknown): LinkAsked | undefined {
  if (typeof which !== 'object' || which === null || !('at' in which)) return undefined;
  const { line, character } = (which.at ?? {}) as { line?: unknown; character?: unknown };
  if (!Number.isSafeInteger(line) || !Number.isSafeInteger(character))
    throw new LocalizedError('badRequest', vscode.l10n.t('A link is given by its position.'));
  const position = new vscode.Position(
    Math.max(0, line as number),
    Math.max(0, character as number),
  );
  const file = 'file' in which && typeof which.file === 'string' ? which.file : undefined;
  return {
    position,
    asks: 'asks' in which && which.asks === true,
    ...(file !== undefined && { file }),
  };
}

/** For a notebook one of its cells. */
async function documentOf(
  { workplace }: GenerationDeps,
  given: vscode.Uri | undefined,
): Promise<vscode.TextDocument | undefined> {
  const inFront = vscode.window.activeTextEditor?.document;
  if (!given && inFront) return inFront;
  // Its preview, the Studio or an image may be in front, and a cell may be shown as a page.
  const uri = given ?? workplace.now().document;
  if (!uri) return undefined;
  try {
    const [first] = await textsOf(uri);
    return first;
  } catch (thrown) {
    const message = fillIn(vscode.l10n.t('{0} cannot be read as a text.'), displayPath(uri));
    throw new LocalizedError('badRequest', message, undefined, thrown);
  }
}

async function generateOne(
  deps: GenerationDeps,
  document: vscode.TextDocument,
  { position, asks, file }: LinkAsked,
): Promise<GenerationResult> {
  const { missingFor, maxAltChars } = await import('./imageLinks.ts');
  const offset = document.offsetAt(position);
  const image = await whileWaiting((token) => missingFor(document, offset, file, token));
  if (!image) {
    void inform(await nothingMissingHere(file));
    return emptyResult();
  }
  if (isAwaited(deps, image.file)) {
    tellAwaited([image]);
    return emptyResult();
  }
  const isSaid = image.alt !== '' && image.alt.length <= maxAltChars;
  return await atLinks(deps, [image], async ([textPlace]) => {
    const asked = await toRequest(image, textPlace, asks || !isSaid ? undefined : image.alt);
    const isSeen = asked.options.prompt === undefined;
    return await generateImages(
      deps,
      asked,
      isSeen ? userInteraction(deps) : directInteraction(deps),
    );
  });
}

async function nothingMissingHere(file: string | undefined): Promise<string> {
  const uri = file === undefined ? undefined : uriOf(file);
  // Whoever calls may name any file; nobody is told whether one outside is there.
  const isMissing = uri && vscode.workspace.getWorkspaceFolder(uri) && !(await exists(uri));
  return isMissing === true
    ? fillIn(vscode.l10n.t('No link of the text leads to {0} any more.'), displayPath(uri))
    : vscode.l10n.t('No image is missing here any more.');
}

function uriOf(text: string): vscode.Uri | undefined {
  try {
    return vscode.Uri.parse(text, true);
  } catch {
    return undefined;
  }
}

async function generateAll(
  deps: GenerationDeps,
  document: vscode.TextDocument,
): Promise<GenerationResult> {
  const { missingIn } = await import('./imageLinks.ts');
  const found = await whileWaiting((token) => missingIn(cellsWith(document), token));
  const missing = found.missing.filter(({ file }) => !isAwaited(deps, file));
  if (missing.length === 0) {
    if (found.missing.length > 0) tellAwaited(found.missing);
    else void inform(nothingMissing(document, found));
    return emptyResult();
  }
  const offered = missing.slice(0, maxOffered);
  return await atLinks(deps, offered, async (textPlaces) => {
    // The list comes after a search, when the user may have gone on typing.
    if (deps.typing.isUnderWay() && !(await offerQuestion())) return emptyResult();
    const answer = await chooseMissing(
      deps,
      await Promise.all(
        offered.map(async (image, n) => ({
          image,
          asked: await toRequest(image, textPlaces[n], undefined),
        })),
      ),
      { name: posix.basename(document.uri.path), refused: found.refused.length },
    );
    // While the list was open, a quick fix or another program may have been quicker.
    const chosen: AskedRequest[] = [];
    for (const request of answer) {
      const { file } = request;
      if (!file || !(isAwaited(deps, file) || (await exists(file)))) chosen.push(request);
    }
    if (chosen.length === 0) return emptyResult();
    const result = await generateEach(deps, chosen, userInteraction(deps));
    if (result.images.length > 0) tellSaved(result);
    return result;
  });
}

/** The lines of the links say how far their images are, however much is typed while questions wait. */
async function atLinks<T>(
  { texts: { places } }: GenerationDeps,
  images: readonly MissingImage[],
  work: (textPlaces: readonly TextPlace[]) => Promise<T>,
): Promise<T> {
  const textPlaces = images.map(({ document, offset }) => places.at(document, offset));
  try {
    return await work(textPlaces);
  } finally {
    for (const each of textPlaces) places.release(each);
  }
}

async function toRequest(
  image: MissingImage,
  textPlace: TextPlace | undefined,
  prompt: string | undefined,
): Promise<AskedRequest> {
  const shape = await shapeFor(image);
  const title = fillIn(vscode.l10n.t("Generate '{0}'"), posix.basename(image.file.path));
  return {
    options: { open: false, ...(prompt !== undefined && { prompt }) },
    suggestedPrompt: image.alt === '' ? image.suggestion : image.alt,
    file: image.file,
    ...(textPlace && { textPlace }),
    ...(shape && { shape }),
    title: () => title,
  };
}

/** A job for the very file is under way, or paid and not saved: another would be paid anew. */
function isAwaited({ engine }: GenerationDeps, file: vscode.Uri): boolean {
  return engine.listOpen().some((job) => fileOf(job) === file.toString());
}

function fileOf({ destination }: Job): string | undefined {
  const { folderUri, name, isExactName, extension } = destination;
  if (!isExactName || extension === undefined) return undefined;
  return vscode.Uri.joinPath(vscode.Uri.parse(folderUri, true), `${name}.${extension}`).toString();
}

function tellAwaited([first]: readonly MissingImage[]): void {
  const name = first ? displayPath(first.file) : '';
  const message = fillIn(vscode.l10n.t('{0} is being generated, or paid and not saved yet.'), name);
  const show = vscode.l10n.t('Show Jobs');
  void inform(message, show).then((chosen) => {
    if (chosen === show) runForUser(() => vscode.commands.executeCommand('imageStudio.showJobs'));
  });
}

function tellSaved({ images, failures }: GenerationResult): void {
  const saved =
    images.length === 1
      ? vscode.l10n.t('1 missing image was generated.')
      : fillIn(vscode.l10n.t('{0} missing images were generated.'), images.length);
  const others = fillIn(vscode.l10n.t('{0} were not; "Show Jobs" tells why.'), failures.length);
  void inform(failures.length === 0 ? saved : `${saved} ${others}`);
}

function nothingMissing(
  document: vscode.TextDocument,
  { refused: [first], isUnread }: { refused: readonly RefusedLink[]; isUnread: boolean },
): string {
  const name = posix.basename(document.uri.path);
  if (isUnread)
    return fillIn(vscode.l10n.t('{0} is too long to be searched for missing images.'), name);
  if (!first)
    return fillIn(vscode.l10n.t('No link of {0} leads to an image that is missing.'), name);
  return fillIn(
    vscode.l10n.t('None of the images that are missing in {0} can be generated. {1}'),
    name,
    nested(whyRefused(first)),
  );
}

function whyRefused({ target, reason }: RefusedLink): string {
  switch (reason) {
    case 'noExtension':
      return fillIn(vscode.l10n.t('{0} has no extension that names a format.'), target);
    case 'formatNotDrawn':
      return fillIn(vscode.l10n.t('No model draws in the format of {0}.'), target);
    case 'outsideWorkspace':
      return fillIn(vscode.l10n.t('{0} is outside the workspace.'), target);
    case 'nameTooLong':
      return fillIn(vscode.l10n.t('The name of {0} is too long for a file.'), target);
    case 'startUnknown':
      return fillIn(
        vscode.l10n.t('No main document with \\documentclass says where {0} starts from.'),
        target,
      );
    case 'variable':
    case 'elsewhere':
    case 'noFolder':
      return fillIn(vscode.l10n.t('{0} does not lead to a file of the workspace.'), target);
  }
}

/** Nobody cancels what takes a moment. */
async function whileWaiting<T>(work: (token: vscode.CancellationToken) => Promise<T>): Promise<T> {
  const source = new vscode.CancellationTokenSource();
  try {
    return await work(source.token);
  } finally {
    source.dispose();
  }
}
