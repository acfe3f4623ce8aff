import assert from 'node:assert/strict';
import {
  columnsFor,
  layOut,
  moveFrom,
  movePage,
  rowOfIndex,
} from '../../../src/webview/studio/gallery/galleryLayout.ts';

const dayMs = 86_400_000;
const noon = new Date(2026, 5, 15, 12).getTime();
/** Five today, four yesterday, three the day before. */
const createdAt = [5, 4, 3].flatMap((count, day) =>
  Array.from({ length: count }, (_, index) => noon - day * dayMs - index * 1000),
);
/** Three columns. */
const widthPx = 3 * 168 + 2 * 8;
const { rows } = layOut(createdAt, widthPx);

describe('the layout of the gallery', () => {
  it('puts a line before each day, and begins a new row after it', () => {
    assert.deepEqual(
      rows.map((row) => (row.kind === 'day' ? 'day' : `${String(row.first)}+${String(row.count)}`)),
      ['day', '0+3', '3+2', 'day', '5+3', '8+1', 'day', '9+3'],
    );
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
      assert.ok(row?.kind === 'images' && row.first <= index && index < row.first + row.count);
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

  it('moves up and down in a column, past the line of a day and its short row', () => {
    const move = (index: number, where: 'up' | 'down') =>
      moveFrom(rows, createdAt.length, index, where);
    assert.equal(move(2, 'down'), 4);
    assert.equal(move(4, 'down'), 6);
    assert.equal(move(6, 'up'), 4);
    assert.equal(move(0, 'up'), 0);
    assert.equal(move(11, 'down'), 11);
  });

  it('moves along a row, to its ends, and to the ends of all', () => {
    const total = createdAt.length;
    assert.equal(moveFrom(rows, total, 2, 'right'), 3);
    assert.equal(moveFrom(rows, total, 0, 'left'), 0);
    assert.equal(moveFrom(rows, total, 11, 'right'), 11);
    assert.equal(moveFrom(rows, total, 4, 'rowStart'), 3);
    assert.equal(moveFrom(rows, total, 5, 'rowEnd'), 7);
    assert.equal(moveFrom(rows, total, 5, 'start'), 0);
    assert.equal(moveFrom(rows, total, 5, 'end'), 11);
    assert.equal(movePage(rows, total, 0, 2, 'down'), 5);
    assert.equal(movePage(rows, total, 11, 9, 'up'), 0);
  });
});
