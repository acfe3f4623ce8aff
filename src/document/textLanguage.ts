import type { TextDocument } from 'vscode';
import { languageOf, type LanguageName } from './languageIds.ts';

/** The language of a document. The name of a notebook says nothing about the one of its cells. */
export function languageOfText({ languageId, uri }: TextDocument): LanguageName | undefined {
  return languageOf(languageId, uri.scheme === 'vscode-notebook-cell' ? undefined : uri.path);
}
