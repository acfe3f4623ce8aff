/** Widths so near to each other are one: the browser gains nothing by the choice. */
const nearEqual = 1.1;
export const maxWidths = 12;

/**
 * The widths to make of an image, in ascending order: none that would enlarge it, its own where one is
 * asked for that is larger, and of near-equal ones the larger.
 * @param sourceWidth in pixels
 */
export function distinctWidths(
  asked: readonly (number | undefined)[],
  sourceWidth: number,
): number[] {
  const fitting = asked.map((width) => Math.min(width ?? sourceWidth, sourceWidth));
  const descending = [...new Set(fitting)].toSorted((one, other) => other - one);
  const kept: number[] = [];
  for (const width of descending) {
    const larger = kept.at(-1);
    if (larger === undefined || larger / width >= nearEqual) kept.push(width);
  }
  return kept.toReversed();
}

/** One of the files of an image. */
export interface SrcsetFile {
  /** Relative to where it is written, with `/`; not escaped. */
  path: string;
  width: number;
}

/** The value of `srcset`: each file, and how wide it is. */
export function srcsetOf(files: readonly SrcsetFile[]): string {
  return files.map(({ path, width }) => `${escaped(path)} ${String(width)}w`).join(', ');
}

/** The value of `sizes` for an image that is as wide as the page, up to its own width. */
export function sizesOf(files: readonly Pick<SrcsetFile, 'width'>[]): string {
  const widest = String(Math.max(0, ...files.map(({ width }) => width)));
  return `(max-width: ${widest}px) 100vw, ${widest}px`;
}

/** A blank ends a candidate, and so does a comma at its end. */
function escaped(path: string): string {
  return path
    .split('/')
    .map((name) => encodeURIComponent(name))
    .join('/');
}
