import type { TextDocument } from 'vscode';
import { baseOf } from './linkBase.ts';
import { pathFromBase } from './pathFromBase.ts';

/**
 * A path from a page's folder, as it is written on the page. @param base what its `<base>` names
 * @returns undefined where no link of the page leads there
 */
export function pathOnPage(document: TextDocument, base: string, path: string): string | undefined {
  const place = baseOf(document);
  return place ? pathFromBase(base, path, place) : path;
}
