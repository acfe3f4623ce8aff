import type { WrittenLink } from '../links/writtenLink.ts';

/** Whether a link says nothing of its image. An empty `alt` of a page says that the image means nothing. */
export function isAltMissing({ family, alt, isDecorative, isDefinition }: WrittenLink): boolean {
  if (isDecorative || isDefinition) return false;
  if (!alt) return true;
  const isLeftOut = family === 'markdown' || family === 'asciidoc';
  return isLeftOut && !alt.isComputed && alt.text.trim() === '';
}
