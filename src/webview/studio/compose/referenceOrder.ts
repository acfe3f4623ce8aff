import { maxUriChars } from '../../../shared/limits.ts';

/** Moves one item of a list; a target past an end is that end. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = [...list];
  const [item] = rest.splice(from, 1);
  if (item === undefined) return [...list];
  rest.splice(Math.max(0, Math.min(rest.length, to)), 0, item);
  return rest;
}

/** The uris of a drop: one a line, `#` begins a comment. */
export function urisOf(uriList: string): string[] {
  return uriList
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && line.length <= maxUriChars);
}

/** The `@` and the text after it at the caret, which ask for an image. */
export function mentionAt(
  text: string,
  caret: number,
): { start: number; written: string } | undefined {
  const match = /(?:^|\s)@([^\s@]{0,40})$/u.exec(text.slice(0, caret));
  const written = match?.[1];
  return written === undefined ? undefined : { start: caret - written.length - 1, written };
}
