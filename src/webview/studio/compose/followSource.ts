import type { Draft } from '../../../shared/studio/draft.ts';
import type { State } from '../../../shared/studio/state.ts';

type Options = Pick<State['options'], 'source' | 'sizes'>;

/**
 * A draft with other references. With the first one its size begins to follow that one's shape, and
 * with the last it is again what it was before.
 */
export function withReferences(draft: Draft, references: readonly string[]): Draft {
  const { following, ...rest } = draft;
  const next = { ...rest, references: [...references] };
  if (references.length === 0) return following ? { ...next, size: following.alone } : next;
  const begins = draft.references.length === 0 ? { alone: draft.size } : undefined;
  const kept = following ?? begins;
  return kept ? { ...next, following: kept } : next;
}

/**
 * A draft with the size of its first reference's shape, when it follows one and its shape is known
 * by now; the same draft otherwise.
 */
export function followSource(draft: Draft, options: Options): Draft {
  const { following } = draft;
  const [source] = draft.references;
  if (!following || source === undefined || source === following.source) return draft;
  if (options.source !== source) return draft;
  const size = sizeAsSource(options) ?? draft.size;
  return { ...draft, size, following: { ...following, source } };
}

/** A draft with the size that was chosen, which follows no reference. */
export function withChosenSize(draft: Draft, size: string): Draft {
  const { following: _, ...rest } = draft;
  return { ...rest, size };
}

/** A draft for another model: the size follows the reference still, unless it has another shape now. */
export function followOnModel(draft: Draft, options: Options): Draft {
  const like = options.source === draft.references[0] ? sizeAsSource(options) : undefined;
  const isFollowed = like === undefined || like === draft.size || !draft.following?.source;
  return isFollowed ? draft : withChosenSize(draft, draft.size);
}

function sizeAsSource({ sizes }: Options): string | undefined {
  return sizes.find(({ isAsSource }) => isAsSource)?.id;
}
