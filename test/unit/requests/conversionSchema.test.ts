import assert from 'node:assert/strict';
import { parseConversionOptions } from '../../../src/requests/conversionSchema.ts';

describe('the options of a conversion', () => {
  it('are taken as they are when each is right', () => {
    const options = { format: 'webp', quality: 70, widths: [640, 1280], hash: true };
    assert.deepEqual(parseConversionOptions(options), options);
    assert.deepEqual(parseConversionOptions({ format: 'png', maxWidth: 1 }), {
      format: 'png',
      maxWidth: 1,
    });
  });

  it('name the field that is wrong', () => {
    const wrong: [unknown, string][] = [
      [{}, 'format'],
      [{ format: 'gif' }, 'format'],
      [{ format: 'original' }, 'format'],
      [{ format: 'webp', quality: 0 }, 'quality'],
      [{ format: 'webp', quality: 101 }, 'quality'],
      [{ format: 'webp', maxWidth: 1.5 }, 'maxWidth'],
      [{ format: 'webp', maxWidth: 20_000 }, 'maxWidth'],
      [{ format: 'webp', widths: [] }, 'widths'],
      [{ format: 'webp', widths: [640, '1280'] }, 'widths.1'],
      [{ format: 'webp', widths: Array.from({ length: 99 }, (_, index) => index + 1) }, 'widths'],
      [{ format: 'webp', hash: 'yes' }, 'hash'],
      ['webp', ''],
      [null, ''],
    ];
    for (const [given, field] of wrong)
      assert.deepEqual(parseConversionOptions(given), { wrongField: field }, JSON.stringify(given));
  });
});
