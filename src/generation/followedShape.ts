import type { Pixels } from '../evolink/models/sizes.ts';

/** The proportions that an image takes over, and from what: from the source of an edit, if nothing is said. */
export interface FollowedShape extends Pixels {
  from?: 'link' | 'imagesBeside';
}
