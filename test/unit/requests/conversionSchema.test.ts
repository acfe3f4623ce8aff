import assert from 'node:assert/strict';
import { parseConversionOptions as parse } from '../../../src/requests/conversionSchema.ts';

const isUri = (value: unknown): value is URL => value instanceof URL;
const parseConversionOptions = (given: unknown) => parse(given, isUri);

describe('the options of a conversion', () => {
  it('are taken as they are when each is right', () => {
    const options = { format: 'webp', quality: 70, widths: [640, 1280], hash: true };
    assert.deepEqual(parseConversionOptions(options), options);
    assert.deepEqual(parseConversionOptions({ format: 'png', maxWidth: 1 }), {
      format: 'png',
      maxWidth: 1,
    });
  });

  it('may be any of them, or none', () => {
    const output = new URL('file:///site/small/');
    for (const options of [{}, { maxWidth: 1280 }, { output }, { quality: 82 }])
      assert.deepEqual(parseConversionOptions(options), options);
    assert.deepEqual(parseConversionOptions({ format: 'png', other: 1 }), { format: 'png' });
  });

  it('name the field that is wrong', () => {
    const wrong: [unknown, string][] = [
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
      [{ format: 'webp', output: 'small' }, 'output'],
      [{ format: null }, 'format'],
      ['webp', ''],
      [
        {
          get format() {
            throw new Error('Not today');
          },
        },
        '',
      ],
      [null, ''],
    ];
    for (const [given, field] of wrong)
      assert.deepEqual(parseConversionOptions(given), { wrongField: field }, field);
  });
});
