import { strict as assert } from 'node:assert';
import { parseStyles } from '../../../src/studio/draft/parseStyles.ts';

const watercolour = { before: 'A watercolour of', after: 'on rough paper' };

describe('the styles of a setting', () => {
  it('have a name and texts', () => {
    assert.deepEqual(parseStyles({ ' Watercolour ': watercolour, Plain: {} }), [
      { name: 'Watercolour', ...watercolour },
      { name: 'Plain' },
    ]);
  });

  it('are those that are right, beside others that are not', () => {
    const wrong = {
      '': watercolour,
      [' '.repeat(40_000)]: watercolour,
      ['x'.repeat(61)]: watercolour,
      long: { before: ' '.repeat(200_000) },
      number: { after: 7 },
      nothing: null,
      text: 'text',
      list: [],
    };
    const names = parseStyles({ ...wrong, Watercolour: watercolour }).map(({ name }) => name);
    assert.deepEqual(names, ['list', 'Watercolour']);
  });

  it('are a hundred at most', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => [`style ${String(index)}`, {}]);
    assert.equal(parseStyles(Object.fromEntries(many)).length, 100);
  });

  it('are none where the setting is something else', () => {
    for (const setting of [undefined, null, 'text', 7, [watercolour]])
      assert.deepEqual(parseStyles(setting), []);
  });
});
