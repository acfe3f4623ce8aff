import assert from 'node:assert/strict';
import { startOfDay } from '../../../src/webview/studio/format.ts';
import {
  columnsFor,
  layOut,
  marksPx,
  moveFrom,
  movePage,
  rowOfIndex,
  rowPx,
  variationsAt,
} from '../../../src/webview/studio/gallery/galleryLayout.ts';

const dayMs = 86_400_000;
const noon = new Date(2026, 5, 15, 12).getTime();
/** Five today, four yesterday, three the day before. */
const createdAt = [5, 4, 3].flatMap((count, day) =>
  Array.from({ length: count }, (_, index) => noon - day * dayMs - index * 1000),
);
/** Three columns. */
const widthPx = 3 * 168 + 2 * 8;
const layout = layOut(createdAt, widthPx);
const { rows } = layout;

describe('the layout of the gallery', () => {
  it('fills every row but the last, and marks where a day begins but the first', () => {
    assert.deepEqual(
      rows.map(({ first, count }) => `${String(first)}+${String(count)}`),
      ['0+3', '3+3', '6+3', '9+3'],
    );
    const marks = rows.flatMap(({ first, marks }) => marks.map(({ column }) => first + column));
    assert.deepEqual(marks, [5, 9]);
    assert.equal(rows[1]?.marks[0]?.day, startOfDay(noon - dayMs));
    const [before, after] = [rows[0], rows[1]].map((row) => row && rowPx(row, layout));
    assert.equal(after, (before ?? 0) + marksPx);
  });

  it('marks the variations of one request, and their columns in each of their rows', () => {
    const moments = [9, 8, 8, 8, 8, 7, 6, 6].map((second) => noon + second * 1000);
    const { rows } = layOut(moments, widthPx);
    assert.deepEqual(
      rows.map(({ marks }) => marks),
      [
        [{ column: 1, variations: { first: 1, count: 4 } }],
        [],
        [{ column: 0, variations: { first: 6, count: 2 } }],
      ],
    );
    assert.deepEqual(
      rows.map(({ lines }) => lines),
      [[{ column: 1, count: 2 }], [{ column: 0, count: 2 }], [{ column: 0, count: 2 }]],
    );
    const found = moments.map((_, index) => variationsAt(moments, index)?.first);
    assert.deepEqual(found, [undefined, 1, 1, 1, 1, undefined, 6, 6]);
    assert.equal(variationsAt(moments, -1), undefined);
  });

  it('takes more images of one moment than a request can ask for as no variations', () => {
    const many = Array.from({ length: 1_000 }, () => noon);
    assert.ok(layOut(many, widthPx).rows.every(({ marks }) => marks.length === 0));
    assert.equal(variationsAt(many, 500), undefined);
  });

  it('has cells of one width that fill the gallery, and two in a side bar', () => {
    for (const width of [296, 320, 600, 900, 1913]) {
      const { columns, cellPx } = columnsFor(width);
      const usedPx = columns * cellPx + (columns - 1) * 8;
      assert.ok(usedPx <= width && usedPx > width - columns, `${String(width)} px`);
    }
    assert.equal(columnsFor(296).columns, 2);
    assert.equal(columnsFor(60).columns, 1);
  });

  it('finds the row of every image', () => {
    createdAt.forEach((_, index) => {
      const row = rows[rowOfIndex(rows, index)];
      assert.ok(row && row.first <= index && index < row.first + row.count);
    });
    assert.equal(rowOfIndex(rows, createdAt.length), -1);
    assert.equal(rowOfIndex([], 0), -1);
  });

  it('stays fast with very many', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => noon - index * 60_000);
    const startedCpu = process.cpuUsage();
    const layout = layOut(many, 1200);
    for (let index = 0; index < many.length; index += 100)
      assert.notEqual(rowOfIndex(layout.rows, index), -1);
    // The processor's time, as other programs may make it wait.
    const { user, system } = process.cpuUsage(startedCpu);
    assert.ok((user + system) / 1000 < 500);
  });

  it('moves up and down in a column', () => {
    const move = (index: number, where: 'up' | 'down') =>
      moveFrom(rows, createdAt.length, index, where);
    assert.equal(move(2, 'down'), 5);
    assert.equal(move(6, 'up'), 3);
    assert.equal(move(0, 'up'), 0);
    assert.equal(move(11, 'down'), 11);
    const short = layOut(createdAt.slice(0, 10), widthPx).rows;
    assert.equal(moveFrom(short, 10, 8, 'down'), 9);
  });

  it('moves along a row, to its ends, and to the ends of all', () => {
    const total = createdAt.length;
    assert.equal(moveFrom(rows, total, 2, 'right'), 3);
    assert.equal(moveFrom(rows, total, 0, 'left'), 0);
    assert.equal(moveFrom(rows, total, 11, 'right'), 11);
    assert.equal(moveFrom(rows, total, 4, 'rowStart'), 3);
    assert.equal(moveFrom(rows, total, 4, 'rowEnd'), 5);
    assert.equal(moveFrom(rows, total, 5, 'start'), 0);
    assert.equal(moveFrom(rows, total, 5, 'end'), 11);
    assert.equal(movePage(rows, total, 0, 2, 'down'), 6);
    assert.equal(movePage(rows, total, 11, 9, 'up'), 2);
  });
});
