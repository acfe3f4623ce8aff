import type { Span, WrittenLink, WrittenTarget } from './writtenLink.ts';

/** A link, and which of its images is meant at a place of it. */
export interface LinkAtOffset {
  link: WrittenLink;
  target: WrittenTarget;
  /** What belongs to this image: a candidate of a `srcset`, else the whole link. */
  span: Span;
}

/**
 * The link that an offset is in, its ends included: the innermost, and the candidate of a `srcset`
 * that is there. Undefined where only a program knows what it leads to.
 */
export function linkAtOffset(
  links: readonly WrittenLink[],
  offset: number,
): LinkAtOffset | undefined {
  const isIn = ([from, to]: Span) => from <= offset && offset <= to;
  let link: WrittenLink | undefined;
  for (const each of links)
    if (isIn(each.whole) && each.target.target !== '' && !(link && isWithin(link, each)))
      link = each;
  if (!link) return undefined;
  const candidate = link.candidates.findLast(({ whole }) => isIn(whole));
  return { link, target: candidate?.target ?? link.target, span: candidate?.whole ?? link.whole };
}

/** The images that a part of a document touches; of links in each other, those of the innermost. */
export function imagesAt(links: readonly WrittenLink[], part: Span): WrittenLink[] {
  const touched = links.filter(({ whole }) => whole[0] <= part[1] && whole[1] >= part[0]);
  const innermost = touched.filter((link) => !touched.some((other) => isWithin(other, link)));
  return innermost.flatMap((link) => imagesIn(link, part));
}

/** A link, and each of its candidates as a link to that image. */
export function allImages(link: WrittenLink): WrittenLink[] {
  return [link, ...link.candidates.map(({ target }) => ({ ...link, target }))];
}

/**
 * The images of a link that a part of a document touches, each as a link to that image: within a
 * candidate of a `srcset` that one, else the link itself and the candidates that are touched.
 */
function imagesIn(link: WrittenLink, [from, to]: Span): WrittenLink[] {
  const touched = link.candidates.filter(({ whole }) => whole[0] <= to && whole[1] >= from);
  const within = touched.find(({ whole }) => whole[0] <= from && to <= whole[1]);
  const images = (within ? [within] : touched).map(({ target }) => ({ ...link, target }));
  return within ? images : [link, ...images];
}

/** Of two links that touch, neither is in the other: the later one is meant. */
function isWithin({ whole: inner }: WrittenLink, { whole: outer }: WrittenLink): boolean {
  return outer[0] <= inner[0] && inner[1] <= outer[1] && outer[1] - outer[0] > inner[1] - inner[0];
}
