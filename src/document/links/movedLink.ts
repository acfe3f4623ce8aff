import type { Span, WrittenLink } from './writtenLink.ts';

/** The same link in a text in which it stands so much further on. */
export function movedLink(link: WrittenLink, by: number): WrittenLink {
  if (by === 0) return link;
  const span = ([from, to]: Span): Span => [from + by, to + by];
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
