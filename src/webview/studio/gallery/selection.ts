/** As in the explorer: one image has the focus, any may be selected. */
export interface Selection {
  focus: number | undefined;
  /** Where a selection by Shift begins. */
  anchor: number | undefined;
  selected: ReadonlySet<number>;
}

export const nothingSelected: Selection = {
  focus: undefined,
  anchor: undefined,
  selected: new Set(),
};

/** A click, or what a command chose. */
export function selectOnly(key: number): Selection {
  return { focus: key, anchor: key, selected: new Set([key]) };
}

/** Arrow keys: the selection stays. */
export function focusOn(selection: Selection, key: number): Selection {
  return { ...selection, focus: key };
}

/** Space, or a click with Ctrl or Cmd. */
export function toggle(selection: Selection, key: number): Selection {
  const selected = new Set(selection.selected);
  if (!selected.delete(key)) selected.add(key);
  return { focus: key, anchor: key, selected };
}

/** With Shift: all between the anchor and here, and nothing else. */
export function extendTo(selection: Selection, keys: readonly number[], key: number): Selection {
  const anchor = selection.anchor ?? selection.focus ?? key;
  const from = keys.indexOf(anchor);
  const to = keys.indexOf(key);
  if (to === -1) return selection;
  if (from === -1) return selectOnly(key);
  const selected = new Set(keys.slice(Math.min(from, to), Math.max(from, to) + 1));
  return { focus: key, anchor, selected };
}

export function selectAll(selection: Selection, keys: readonly number[]): Selection {
  return { ...selection, selected: new Set(keys) };
}

export function selectNone(selection: Selection): Selection {
  return { ...selection, anchor: selection.focus, selected: new Set() };
}

/** The images that an action on one image is for: the selection, when the image is in it. */
export function concerned(selection: Selection, key: number, keys: readonly number[]): number[] {
  if (!selection.selected.has(key)) return [key];
  return keys.filter((each) => selection.selected.has(each));
}

/** Removes missing images; their focus moves to the image that took the place. */
export function keepExisting(
  selection: Selection,
  before: readonly number[],
  after: readonly number[],
): Selection {
  const there = new Set(after);
  const { focus, anchor } = selection;
  return {
    focus: focus === undefined || there.has(focus) ? focus : nearest(before, there, focus),
    anchor: anchor !== undefined && there.has(anchor) ? anchor : undefined,
    selected: new Set([...selection.selected].filter((key) => there.has(key))),
  };
}

function nearest(
  before: readonly number[],
  there: ReadonlySet<number>,
  gone: number,
): number | undefined {
  const at = before.indexOf(gone);
  if (at === -1) return undefined;
  return (
    before.slice(at).find((key) => there.has(key)) ??
    before.slice(0, at).findLast((key) => there.has(key))
  );
}
