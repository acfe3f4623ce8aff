import type { Entry, EntryAction } from '../../../shared/studio/entry.ts';

/** What is offered beside an image, the most important first: what costs nothing before what is paid anew. */
const foremost: readonly EntryAction[] = [
  'insert',
  'edit',
  'locate',
  'resume',
  'lookUp',
  'retry',
  'makeAgain',
  'submitAgain',
];
const mostInCaption = 2;

/** Actions for the caption, the most important first; the menu has the others. */
export function captionActions(entry: Pick<Entry, 'state' | 'actions'>): EntryAction[] {
  const able = foremost.filter((action) => entry.actions.includes(action));
  // What was refused for its words is not tried again with the same.
  if (needsChange(entry)) able.unshift('reuse');
  return able.slice(0, mostInCaption);
}

/** Whether the same words would be refused again. */
export function needsChange({ state, actions }: Pick<Entry, 'state' | 'actions'>): boolean {
  return state === 'failed' && actions[0] === 'reuse';
}
