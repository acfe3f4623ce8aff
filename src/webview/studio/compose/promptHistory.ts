/** An earlier prompt, recalled by ↑ or ↓, and its index in the history; -1 is the empty box. */
export interface Recall {
  at: number;
  text: string;
}

/**
 * @param box the text in the box
 * @param at the index of the recalled prompt, -1 before the first
 * @returns undefined when the key moves the caret: the text was edited, or the history has ended
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
