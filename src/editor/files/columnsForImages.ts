/** An editor group, by what its front tab is. */
export interface ShownGroup<Column> {
  column: Column;
  isActive: boolean;
  /** Whether an image, or nothing, is in front: all else may be read or written just now. */
  isFree: boolean;
}

export interface NewColumns<Column> {
  first: Column;
  second: Column;
  /** In a column by its number the group would become the active one. */
  beside: Column;
}

/**
 * The columns in which images may open so that they cover nothing but images: the one for a single
 * image first. None when all that is beside the user's work is in use as well.
 */
export function columnsForImages<Column>(
  groups: readonly ShownGroup<Column>[],
  { first, second, beside }: NewColumns<Column>,
): Column[] {
  const active = groups.find(({ isActive }) => isActive);
  const others = groups.filter((group) => group !== active);
  if (active && !active.isFree) return others.every(({ isFree }) => isFree) ? [beside] : [];
  const free = [...(active ? [active] : []), ...others.filter(({ isFree }) => isFree)];
  const columns = free.map(({ column }) => column);
  return others.length === 0 ? [columns[0] ?? first, second] : columns;
}
