/** A place in a text that is found again when the text was closed, or replaced as a whole. */
export interface PlaceInText {
  offset: number;
  /** The text around it. */
  before: string;
  after: string;
}

/** As the editor reports it; of several changes the last in the text comes first. */
export interface TextChange {
  rangeOffset: number;
  rangeLength: number;
  text: string;
}

const contextChars = 160;
/** Fewer characters say too little of a place when one side of it is all that is left. */
const minSideChars = 24;

export function placeInText(text: string, offset: number): PlaceInText {
  return {
    offset,
    before: text.slice(Math.max(0, offset - contextChars), offset),
    after: text.slice(offset, offset + contextChars),
  };
}

/**
 * Where an offset is after changes: before what is typed at it. @returns undefined when the text
 * around it was replaced by other text
 */
export function movedOffset(offset: number, changes: readonly TextChange[]): number | undefined {
  let moved = offset;
  for (const { rangeOffset, rangeLength, text } of changes) {
    const end = rangeOffset + rangeLength;
    if (rangeOffset >= moved) continue;
    if (end <= moved) moved += text.length - rangeLength;
    else if (text === '') moved = rangeOffset;
    else return undefined;
  }
  return moved;
}

/**
 * What has become of an insertion by later changes: its own beginning and end, without what was typed
 * behind it. @param changes of each later event, in order
 */
export function movedInsertion(
  { begin, end }: { begin: number; end: number },
  changes: readonly (readonly TextChange[])[],
): { begin: number; end: number } {
  const moved = (offset: number) =>
    changes.reduce<number | undefined>(
      (at, each) => (at === undefined ? undefined : movedOffset(at, each)),
      offset,
    );
  const last = moved(end) ?? moved(begin) ?? begin;
  return { begin: Math.min(moved(begin) ?? last, last), end: last };
}

/** Finds a place by the text around it. @returns undefined where that is not there, or there twice */
export function findAgain(text: string, { before, after }: PlaceInText): number | undefined {
  if (text === before + after) return before.length;
  for (const chars of [contextChars, contextChars / 4]) {
    const left = before.slice(-chars);
    const at = onlyIndexOf(text, left + after.slice(0, chars));
    if (at !== undefined) return at + left.length;
  }
  // One side was changed; if both are found, they have to agree.
  const behind = sideIndexOf(text, before);
  const ahead = sideIndexOf(text, after);
  const found = [behind === undefined ? undefined : behind + before.length, ahead];
  const [one, other = one] = found.filter((each) => each !== undefined);
  return one === other ? one : undefined;
}

function sideIndexOf(text: string, side: string): number | undefined {
  return side.trim().length < minSideChars ? undefined : onlyIndexOf(text, side);
}

function onlyIndexOf(text: string, part: string): number | undefined {
  if (part.trim() === '') return undefined;
  const at = text.indexOf(part);
  return at >= 0 && text.indexOf(part, at + 1) < 0 ? at : undefined;
}
