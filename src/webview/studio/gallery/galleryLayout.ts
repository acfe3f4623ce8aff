import { startOfDay } from '../format.ts';

/** A row of the gallery: the name of a day, or images beside each other. */
export type Row =
  | { kind: 'day'; day: number }
  | { kind: 'images'; /** The index of its first image in `keys`. */ first: number; count: number };

export interface Layout {
  rows: Row[];
  columns: number;
  cellPx: number;
}

export const gapPx = 8;
export const dayRowPx = 36;
const narrowPx = 480;

/** As many cells of one width as fit, at least two in a side bar. */
export function columnsFor(widthPx: number): { columns: number; cellPx: number } {
  const leastPx = widthPx < narrowPx ? 124 : 168;
  const columns = Math.max(1, Math.floor((widthPx + gapPx) / (leastPx + gapPx)));
  return { columns, cellPx: Math.floor((widthPx - gapPx * (columns - 1)) / columns) };
}

/** Images in rows, newest first, with a line before each day. */
export function layOut(createdAt: readonly number[], widthPx: number): Layout {
  const { columns, cellPx } = columnsFor(widthPx);
  const rows: Row[] = [];
  let day = Number.POSITIVE_INFINITY;
  let open: Extract<Row, { kind: 'images' }> | undefined;
  createdAt.forEach((moment, index) => {
    if (moment < day) {
      day = startOfDay(moment);
      rows.push({ kind: 'day', day });
      open = undefined;
    }
    if (open && open.count < columns) {
      open.count++;
      return;
    }
    open = { kind: 'images', first: index, count: 1 };
    rows.push(open);
  });
  return { rows, columns, cellPx };
}

/** @returns the index of the row that has an image, by binary search; -1 when none has it. */
export function rowOfIndex(rows: readonly Row[], index: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = firstFrom(rows, middle);
    const row = rows[at];
    if (row?.kind !== 'images') high = middle - 1;
    else if (index < row.first) high = middle - 1;
    else if (index >= row.first + row.count) low = at + 1;
    else return at;
  }
  return -1;
}

/** A day is followed by its images. */
function firstFrom(rows: readonly Row[], at: number): number {
  return rows[at]?.kind === 'day' ? at + 1 : at;
}

export type Move = 'left' | 'right' | 'up' | 'down' | 'rowStart' | 'rowEnd' | 'start' | 'end';

/** The image that a key moves to: up and down keep the column where the row is long enough. */
export function moveFrom(rows: readonly Row[], total: number, index: number, move: Move): number {
  const last = total - 1;
  const at = rowOfIndex(rows, index);
  const row = rows[at];
  if (row?.kind !== 'images') return Math.min(0, last);
  switch (move) {
    case 'left':
      return Math.max(0, index - 1);
    case 'right':
      return Math.min(last, index + 1);
    case 'start':
      return 0;
    case 'end':
      return last;
    case 'rowStart':
      return row.first;
    case 'rowEnd':
      return row.first + row.count - 1;
    case 'up':
    case 'down':
      return inNeighbour(rows, at, index - row.first, move === 'up' ? -1 : 1) ?? index;
  }
}

function inNeighbour(
  rows: readonly Row[],
  from: number,
  column: number,
  step: 1 | -1,
): number | undefined {
  for (let at = from + step; at >= 0 && at < rows.length; at += step) {
    const row = rows[at];
    if (row?.kind === 'images') return row.first + Math.min(column, row.count - 1);
  }
  return undefined;
}

/** Moves up or down by as many rows as are in sight. */
export function movePage(
  rows: readonly Row[],
  total: number,
  index: number,
  rowsInSight: number,
  move: 'up' | 'down',
): number {
  let at = index;
  for (let step = 0; step < Math.max(1, rowsInSight); step++) at = moveFrom(rows, total, at, move);
  return at;
}
