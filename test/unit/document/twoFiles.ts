import { posix } from 'node:path';
import type { LanguageName } from '../../../src/document/languageIds.ts';
import type { LinkReading } from '../../../src/document/linksTo.ts';
import type { FoundLink } from '../../../src/document/linkText.ts';
import { fileNameGlob, pathsOfLink } from '../../../src/document/linkTargets.ts';
import { readLinks } from './links/readLinks.ts';

const workspace = '/site';

/** Two images of a workspace that has no others, and what links to them. */
export interface Files {
  oldPath: string;
  newPath: string;
  documentPath?: string;
}

/** Which file of two a link leads to, when there are no others. */
export function fileOfLink(link: FoundLink, { oldPath, newPath, documentPath }: Files) {
  const places = pathsOfLink(link, { documentPath, folderPath: workspace });
  const files = [oldPath, newPath];
  const inPlace = places.find((path) => files.includes(path));
  const isNamed = link.isAnywhere === true && fileNameGlob(link.target) !== undefined;
  const anywhere = files.find((path) => posix.basename(path) === posix.basename(link.target));
  return inPlace ?? (isNamed ? anywhere : undefined);
}

/** Counts how often a text is read. */
export function readingOf(language: LanguageName, files: Files): LinkReading & { reads: number } {
  const reading = {
    reads: 0,
    read(text: string) {
      reading.reads += 1;
      return Promise.resolve(readLinks(text, language));
    },
    leadsTo(link: FoundLink) {
      const file = fileOfLink(link, files);
      if (file === files.oldPath) return Promise.resolve('old' as const);
      return Promise.resolve(file === files.newPath ? ('new' as const) : ('neither' as const));
    },
  };
  return reading;
}
