/** A paragraph, list item, heading, table, piece of code, …: what a block is put behind, never into. */
export interface TextBlock {
  /** Its first and last line, from 0. */
  first: number;
  last: number;
  /** What a block that belongs to the same list item begins with. */
  indent: string;
  /** What stands between it and a block that belongs to it; a blank line where it is missing. */
  joint?: string;
  /** Whether the cells of it take images. */
  isTable?: boolean;
  /** Whether it is code, data or a comment, where no markup is read. */
  isVerbatim?: boolean;
  /** Whether an image stands on a blank line of it: in a figure, which is there for that. */
  takesImages?: boolean;
}

/** Where an image stands as a block of its own. */
export interface ImagePlace {
  offset: number;
  /** What is written before it and behind it, so that it touches no other block. */
  lead: string;
  trail: string;
  /** Whether a call takes an argument there, which Typst writes in another way than a block. */
  isArgument?: boolean;
}

/** Reads the block that begins at a line which is not blank. */
export type ReadBlock = (lines: readonly string[], first: number) => TextBlock;

export function isBlank(line: string | undefined): boolean {
  return line === undefined || line.trim() === '';
}

/** How many columns a line is indented by; a tab goes to the next multiple of 4. */
export function indentOf(line: string): number {
  let column = 0;
  for (const char of line) {
    if (char === ' ') column += 1;
    else if (char === '\t') column += 4 - (column % 4);
    else break;
  }
  return column;
}

export function spaces(columns: number): string {
  return ' '.repeat(Math.max(0, columns));
}

/** The last line of what goes on until a line that ends it, or until the text does. */
export function lastUntil(
  lines: readonly string[],
  first: number,
  isEnd: (line: string) => boolean,
): number {
  const end = lines.findIndex((line, index) => index > first && isEnd(line));
  return end < 0 ? lines.length - 1 : end;
}

/** The last of the lines that go on without a blank one, up to the one that begins something else. */
export function lastOfParagraph(
  lines: readonly string[],
  first: number,
  isOther: (line: string) => boolean,
): number {
  let last = first;
  for (;;) {
    const next = lines[last + 1];
    if (next === undefined || isBlank(next) || isOther(next)) return last;
    last += 1;
  }
}

/** The last line of what is indented by more than `column`, blank lines within it included. */
export function lastOfIndented(lines: readonly string[], first: number, column: number): number {
  let last = first;
  for (let index = first + 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (isBlank(line)) continue;
    if (indentOf(line) <= column) break;
    last = index;
  }
  return last;
}
