import { posix } from 'node:path';
import { pathsOfLink, type LinkPlace } from './linkTargets.ts';
import type { FoundLink } from './linkText.ts';

/**
 * The folder that the links of a document to a file start from, where its project has folders for that:
 * the first by which one of them leads there.
 */
export function startOf(
  links: readonly FoundLink[],
  path: string,
  place: LinkPlace,
): string | undefined {
  const { starts = [], documentPath } = place;
  if (starts.length === 0 || documentPath === undefined) return undefined;
  return [...starts, posix.dirname(documentPath)].find((start) => {
    const from = startedAt(place, start);
    return links.some((link) => pathsOfLink(link, from).includes(path));
  });
}

/** The same place, as far as what is written there starts from one folder and from no other. */
export function startedAt<Place extends LinkPlace>(place: Place, start: string): Place {
  const name = posix.basename(place.documentPath ?? '');
  return { ...place, documentPath: posix.join(start, name), starts: [], isStartUnknown: false };
}

/** Whether a link may lead to a file of another folder than its start, as in all but Antora. */
export function reaches(path: string, start: string, { isClosed }: LinkPlace): boolean {
  return isClosed !== true || path.startsWith(`${start}/`);
}
