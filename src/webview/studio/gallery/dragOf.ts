import { maxDraggedImages } from '../../../shared/draggedImages.ts';
import type { Entry } from '../../../shared/studio/entry.ts';
import type { ToHost } from '../../../shared/studioProtocol.ts';

export interface Drag {
  /** Files of the images that are dragged, in the order of their keys; none when they cannot be. */
  uris: string[];
  /** Why not all of them are, or none. */
  leftOut?: Extract<ToHost, { kind: 'leftOutOfDrag' }>['reason'];
  /** Keys of which nothing is known yet. */
  unknown: number[];
}

/**
 * What is dragged with images: all of them, or none and a reason. What has no image, as a failed job, is
 * not meant; a file that is missing is left out.
 */
export function dragOf(keys: readonly number[], entries: ReadonlyMap<number, Entry>): Drag {
  const unknown = keys.filter((key) => !entries.has(key));
  const images = keys.flatMap((key) => entries.get(key)?.image ?? []);
  const uris = images.filter(({ isMissing }) => !isMissing).map(({ uri }) => uri);
  if (uris.length + unknown.length > maxDraggedImages)
    return { uris: [], leftOut: 'tooMany', unknown: [] };
  if (unknown.length > 0) return { uris: [], leftOut: 'loading', unknown };
  const isLess = uris.length < images.length;
  return { uris, ...(isLess && { leftOut: 'missing' }), unknown };
}
