import assert from 'node:assert/strict';
import { fillIn, nested } from '../../../../src/editor/say/fillIn.ts';
import { editorIcon, editorLink, hostileTexts } from './hostileTexts.ts';

describe('a text filled with values', () => {
  it('has each value in its place', () => {
    assert.equal(fillIn('Saved {0} images to {1}', 3, 'images'), 'Saved 3 images to images');
    assert.equal(fillIn('{1}, {0}, {1}', 'a', 'b'), 'b, a, b');
    assert.equal(fillIn('nothing'), 'nothing');
  });

  it('leaves a place without a value, and takes no value for a place', () => {
    assert.equal(fillIn('{0} {1}', '{1}{0}'), '{1}{0} {1}');
    assert.equal(fillIn('{0}', '$&$1'), '$&$1');
  });

  it('cuts a value, and not what stands around it', () => {
    assert.equal(fillIn('a {0} z', 'x'.repeat(500)), `a ${'x'.repeat(199)}… z`);
  });

  it('leaves a sentence of ours whole, and cuts it where the editor would', () => {
    const sentence = fillIn('{0} and {1}', 'x'.repeat(150), 'y'.repeat(150));
    assert.equal(fillIn('{0}!', nested(sentence)), `${sentence}!`);
    assert.equal(fillIn('{0}', nested('z'.repeat(5_000))).length, 1_000);
  });

  it('forms no link of several values, or of a value and the words around it', () => {
    const texts = Object.values(hostileTexts);
    const templates = [
      '{0}{1}',
      '[{0}]({1})',
      '[{0}{1}',
      '{0}({1})',
      '{0} {1}',
      '$({0}{1}',
      '${0}{1}',
    ];
    const parts = [
      ...texts,
      '[x]',
      '(command:x)',
      '[',
      ']',
      '(',
      '$',
      '(error)',
      'command:x)',
      'x',
    ];
    for (const template of templates)
      for (const first of parts)
        for (const second of parts)
          for (const text of [
            fillIn(template, first, second),
            fillIn(template, nested(first), nested(second)),
          ]) {
            assert.doesNotMatch(text, editorLink);
            assert.doesNotMatch(text, editorIcon);
          }
  });
});
