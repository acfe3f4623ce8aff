import * as vscode from 'vscode';
import { fileOf } from '../editor/files/documentFile.ts';
import { outdatedAlts } from './alt/outdatedAlts.ts';
import { imagePath, linkFrom } from './imagePath.ts';
import type { LanguageName } from './languageIds.ts';
import type { FoundLink } from './linkText.ts';
import { relink, targetsTo, type LinkReading, type Relinked, type Replacement } from './linksTo.ts';
import type { WrittenLink } from './links/writtenLink.ts';
import { languageOfText } from './textLanguage.ts';

/** Whether a document links to an image. */
export async function hasLinkTo(
  document: vscode.TextDocument,
  image: vscode.Uri,
): Promise<boolean> {
  const language = languageOfText(document);
  if (language === undefined) return false;
  const { token } = new vscode.CancellationTokenSource();
  const reading = await readingOf(document, language, image, image, token);
  const file = { oldPath: image.path };
  return ((await targetsTo(document.getText(), file, reading)) ?? []).length > 0;
}

/** What to write in a document so that its links to one image lead to another. */
export async function relinkDocument(
  document: vscode.TextDocument,
  image: vscode.Uri,
  other: vscode.Uri,
  token: vscode.CancellationToken,
): Promise<Relinked> {
  const language = languageOfText(document);
  if (language === undefined) return { replacements: [], left: [] };
  const reading = await readingOf(document, language, image, other, token);
  const text = document.getText();
  const targets = (await targetsTo(text, { oldPath: image.path }, reading)) ?? [];
  const { startOfLinks } = await import('./imageLinks.ts');
  const start = await startOfLinks(document, image, targets);
  const file = {
    oldPath: image.path,
    newPath: other.path,
    link: start ? linkFrom(start.file, other) : imagePath(document, other),
    documentPath: (start?.file ?? fileOf(document))?.path,
  };
  const { leadsTo } = reading;
  const fromStart: LinkReading['leadsTo'] = async (link) => {
    const found = await leadsTo(link);
    if (!start || found === 'old') return found;
    return (await start.leadsTo(link, other, token)) ? 'new' : 'neither';
  };
  return await relink(text, language, file, { ...reading, leadsTo: fromStart });
}

/** What to write so that links of a document to an image say what it shows, where they said another thing. */
export async function outdatedAltsIn(
  document: vscode.TextDocument,
  image: vscode.Uri,
  words: string,
  token: vscode.CancellationToken,
): Promise<Replacement[]> {
  const language = languageOfText(document);
  if (language === undefined) return [];
  const { read, leadsTo } = await readingOf(document, language, image, image, token);
  const isTo = async ({ target }: WrittenLink) => (await leadsTo(target)) === 'old';
  return await outdatedAlts(document.getText(), language, words, read, isTo);
}

/** What reads links comes from bundles that are loaded when one needs them. */
async function readingOf(
  document: vscode.TextDocument,
  language: LanguageName,
  image: vscode.Uri,
  other: vscode.Uri,
  token: vscode.CancellationToken,
): Promise<LinkReading> {
  const { createLinkReader } = await import('./links/linkReader.ts');
  const { imageOfLink } = await import('./imageLinks.ts');
  const reader = createLinkReader();
  const known = new Map<string, Promise<vscode.Uri | undefined>>();
  const fileOfLink = (link: FoundLink) => {
    const { target, isPath, isAnywhere, extensions, folders } = link;
    const key = JSON.stringify([target, isPath, isAnywhere, extensions, folders]);
    const found = known.get(key) ?? imageOfLink(document, link, token);
    known.set(key, found);
    return found;
  };
  return {
    read: (text) => reader.read(document.uri.toString(), text, language),
    async leadsTo(link) {
      const file = String(await fileOfLink(link));
      if (file === image.toString()) return 'old';
      return file === other.toString() ? 'new' : 'neither';
    },
  };
}
