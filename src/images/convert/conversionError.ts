/** Why an image could not be converted. */
export type ConversionProblem =
  /** It is no image, or not a whole one. */
  | 'notWhole'
  /** A whole file whose pixels cannot be had here. */
  | 'undecodable'
  /** Of a type that only a browser reads. */
  | 'needsBrowser'
  | 'animated'
  /** It has more pixels than are decoded, or a side that the format does not have. */
  | 'tooLarge'
  | 'tooSlow'
  /** The encoder gave up. */
  | 'unencodable';

export class ConversionError extends Error {
  readonly problem: ConversionProblem;

  constructor(problem: ConversionProblem, cause?: unknown) {
    super(`The image cannot be converted: ${problem}`, cause === undefined ? undefined : { cause });
    this.name = 'ConversionError';
    this.problem = problem;
  }
}
