import { TreeFragment, type Tree } from '@lezer/common';

/** A document as it was parsed last, so that only what changed since is parsed again. */
export interface KnownTree {
  before?: { text: string; tree: Tree };
  keep: (text: string, tree: Tree) => void;
}

/** What of the last tree is still true of a text: all before the first change, and behind the last. */
export function fragmentsFor(text: string, known: KnownTree | undefined): readonly TreeFragment[] {
  if (!known?.before) return [];
  const { text: old, tree } = known.before;
  const shorter = Math.min(old.length, text.length);
  let from = 0;
  while (from < shorter && old.charCodeAt(from) === text.charCodeAt(from)) from += 1;
  let same = 0;
  while (
    same < shorter - from &&
    old.charCodeAt(old.length - 1 - same) === text.charCodeAt(text.length - 1 - same)
  )
    same += 1;
  const fragments = TreeFragment.addTree(tree);
  if (from === old.length && from === text.length) return fragments;
  const change = { fromA: from, toA: old.length - same, fromB: from, toB: text.length - same };
  return TreeFragment.applyChanges(fragments, [change]);
}
