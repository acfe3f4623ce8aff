import { lstat } from 'node:fs/promises';
import { Disposable, Uri, workspace } from 'vscode';
import { hasExtension, imageExtensions } from '../images/imageExtensions.ts';
import { imageGlob } from '../images/imageGlob.ts';
import { createPlaceFinder, type Cancellation } from './findPlace.ts';
import type { LinkBase } from './linkBase.ts';
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
  return await firstFile(link, placesOf(link, base), cancellation);
}

export async function isThere(uri: Uri): Promise<boolean> {
  return (await lookAt(uri)) === 'there';
}

/** Whether a file is surely not there: one that cannot be looked at just now may be. */
export async function isNowhere(uri: Uri): Promise<boolean> {
  return (await lookAt(uri)) === 'nowhere';
}

const nowhereCodes: ReadonlySet<unknown> = new Set([
  ...['ENOENT', 'ENOTDIR'],
  ...['FileNotFound', 'FileNotADirectory'],
]);

/** A link to a file that is gone is there too: its name is taken. */
async function lookAt(uri: Uri): Promise<'there' | 'nowhere' | 'unknown'> {
  try {
    // The editor looks at the same disk, after it asked its window: that takes longer than all else.
    await (uri.scheme === 'file' ? lstat(uri.fsPath) : workspace.fs.stat(uri));
    return 'there';
  } catch (thrown) {
    const { code } = (thrown ?? {}) as { code?: unknown };
    return nowhereCodes.has(code) ? 'nowhere' : 'unknown';
  }
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
