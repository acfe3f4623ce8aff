import type { CancellationToken, Position, TextDocument, Uri } from 'vscode';
import { linksNear } from './documentReader.ts';
import { addressOf, existingFileOf, fileOfLink } from './fileOfLink.ts';
import { baseOf } from './linkBase.ts';
import type { FoundLink } from './linkText.ts';
import { linkAtOffset, type LinkAtOffset } from './links/linkAtOffset.ts';

/** The link at a position. Of a long document, only what is near it is read. */
export async function linkAt(
  document: TextDocument,
  position: Position,
): Promise<LinkAtOffset | undefined> {
  const offset = document.offsetAt(position);
  return linkAtOffset(await linksNear(document, offset), offset);
}

/** The image that the link at a position leads to: its file, or its address on the web. */
export async function linkedImageAt(
  document: TextDocument,
  position: Position,
  token: CancellationToken,
): Promise<Uri | undefined> {
  const found = await linkAt(document, position);
  if (!found?.link.hasVariable) return found && (await imageOfLink(document, found.target, token));
  // What a template puts in is not known here: the file must be there.
  const base = baseOf(document);
  return base && (await existingFileOf(found.target, base, token));
}

/** A link and the file of it that is there. */
export interface LinkedFile extends LinkAtOffset {
  file: Uri;
}

/** The file that the link at a position leads to, where there is one. */
export async function linkedFileAt(
  document: TextDocument,
  position: Position,
  token: CancellationToken,
): Promise<LinkedFile | undefined> {
  const found = await linkAt(document, position);
  const base = found && baseOf(document);
  const file = base && (await existingFileOf(found.target, base, token));
  return file && { ...found, file };
}

/** The image that a link of a document leads to. */
export async function imageOfLink(
  document: TextDocument,
  link: FoundLink,
  token: CancellationToken,
): Promise<Uri | undefined> {
  const base = baseOf(document);
  return addressOf(link) ?? (base && (await fileOfLink(link, base, token)));
}
