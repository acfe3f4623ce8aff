import type { Span, WrittenLink } from './writtenLink.ts';

/** The same link in a text in which its offsets are others. */
export function movedLink(link: WrittenLink, moved: (offset: number) => number): WrittenLink {
  // An end stands behind the last sign of what it ends.
  const span = ([from, to]: Span): Span => [moved(from), moved(from) + to - from];
  const words = <Part extends { span: Span }>(part: Part): Part => {
    return { ...part, span: span(part.span) };
  };
  const { alt, title, width, height } = link;
  return {
    ...link,
    whole: span(link.whole),
    target: words(link.target),
    candidates: link.candidates.map((each) => ({
      ...each,
      whole: span(each.whole),
      target: words(each.target),
    })),
    ...(alt && { alt: words(alt) }),
    ...(title && { title: words(title) }),
    ...(width && { width: words(width) }),
    ...(height && { height: words(height) }),
  };
}
