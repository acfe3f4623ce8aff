import assert from 'node:assert/strict';
import { formatBytes } from '../../../src/shared/formatBytes.ts';
import { formatUsd } from '../../../src/shared/formatUsd.ts';
import {
  countChars,
  fill,
  formatDay,
  formatDuration,
  roundRemaining,
  splitName,
  startOfDay,
} from '../../../src/webview/studio/format.ts';

const words = { today: 'Today', yesterday: 'Yesterday' };
const spaced = (text: string) => text.replaceAll('\u00a0', ' ');

describe('words and numbers of the Studio', () => {
  it('keeps the end of a name whole, by which variations differ', () => {
    assert.deepEqual(splitName('an-old-harbour-2.png'), ['an-old-harbo', 'ur-2.png']);
    assert.deepEqual(splitName('fox.png'), ['', 'fox.png']);
    assert.deepEqual(splitName('a 👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧x.png'), ['a 👩‍👩‍👧', '👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧x.png']);
    assert.deepEqual(splitName(''), ['', '']);
  });

  it('fills sentences, in any order, and leaves what has no value', () => {
    assert.equal(fill('{1} of {0}', 5, 2), '2 of 5');
    assert.equal(fill('{0} {2}', 'a {1} b'), 'a {1} b {2}');
  });

  it('takes of a long value its beginning, between two characters', () => {
    const path = `${'x'.repeat(999)}🦊${'y'.repeat(100_000)}`;
    assert.equal(fill('{0}, {1}', path, 'b'), `${'x'.repeat(999)}…, b`);
    assert.equal(fill('{0}', 'x'.repeat(1_000)), 'x'.repeat(1_000));
  });

  it('counts characters as people do', () => {
    assert.equal(countChars('a🦊b'), 3);
    assert.equal(countChars('晨雾'), 2);
  });

  it('tells times as people say them', () => {
    assert.equal(spaced(formatDuration('en', 34_400)), '34 s');
    assert.equal(spaced(formatDuration('en', 0)), '0 s');
    assert.equal(spaced(formatDuration('en', 125_000)), '2 min 5 s');
    assert.equal(spaced(formatDuration('en', 3_725_000)), '1 hr 2 min');
    assert.equal(formatDuration('zh-cn', 34_000), '34秒');
  });

  it('promises no second that nobody knows', () => {
    assert.equal(roundRemaining(17_200), 20_000);
    assert.equal(roundRemaining(71_000), 80_000);
    assert.equal(roundRemaining(300), 1_000);
  });

  it('tells sizes with units', () => {
    assert.equal(formatBytes('en', 1_834_000), '1.8 MB');
    assert.equal(formatBytes('en', 900), '1 kB');
  });

  it('tells prices in whole cents, and smaller ones with two digits that count', () => {
    const told = [0.03, 0.12, 0.2, 0.0451, 1.25, 12].map((usd) => formatUsd('en', usd));
    assert.deepEqual(told, ['0.03', '0.12', '0.20', '0.045', '1.25', '12.00']);
  });

  it('names days, with the year when it is another', () => {
    const now = new Date(2026, 2, 29, 15).getTime();
    const day = (year: number, month: number, date: number) =>
      formatDay('en', startOfDay(new Date(year, month, date, 8).getTime()), now, words);
    assert.equal(day(2026, 2, 29), 'Today');
    assert.equal(day(2026, 2, 28), 'Yesterday');
    assert.equal(day(2026, 2, 20), 'Friday, March 20');
    assert.equal(day(2025, 11, 31), 'Wednesday, December 31, 2025');
  });
});
