import type { LinkFamily } from '../languages.ts';
import type { FoundLink } from '../linkText.ts';

/** A part of a document, in UTF-16 units, as the editor counts: the first, and the one behind the last. */
export type Span = readonly [from: number, to: number];

/** Words of a link: where they stand, and what they mean with the language's escapes undone. */
export interface WrittenWords {
  span: Span;
  text: string;
  /** Whether a program puts them in; the text is then empty. */
  isComputed?: true;
}

export interface WrittenSize extends WrittenWords {
  /** Missing when it is in another unit, or when a program computes it. */
  pixels?: number;
}

/** What a link leads to. Its `target` is empty when only a program knows it. */
export interface WrittenTarget extends FoundLink {
  span: Span;
  /** What stands at `span`. */
  written: string;
}

/** One of several images that a browser chooses from. */
export interface Candidate {
  /** With its descriptor. */
  whole: Span;
  target: WrittenTarget;
  /** `2x` or `640w`; empty for the only one. */
  descriptor: string;
}

/** A link to an image, with where each part of it is written. */
export interface WrittenLink {
  family: LinkFamily;
  whole: Span;
  target: WrittenTarget;
  /** Of a `srcset` or an `image-set()`. */
  candidates: readonly Candidate[];
  alt?: WrittenWords;
  title?: WrittenWords;
  width?: WrittenSize;
  height?: WrittenSize;
  /** Whether an empty alternative text says that the image means nothing. */
  isDecorative: boolean;
  /** Whether a variable, an expression or a placeholder of a template is part of the target. */
  hasVariable: boolean;
  /** Whether it only names an image that is shown elsewhere: a definition, or an import. */
  isDefinition?: true;
  /** Whether it stands in a string of a script, which a sign might end. */
  isInString?: true;
}

/** The parts that few links have. */
export type LinkParts = Partial<Omit<WrittenLink, 'family' | 'whole' | 'target'>>;

export function writtenLink(
  family: WrittenLink['family'],
  whole: Span,
  target: WrittenTarget,
  parts: LinkParts = {},
): WrittenLink {
  return {
    family,
    whole,
    target,
    candidates: [],
    isDecorative: false,
    hasVariable: false,
    ...parts,
  };
}

/** A size as it is written; pixels where it has no other unit. */
export function writtenSize({ span, text }: WrittenWords): WrittenSize {
  const [, digits] = /^\s{0,100}(\d{1,6}(?:\.\d{1,6})?)(?:px)?\s{0,100}$/.exec(text) ?? [];
  return digits === undefined ? { span, text } : { span, text, pixels: Math.round(Number(digits)) };
}
