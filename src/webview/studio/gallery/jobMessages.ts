import type { Entry } from '../../../shared/studioProtocol.ts';
import { fill, formatDuration, roundRemaining } from '../format.ts';
import { locale, words } from '../pageMessages.ts';

/** A job that is on its way, and has not come to an end. */
export function isUnderWay({ state }: Entry): boolean {
  return ['queued', 'uploading', 'submitting', 'running', 'downloading'].includes(state);
}

export function isTicking(entry: Entry): boolean {
  return isUnderWay(entry) && entry.startedAt !== undefined;
}

/** "Drawing", "34 s", "about 20 s left" */
export function progressParts({ status, startedAt, expectedMs }: Entry, now: number): string[] {
  if (startedAt === undefined) return [status];
  const elapsedMs = Math.max(0, now - startedAt);
  const parts = [status, formatDuration(locale, elapsedMs)];
  if (expectedMs === undefined) return parts;
  const remainingMs = expectedMs - elapsedMs;
  if (remainingMs <= 0) return [...parts, words.longerThanUsual];
  return [...parts, fill(words.aboutLeft, formatDuration(locale, roundRemaining(remainingMs)))];
}

/** The same in one line. */
export function progressWords(entry: Entry, now: number): string {
  return progressParts(entry, now).reduce((line, part) => fill(words.pair, line, part));
}

/** Why a picture that was saved cannot be seen. */
export function whereabouts(image: Entry['image']): string | undefined {
  if (!image) return undefined;
  if (image.isMissing) return words.missing;
  return image.src === undefined && image.thumbnail === undefined ? words.elsewhere : undefined;
}

/** What is heard of a cell: the prompt, and where it stands; not every second. */
export function cellName({ prompt, status, image, isFavourite, error }: Entry): string {
  const state = whereabouts(image) ?? error?.sentence ?? status;
  const name = fill(words.cellName, prompt, state);
  return isFavourite ? fill(words.cellName, name, words.favourite) : name;
}
