import { Disposable, Uri, workspace } from 'vscode';
import { hasExtension, imageExtensions } from '../images/imageExtensions.ts';
import { imageGlob } from '../images/imageGlob.ts';
import { createPlaceFinder, type Cancellation } from './findPlace.ts';
import { isThere } from './isThere.ts';
import { baseFor, type LinkBase } from './linkBase.ts';
import { fileNameGlob, pathsOfLink, webAddressOfLink } from './linkTargets.ts';
import type { FoundLink } from './linkText.ts';

/** Takes the address without parsing it: that would undo its escapes and break a signature. */
export function addressOf({ target, isImage }: FoundLink): Uri | undefined {
  const address = webAddressOfLink(target);
  return address && (isImage || hasExtension(address.path, imageExtensions))
    ? Uri.from(address)
    : undefined;
}

/** The file of a link: the first place where there is one, else the first of the places. */
export async function fileOfLink(
  link: FoundLink,
  base: LinkBase,
  cancellation: Cancellation,
): Promise<Uri | undefined> {
  return await fileFrom(link, await baseFor(link, base), cancellation);
}

/** The same from a place that needs no more to be known of its project. */
export async function fileFrom(
  link: FoundLink,
  base: LinkBase,
  cancellation: Cancellation,
): Promise<Uri | undefined> {
  const places = placesOf(link, base);
  const [first] = places;
  if (!first || (places.length === 1 && !link.isAnywhere)) return first;
  return (await firstFile(link, places, cancellation)) ?? first;
}

/** The file of a link, where there is one. */
export async function existingFileOf(
  link: FoundLink,
  base: LinkBase,
  cancellation: Cancellation,
): Promise<Uri | undefined> {
  return await firstFile(link, placesOf(link, await baseFor(link, base)), cancellation);
}

/**
 * What LaTeX takes besides images that the editor shows, for a name without an extension: a drawing that is
 * there is not missing.
 */
const drawings = ['pdf', 'eps', 'svg', 'ps', 'mps', 'PDF', 'PNG', 'JPG', 'JPEG'];

/** Whether anything is there that a link may mean. */
export async function isTargetThere(
  link: FoundLink,
  base: LinkBase,
  cancellation: Cancellation,
): Promise<boolean> {
  if (await existingFileOf(link, base, cancellation)) return true;
  if (!link.extensions) return false;
  const others = pathsOfLink({ ...link, extensions: drawings }, await baseFor(link, base));
  return (await findPlace(others.map(base.at), undefined, cancellation)) !== undefined;
}

const findPlace = createPlaceFinder<Uri>({ isFile: isThere, nowMs: () => performance.now() });

/** Looks again for the files of links when images come or go. */
export function watchImages(): Disposable {
  const watcher = workspace.createFileSystemWatcher(imageGlob, false, true, false);
  return Disposable.from(
    watcher,
    watcher.onDidCreate(findPlace.forget),
    watcher.onDidDelete(findPlace.forget),
    workspace.onDidChangeWorkspaceFolders(findPlace.forget),
  );
}

function placesOf(link: FoundLink, base: LinkBase): Uri[] {
  return pathsOfLink(link, base)
    .filter((path) => hasExtension(path, imageExtensions))
    .map(base.at);
}

async function firstFile(
  { target, isAnywhere }: FoundLink,
  places: readonly Uri[],
  cancellation: Cancellation,
): Promise<Uri | undefined> {
  const elsewhere = { text: target, find: () => anywhere(target) };
  return await findPlace(places, isAnywhere ? elsewhere : undefined, cancellation);
}

/** A note names an image that lies in any folder. */
async function anywhere(target: string): Promise<Uri | undefined> {
  const glob = fileNameGlob(target);
  return glob === undefined ? undefined : (await workspace.findFiles(glob, undefined, 1))[0];
}
