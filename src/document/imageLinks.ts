import {
  Range,
  Uri,
  workspace,
  type CancellationToken,
  type Position,
  type TextDocument,
} from 'vscode';
import { fileOf } from '../editor/files/documentFile.ts';
import { hasExtension, imageExtensions } from '../images/imageExtensions.ts';
import { createPlaceFinder } from './findPlace.ts';
import { charsToRead, imageLinkAt } from './linkAt.ts';
import { fileNameGlob, pathsOfLink, webAddressOfLink } from './linkTargets.ts';
import type { FoundLink } from './linkText.ts';
import { languageOfText } from './textLanguage.ts';

/** The image that the link at a position leads to: its file, or its address on the web. */
export async function linkedImageAt(
  document: TextDocument,
  position: Position,
  token: CancellationToken,
): Promise<Uri | undefined> {
  const language = languageOfText(document);
  if (language === undefined) return undefined;
  const { text, offset } = textAround(document, position, charsToRead(language));
  const link = imageLinkAt(text, offset, language);
  return link && (await imageOfLink(document, link, token));
}

/** The image that a link of a document leads to. */
export async function imageOfLink(
  document: TextDocument,
  link: FoundLink,
  token: CancellationToken,
): Promise<Uri | undefined> {
  return onWeb(link) ?? (await inFolder(link, fileOf(document), token));
}

/** A document may have millions of characters; all of them are too many at each move of the cursor. */
function textAround(
  document: TextDocument,
  cursor: Position,
  maxChars: number,
): { text: string; offset: number } {
  const at = document.offsetAt(cursor);
  const begin = document.positionAt(at - maxChars / 2);
  const text = document.getText(new Range(begin, document.positionAt(at + maxChars / 2)));
  return { text, offset: at - document.offsetAt(begin) };
}

/** Takes the address without parsing it: that would undo its escapes and break a signature. */
function onWeb({ target, isImage }: FoundLink): Uri | undefined {
  const address = webAddressOfLink(target);
  return address && (isImage || hasExtension(address.path, imageExtensions))
    ? Uri.from(address)
    : undefined;
}

/** The file of a link: the first place where there is one, else the first of the places. */
async function inFolder(
  link: FoundLink,
  from: Uri | undefined,
  token: CancellationToken,
): Promise<Uri | undefined> {
  const folder = from ? workspace.getWorkspaceFolder(from) : workspace.workspaceFolders?.[0];
  const base = from ?? folder?.uri;
  if (!base) return undefined;
  const places = pathsOfLink(link, { documentPath: from?.path, folderPath: folder?.uri.path })
    .filter((path) => hasExtension(path, imageExtensions))
    .map((path) => base.with({ path, query: '', fragment: '' }));
  const [first] = places;
  if (!first || (places.length === 1 && !link.isAnywhere)) return first;
  const { target: text, isAnywhere } = link;
  const elsewhere = isAnywhere ? { text, find: () => anywhere(text, token) } : undefined;
  return (await findPlace(places, elsewhere, token)) ?? first;
}

const findPlace = createPlaceFinder<Uri>({ isFile, nowMs: () => performance.now() });

async function isFile(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

/** A note names an image that lies in any folder. */
async function anywhere(target: string, token: CancellationToken): Promise<Uri | undefined> {
  const glob = fileNameGlob(target);
  if (glob === undefined) return undefined;
  return (await workspace.findFiles(glob, undefined, 1, token))[0];
}
