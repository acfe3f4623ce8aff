import {
  Hover,
  l10n,
  Range,
  type CancellationToken,
  type Position,
  type TextDocument,
} from 'vscode';
import { hoverWith } from '../editor/say/hover.ts';
import { linkedFileAt } from './linkedImage.ts';
import type { FindMadeImage } from './madeImage.ts';

/** What a link to an image that was made here leads to: the image itself, its words, size and cost. */
export async function hoverAt(
  findMade: FindMadeImage,
  document: TextDocument,
  position: Position,
  token: CancellationToken,
): Promise<Hover | undefined> {
  const found = await linkedFileAt(document, position, token);
  if (!found) return undefined;
  const made = await findMade(found.file);
  if (!made || token.isCancellationRequested) return undefined;
  const content = hoverWith({
    image: found.file,
    sentence: made.facts,
    words: made.prompt,
    actions: [
      { title: l10n.t('Edit'), command: 'imageStudio.edit', args: [found.file] },
      { title: l10n.t('Make Again'), command: 'imageStudio.makeAgain', args: [made.jobId] },
    ],
  });
  const [from, to] = found.span;
  return new Hover(content, new Range(document.positionAt(from), document.positionAt(to)));
}
