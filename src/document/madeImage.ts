import * as vscode from 'vscode';
import { formatCredits } from '../editor/errors/messages.ts';
import { imageSize } from '../editor/files/imageSize.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import type { Job, SavedJob } from '../jobs/job.ts';
import { altToAdd } from './alt/altToAdd.ts';
import { imageWords } from './imageWords.ts';
import type { LanguageName } from './languageIds.ts';
import type { WrittenLink } from './links/writtenLink.ts';
import type { Replacement } from './linksTo.ts';

/** An image that was made here, as texts tell of it. */
export interface MadeImage {
  jobId: string;
  prompt: string;
  /**
   * How a link without an alternative text gets one, from the words that made the image. Undefined where
   * there are no such words, or no place for them.
   */
  altToAdd: (text: string, link: WrittenLink, language: LanguageName) => Replacement | undefined;
  /** Its size and cost, as far as they are known. */
  facts: string;
}

/** Looks up how an image was made; undefined for one that was not made here. */
export type FindMadeImage = (file: vscode.Uri) => Promise<MadeImage | undefined>;

/** @param others the newest first; they tell what the sources of an edit show */
export async function toMadeImage(
  file: vscode.Uri,
  job: SavedJob,
  others: readonly Job[],
): Promise<MadeImage> {
  const size = await imageSize(file);
  const facts = [
    ...(size ? [`${String(size.width)} × ${String(size.height)}`] : []),
    ...(job.credits === undefined
      ? []
      : [fillIn(vscode.l10n.t('{0} credits'), formatCredits(job.credits))]),
  ];
  const { id: jobId, prompt } = job;
  const alt = imageWords(job.uri, [job, ...others]);
  return {
    jobId,
    prompt,
    facts: facts.join(' · '),
    altToAdd: (...link) => (alt === '' ? undefined : altToAdd(...link, alt)),
  };
}
