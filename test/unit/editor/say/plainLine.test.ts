import assert from 'node:assert/strict';
import { oneLine, wholeLine } from '../../../../src/editor/say/plainLine.ts';
import { editorIcon, editorLink, hostileTexts } from './hostileTexts.ts';

const invisible = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{DI}\ufff9-\ufffb]/u;
const withoutIsolates = (text: string) => text.replace(/[\u2068\u2069]/g, '');

describe('a line of a foreign text', () => {
  const usual = [
    'lighthouse.png',
    'アイコン 画像.webp',
    'a (1).png',
    'photo[1].png',
    'naïve – café.jpg',
    'Tiếng Việt.png',
    '🏝️'.replace('\ufe0f', ''),
    'https://example.com/a.png?b=c&d=e',
    'costs $5 (five)',
    'a < b && c > d',
  ];
  for (const text of usual)
    it(`leaves ${text} as it is`, () => {
      assert.equal(oneLine(text), text);
      assert.equal(wholeLine(text), text);
    });

  for (const [what, text] of Object.entries(hostileTexts)) {
    it(`makes one bounded line of ${what}`, () => {
      const line = oneLine(text);
      assert.ok(line.length <= 202, String(line.length));
      assert.doesNotMatch(withoutIsolates(line), invisible);
      assert.ok(wholeLine(text).length <= 1_001);
      assert.doesNotMatch(withoutIsolates(wholeLine(text)), invisible);
    });

    it(`forms no link and no icon of ${what}`, () => {
      for (const line of [oneLine(text), wholeLine(text), wholeLine(`[a${text}`)]) {
        assert.doesNotMatch(line, editorLink);
        assert.doesNotMatch(line, editorIcon);
      }
    });

    it(`is the same when it is made of a line of ${what}`, () => {
      assert.equal(oneLine(oneLine(text)), oneLine(text));
      assert.equal(wholeLine(wholeLine(text)), wholeLine(text));
      assert.equal(wholeLine(oneLine(text)), oneLine(text));
    });
  }

  it('is cut at 200 characters, between two as people count them', () => {
    assert.equal(oneLine('x'.repeat(200)), 'x'.repeat(200));
    assert.equal(oneLine('x'.repeat(201)), `${'x'.repeat(199)}…`);
    assert.equal(oneLine(`${'x'.repeat(198)}😀yz`), `${'x'.repeat(198)}…`);
    assert.equal(oneLine(`${'x'.repeat(197)}e\u0301\u0302yz`), `${'x'.repeat(197)}…`);
    assert.equal(oneLine(`${'x'.repeat(197)}🇨🇳yz`), `${'x'.repeat(197)}…`);
    assert.equal(oneLine('two words', { maxChars: 5 }), 'two…');
  });

  it('is made of a huge text at once', () => {
    const huge = [' ', '[', '$(', '\u0301', 'https://', '\u200b', 'ש'].map((part) =>
      part.repeat(80_000 / part.length),
    );
    for (const text of huge) {
      const startedMs = performance.now();
      oneLine(text);
      wholeLine(text);
      const tookMs = performance.now() - startedMs;
      assert.ok(tookMs < 50, `${String(tookMs)} ms`);
    }
  });

  it('has one blank for many', () => {
    assert.equal(oneLine('  two\n\n \u3000lines\u2028.png '), 'two lines .png');
  });

  it('stands apart when it is written from right to left', () => {
    assert.equal(oneLine('שלום.png'), '\u2068שלום.png\u2069');
    assert.equal(oneLine('صورة.png'), '\u2068صورة.png\u2069');
  });

  it('shows the order in which it is written', () => {
    assert.equal(oneLine('photo\u202egnp.exe'), 'photognp.exe');
    assert.equal(oneLine('\u2069a\u2066b\u200f.png'), 'ab.png');
  });
});

describe('a whole line', () => {
  it('keeps what sets its parts apart', () => {
    const line = `Saved to ${oneLine('שלום.png')}, ${oneLine('صورة.png')}`;
    assert.equal(wholeLine(line), line);
  });

  it('ends what sets a part apart, and only that', () => {
    assert.equal(wholeLine('\u2068a'), '\u2068a\u2069');
    assert.equal(wholeLine('\u2068a\u2069\u2069 b\u2069'), '\u2068a\u2069 b');
    assert.match(wholeLine(`\u2068${'a'.repeat(2_000)}\u2069`), /…\u2069$/);
  });
});
