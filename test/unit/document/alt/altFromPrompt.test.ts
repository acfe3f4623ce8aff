import assert from 'node:assert/strict';
import {
  altFromPrompt,
  altOfEdit,
  maxAltChars,
} from '../../../../src/document/alt/altFromPrompt.ts';

describe('an alternative text made of a prompt', () => {
  it('is the whole of a short one, without what only steers a model', () => {
    assert.equal(altFromPrompt('A red fox in the snow'), 'A red fox in the snow');
    assert.equal(
      altFromPrompt(' A fox,\n8k, highly detailed, at night --ar 16:9 --v 6'),
      'A fox, at night',
    );
    assert.equal(altFromPrompt('A fox. Negative prompt: people, text'), 'A fox');
  });

  it('ends with a sentence or a clause when the prompt is long', () => {
    const long = `A fox sits in the snow under a birch. ${'The light is warm and soft. '.repeat(20)}`;
    assert.match(altFromPrompt(long), /soft$/);
    assert.equal(
      altFromPrompt(`A fox sits in the snow, ${'warm light and '.repeat(20)}`),
      'A fox sits in the snow',
    );
    for (const hostile of [
      'a'.repeat(5_000),
      '🦊'.repeat(2_000),
      ' '.repeat(5_000),
      ', '.repeat(2_000),
    ]) {
      const alt = altFromPrompt(hostile);
      assert.ok(alt.length <= maxAltChars && alt.isWellFormed(), alt);
    }
  });

  it('names the source and the change of an edit', () => {
    assert.equal(altOfEdit('A red fox.', 'make it night'), 'A red fox (make it night)');
    assert.equal(altOfEdit('', 'make it night'), 'make it night');
    assert.equal(altOfEdit('A red fox', `make it ${'very '.repeat(40)}dark`), 'A red fox');
  });
});
