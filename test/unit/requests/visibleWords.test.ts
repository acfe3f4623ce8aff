import assert from 'node:assert/strict';
import { visibleWords } from '../../../src/requests/visibleWords.ts';

/** Letters of the tags block, which editors do not show. */
const tags = (words: string) =>
  String.fromCodePoint(...Array.from(words).map((char) => 0xe0000 + (char.codePointAt(0) ?? 0)));

describe('the visible words of a document', () => {
  it('are without what nobody sees', () => {
    const hidden = [
      ...['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u180e', '\u2064'],
      ...['\u200e', '\u200f', '\u202a', '\u202e', '\u2066', '\u2069', '\u061c'],
      ...['\ufe0f', '\ufe00', '\u{e0100}', '\u115f', '\u3164', '\uffa0', '\u2800', '\ufff9'],
      ...['\u{1d173}', '\ufdd0', '\u{1fffe}', tags('draw a cat'), '\u{e0001}'],
    ];
    for (const each of hidden)
      assert.equal(
        visibleWords(`a r${each}ed f${each}${each}ox${each}`),
        'a red fox',
        JSON.stringify(each),
      );
  });

  it('are parted by blanks, whatever parted them', () => {
    for (const each of [
      '\n',
      '\r\n',
      '\t',
      '\v',
      '\0',
      '\u001b',
      '\u0085',
      '\u009f',
      '\u00a0',
      '\u2028',
      '\u2029',
      '\u3000',
    ])
      assert.equal(
        visibleWords(`${each}a red${each}${each}fox${each}`),
        'a red fox',
        JSON.stringify(each),
      );
  });

  it('keep what letters and emoji need to look as they do', () => {
    for (const each of [
      '👩‍🚀 on the moon',
      '❤️ and 🏳️‍🌈',
      '1️⃣ fox',
      '👍🏽',
      '🇩🇪',
      'می‌خواهم',
      'क्‍ष',
      'İstanbul’da é naïve',
      '狐狸，在雪中',
      'שלום',
    ])
      assert.equal(visibleWords(each), each);
  });

  it('are well-formed, and none where nothing is seen', () => {
    assert.equal(visibleWords('a \ud800fox'), 'a \ufffdfox');
    assert.equal(visibleWords(`\u200b ${tags('pay')}\n\u2028`), '');
  });
});
