import type { CancellationToken, TextDocument, Uri } from 'vscode';
import { fileFrom } from './fileOfLink.ts';
import { baseInProject, baseOf } from './linkBase.ts';
import { reaches, startedAt, startOf } from './linkStart.ts';
import type { FoundLink } from './linkText.ts';

/** Where links of a document start from that is not its own folder, or may not be. */
export interface LinkStart {
  /** The document, as if it stood there. */
  file: Uri;
  leadsTo: (link: FoundLink, image: Uri, token: CancellationToken) => Promise<boolean>;
}

/**
 * What links of a document to an image start from, where its project says that.
 * @param links those that lead to the image
 */
export async function startOfLinks(
  document: TextDocument,
  image: Uri,
  links: readonly FoundLink[],
): Promise<LinkStart | undefined> {
  const base = baseOf(document);
  const place = base && (await baseInProject(base));
  if (!place) return undefined;
  const start = startOf(links, image.path, place);
  if (start === undefined) return undefined;
  const from = startedAt(place, start);
  return {
    file: from.at(from.documentPath ?? ''),
    async leadsTo(link, other, token) {
      if (!reaches(other.path, start, from)) return false;
      return String(await fileFrom(link, from, token)) === other.toString();
    },
  };
}
