import type { ImageFacts } from '../../images/imageFacts.ts';

/** The MIME type that a browser knows an image by. */
export function mimeOf(type: ImageFacts['type']): string {
  if (type === 'jpg') return 'image/jpeg';
  if (type === 'svg') return 'image/svg+xml';
  if (type === 'ico') return 'image/x-icon';
  return `image/${type}`;
}
