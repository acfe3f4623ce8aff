import { Range, type CancellationToken, type Position, type TextDocument, type Uri } from 'vscode';
import { addressOf, baseOf, fileOfLink } from './fileOfLink.ts';
import { charsToRead, imageLinkAt } from './linkAt.ts';
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
  const base = baseOf(document);
  return addressOf(link) ?? (base && (await fileOfLink(link, base, token)));
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
