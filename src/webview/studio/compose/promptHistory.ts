/** Earlier prompts in the box, by ↑ and ↓; -1 is what was being written. */
export interface Recall {
  at: number;
  text: string;
}

/**
 * @param box what stands in the box now
 * @param at where the recall stands, -1 when it has not begun
 * @returns undefined when the key belongs to the text: it was changed, or there is nothing further
 */
export function recall(
  history: readonly string[],
  at: number,
  box: string,
  direction: 'older' | 'newer',
): Recall | undefined {
  const isUnchanged = at === -1 ? box === '' : box === history[at];
  if (!isUnchanged) return undefined;
  const next = direction === 'older' ? at + 1 : at - 1;
  if (next === -1 && at !== -1) return { at: -1, text: '' };
  const text = history[next];
  return text === undefined ? undefined : { at: next, text };
}
