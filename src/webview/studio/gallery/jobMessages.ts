import type { Entry } from '../../../shared/studio/entry.ts';
import { fill, formatDuration, roundRemaining } from '../format.ts';
import { locale, messages } from '../pageMessages.ts';

/** Whether the job has not ended. */
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
  if (remainingMs <= 0) return [...parts, messages.longerThanUsual];
  return [...parts, fill(messages.aboutLeft, formatDuration(locale, roundRemaining(remainingMs)))];
}

/** `progressParts` in one line. */
export function progressText(entry: Entry, now: number): string {
  return progressParts(entry, now).reduce((line, part) => fill(messages.pair, line, part));
}

/** Why an image that was saved cannot be seen. */
export function whereabouts(image: Entry['image']): string | undefined {
  if (!image) return undefined;
  if (image.isMissing) return messages.missing;
  return image.src === undefined && image.thumbnail === undefined ? messages.elsewhere : undefined;
}

/** A cell's name for screen readers: prompt and status, but no time, which changes each second. */
export function cellName({ prompt, status, image, isFavourite, error }: Entry): string {
  const state = whereabouts(image) ?? error?.sentence ?? status;
  const name = fill(messages.cellName, prompt, state);
  return isFavourite ? fill(messages.cellName, name, messages.favourite) : name;
}
