import { maxImagesPerRequest } from '../../../shared/limits.ts';
import { startOfDay } from '../format.ts';

/** Images of one request, which are beside each other. */
export interface Variations {
  /** The index of its first image in `keys`. */
  first: number;
  count: number;
}

/** What is written above an image: the day, or the variations, that begin with it. */
export interface Mark {
  column: number;
  day?: number;
  variations?: Variations;
}

/** Images beside each other; every row but the last is full. */
export interface Row {
  /** The index of its first image in `keys`. */
  first: number;
  count: number;
  marks: readonly Mark[];
  /** Columns that hold variations of one request. */
  lines: readonly { column: number; count: number }[];
}

export interface Layout {
  rows: Row[];
  columns: number;
  cellPx: number;
}

export const gapPx = 8;
/** The height of the line of marks above a row. */
export const marksPx = 24;
const narrowPx = 480;
const narrowestPx = 280;
const none: readonly never[] = [];

/** As many cells of one width as fit, at least two in a side bar. */
export function columnsFor(widthPx: number): { columns: number; cellPx: number } {
  const leastPx = widthPx < narrowestPx ? 84 : widthPx < narrowPx ? 124 : 168;
  const columns = Math.max(1, Math.floor((widthPx + gapPx) / (leastPx + gapPx)));
  return { columns, cellPx: Math.floor((widthPx - gapPx * (columns - 1)) / columns) };
}

/**
 * Images in rows, newest first, without a hole between days. The day of the first is not marked:
 * what is above the gallery shows it.
 */
export function layOut(createdAt: readonly number[], widthPx: number): Layout {
  const { columns, cellPx } = columnsFor(widthPx);
  const rows: Row[] = [];
  for (let first = 0; first < createdAt.length; first += columns)
    rows.push({
      first,
      count: Math.min(columns, createdAt.length - first),
      marks: none,
      lines: none,
    });
  let day = startOfDay(createdAt[0] ?? 0);
  let variations: Variations | undefined;
  createdAt.forEach((moment, index) => {
    const row = rows[Math.floor(index / columns)];
    if (!row) return;
    const begins = moment < day ? { day: (day = startOfDay(moment)) } : undefined;
    const isNext = moment !== createdAt[index - 1];
    if (isNext) variations = variationsFrom(createdAt, index);
    const column = index - row.first;
    if (begins || (isNext && variations))
      row.marks = [
        ...row.marks,
        { column, ...begins, ...(isNext && variations && { variations }) },
      ];
    if (variations && (isNext || column === 0))
      row.lines = [
        ...row.lines,
        { column, count: Math.min(columns - column, variations.first + variations.count - index) },
      ];
  });
  return { rows, columns, cellPx };
}

/** The images of one request are made at one moment. */
function variationsFrom(createdAt: readonly number[], first: number): Variations | undefined {
  let count = 1;
  while (count <= maxImagesPerRequest && createdAt[first + count] === createdAt[first]) count++;
  return count > 1 && count <= maxImagesPerRequest ? { first, count } : undefined;
}

/** The variations that an image is one of. */
export function variationsAt(createdAt: readonly number[], index: number): Variations | undefined {
  if (index < 0) return undefined;
  let first = index;
  while (index - first <= maxImagesPerRequest && createdAt[first - 1] === createdAt[index]) first--;
  return variationsFrom(createdAt, first);
}

export function rowPx({ marks }: Row, { cellPx }: Layout): number {
  return (marks.length > 0 ? marksPx : 0) + cellPx + gapPx;
}

/** @returns the index of the row that has an image; -1 when none has it. */
export function rowOfIndex(rows: readonly Row[], index: number): number {
  const columns = rows[0]?.count ?? 1;
  const at = Math.floor(index / columns);
  const row = rows[at];
  return row && index < row.first + row.count ? at : -1;
}

export type Move = 'left' | 'right' | 'up' | 'down' | 'rowStart' | 'rowEnd' | 'start' | 'end';

/** The image that a key moves to: up and down keep the column where the row is long enough. */
export function moveFrom(rows: readonly Row[], total: number, index: number, move: Move): number {
  const last = total - 1;
  const at = rowOfIndex(rows, index);
  const row = rows[at];
  if (!row) return Math.min(0, last);
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
    case 'down': {
      const neighbour = rows[at + (move === 'up' ? -1 : 1)];
      if (!neighbour) return index;
      return neighbour.first + Math.min(index - row.first, neighbour.count - 1);
    }
  }
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
