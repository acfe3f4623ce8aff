import assert from 'node:assert/strict';
import {
  type Choices,
  choicesAsGiven,
  choicesFor,
  differentChoices,
} from '../../../src/evolink/models/choices.ts';
import { type ModelRow, parseRows } from '../../../src/evolink/models/modelRow.ts';
import { findModel, shippedModels } from '../../../src/evolink/models/shippedModels.ts';
import { offeredSizes, pixelsOf, takesSize } from '../../../src/evolink/models/sizes.ts';
import { findProblems, type ModelRequest } from '../../../src/evolink/models/findProblems.ts';
import { promptLength } from '../../../src/evolink/models/promptLength.ts';

const good = {
  model: 'gpt-image-1.5-lite',
  prompt: 'A red fox in the snow',
  size: '1024x1024',
  quality: 'auto',
  references: [] as string[],
};
const reference = 'https://example.com/a.png';

describe('the rows of models', () => {
  it('have what the provider’s page says of the default', () => {
    const row = findModel('gpt-image-1.5-lite');
    assert.equal(shippedModels[0], row);
    assert.deepEqual(offeredSizes(row!.sizes), ['1024x1024', '1024x1536', '1536x1024']);
    for (const size of ['1:1', '2:3', '3:2']) assert.ok(takesSize(row!.sizes, size), size);
    assert.deepEqual(row?.qualities?.values.toSorted(), ['auto', 'high', 'low', 'medium']);
    const { prompt, references } = row;
    assert.deepEqual(
      [prompt.maxChars, references?.max, references?.maxBytes],
      [2000, 16, 52_428_800],
    );
    // Nothing else is sent.
    for (const field of ['resolutions', 'backgrounds', 'outputFormats', 'seed', 'mask'] as const)
      assert.equal(row[field], undefined);
  });

  it('are what a setting of one’s own could say', () => {
    const { rows, problems } = parseRows(shippedModels, []);
    assert.deepEqual(problems, []);
    assert.deepEqual(rows, shippedModels);
  });

  it('give a ratio the pixels of the size it stands for', () => {
    const row = findModel('gpt-image-1.5-lite')!;
    assert.deepEqual(pixelsOf(row, '2:3'), { width: 1024, height: 1536 });
    assert.deepEqual(pixelsOf(row, '3:2'), { width: 1536, height: 1024 });
    const beta = findModel('gpt-image-2-beta')!;
    assert.deepEqual(pixelsOf(beta, '9:16'), { width: 768, height: 1360 });
    const two = findModel('gpt-image-2')!;
    assert.deepEqual(pixelsOf(two, '1:1', '2K'), { width: 2048, height: 2048, isAbout: true });
    assert.equal(pixelsOf(two, 'auto', '2K'), undefined);
    for (const size of ['constructor', 'toString', '__proto__', ''])
      assert.equal(pixelsOf(beta, size), undefined, size);
  });

  const sizes: [string, string, boolean][] = [
    ['gpt-image-2', '1024x1024', true],
    ['gpt-image-2', '3840x2160', true],
    ['gpt-image-2', '3840x2176', false],
    ['gpt-image-2', '1000x1024', false],
    ['gpt-image-2', '3856x1024', false],
    ['gpt-image-2', '640x1024', true],
    ['gpt-image-2', '624x1024', false],
    ['gpt-image-2', '2400x800', true],
    ['gpt-image-2', '3200x1024', false],
    ['gpt-image-2', 'auto', true],
    ['gpt-image-2', '1024×1024', false],
    ['gpt-image-2', '01024x1024', false],
    ['gpt-image-2', '1e3x1024', false],
    ['gpt-image-2-beta', '1024x1024', false],
    ['gpt-image-2-beta', '21:9', true],
    ['gemini-3.1-flash-image-preview', '8:1', true],
    ['gemini-3.1-flash-image-preview', '1:2', false],
    ['z-image-turbo', '376x1536', true],
    ['z-image-turbo', '375x1024', false],
    ['z-image-turbo', '1024x1537', false],
    ['z-image-turbo', 'auto', false],
  ];
  for (const [model, size, isTaken] of sizes)
    it(`${isTaken ? 'take' : 'refuse'} ${size} for ${model}`, () => {
      assert.equal(takesSize(findModel(model)!.sizes, size), isTaken);
    });
});

describe('a row of one’s own', () => {
  const own: ModelRow = {
    id: 'doubao-seedream-4.5',
    prompt: { maxTokens: 2000 },
    sizes: { ratios: ['1:1', '3:2'], default: '1:1' },
    resolutions: { values: ['2K', '4K'], default: '2K' },
  };
  const bad: [string, unknown, string, string][] = [
    ['no object', 'gpt', '', 'form'],
    ['no id', { ...own, id: undefined }, 'id', 'form'],
    ['an id of many lines', { ...own, id: 'a\nb' }, 'id', 'form'],
    ['an endless id', { ...own, id: 'a'.repeat(100_000) }, 'id', 'form'],
    ['a field that nobody knows', { ...own, qualitys: [] }, 'qualitys', 'form'],
    [
      'a ratio that is none',
      { ...own, sizes: { ratios: ['1:0'], default: '1:1' } },
      'sizes.ratios.0',
      'form',
    ],
    [
      'a default it does not take',
      { ...own, sizes: { ratios: ['1:1'], default: '2:3' } },
      'sizes',
      'form',
    ],
    [
      'no list where one belongs',
      { ...own, resolutions: { values: '2K', default: '2K' } },
      'resolutions.values',
      'form',
    ],
    ['an endless list', { ...own, backgrounds: Array(1e5).fill('x') }, 'backgrounds', 'form'],
    [
      'a default among no values',
      { ...own, qualities: { values: ['low'], default: 'high' } },
      'qualities.default',
      'form',
    ],
    [
      'more references than it takes',
      { ...own, references: { min: 3, max: 2, maxBytes: 1 } },
      'references.min',
      'form',
    ],
    ['no seed between its limits', { ...own, seed: { min: 5, max: 4 } }, 'seed.min', 'form'],
    [
      'a resolution for ratios that it has not',
      {
        ...own,
        sizes: { list: ['8x8'], default: '8x8' },
        resolutions: { ...own.resolutions, onlyWithRatios: true },
      },
      'resolutions',
      'form',
    ],
    ...[
      { minSide: 1025, maxSide: 1024 },
      { minArea: 2_000_000, maxArea: 1_000_000 },
      { maxSide: 1024, minArea: 1_048_577 },
      { minSide: 1025, maxArea: 1_048_576 },
      { multipleOf: 1000, minSide: 1001, maxSide: 1999 },
      { multipleOf: 1000, minArea: 2_000_001, maxArea: 2_999_999 },
      { multipleOf: 1000, minArea: 2_000_000, maxArea: 3_000_000, maxRatio: 1.9 },
    ].map((pixels): [string, unknown, string, string] => [
      `no size within ${JSON.stringify(pixels)}`,
      { ...own, sizes: { ...own.sizes, pixels } },
      'sizes.pixels',
      'form',
    ]),
    ['references without a number', { ...own, references: {} }, 'references.max', 'form'],
    [
      'two meanings of the quality',
      {
        ...own,
        qualities: { values: ['low'], default: 'low' },
        resolutions: { ...own.resolutions, sentAs: 'quality' },
      },
      'resolutions',
      'form',
    ],
    ['the id of the default', { ...own, id: 'gpt-image-1.5-lite' }, 'id', 'shipped'],
    ['the id of another row', own, 'id', 'twice'],
  ];
  for (const [what, row, field, kind] of bad)
    it(`is left out with ${what}, and the others count`, () => {
      const { rows, problems } = parseRows([own, row], shippedModels);
      assert.deepEqual(rows, [own]);
      assert.deepEqual(problems, [{ row: 2, field, kind }]);
    });

  const narrow = [
    {},
    { minSide: 1024, maxSide: 1024 },
    { multipleOf: 1000, minArea: 2_000_000, maxArea: 2_000_000, maxRatio: 2 },
    { multipleOf: 65_536 },
  ];
  for (const pixels of narrow)
    it(`may have limits as narrow as ${JSON.stringify(pixels)}`, () => {
      const row = { ...own, sizes: { ...own.sizes, pixels } };
      assert.deepEqual(parseRows([row], shippedModels), { rows: [row], problems: [] });
    });

  it('is none where the setting is no list', () => {
    for (const setting of [undefined, null, 7, 'x', { 0: own }])
      assert.deepEqual(parseRows(setting, shippedModels), { rows: [], problems: [] });
  });

  it('is checked as any other', () => {
    const rows = [...shippedModels, own];
    const request = { ...good, model: own.id, size: '3:2', quality: '', resolution: '4K' };
    assert.deepEqual(findProblems(request, rows), []);
    const [problem] = findProblems({ ...request, resolution: '8K' }, rows);
    assert.deepEqual(problem, {
      field: 'resolution',
      kind: 'unknown',
      value: '8K',
      allowed: ['2K', '4K'],
    });
  });
});

describe('choices for a model', () => {
  const settings = { size: '1024x1024', quality: 'auto', resolution: '' };
  const on = (
    model: string,
    asked: Partial<Choices> = {},
    otherwise: Partial<Choices> = settings,
  ) => choicesFor(findModel(model)!, shippedModels, asked, otherwise);

  it('are those of the settings where the model takes them', () => {
    assert.deepEqual(on('gpt-image-1.5-lite'), {
      size: '1024x1024',
      quality: 'auto',
      adjustments: [],
    });
  });

  const nearest: [string, Partial<Choices>, Omit<Choices, 'quality'> & { quality?: string }][] = [
    ['gpt-image-1.5', {}, { size: '1024x1024', quality: 'high' }],
    ['gpt-image-2', {}, { size: '1024x1024', quality: 'medium' }],
    ['gpt-image-2', { resolution: '4K' }, { size: '1:1', quality: 'medium', resolution: '4K' }],
    ['gpt-image-2', { size: '4:1' }, { size: '3:1', quality: 'medium', resolution: '1K' }],
    ['gpt-image-2-beta', { size: '1536x1024' }, { size: '3:2' }],
    ['gpt-image-1.5-lite', { size: '16:9' }, { size: '1536x1024', quality: 'auto' }],
    ['gpt-image-1.5-lite', { size: 'auto' }, { size: '1024x1024', quality: 'auto' }],
    ['gemini-3.1-flash-image-preview', {}, { size: '1:1', resolution: '2K' }],
    ['z-image-turbo', { size: '3840x2160' }, { size: '16:9' }],
  ];
  for (const [model, change, { quality = '', ...rest }] of nearest)
    it(`give way to the nearest of ${model} for ${JSON.stringify(change)}`, () => {
      const { adjustments: _, ...choices } = on(model, {}, { ...settings, ...change });
      assert.deepEqual(choices, { quality, ...rest });
      assert.deepEqual(findProblems({ ...good, model, ...choices }), []);
    });

  it('of several images are each that differs, once, as the model takes them', () => {
    const images = ['1536x1024', '1024x1024', '1:1', '16:9'].map((size) => ({
      size,
      quality: 'low',
    }));
    const row = findModel('gemini-3.1-flash-image-preview')!;
    assert.deepEqual(differentChoices(row, shippedModels, images), [
      { size: '3:2', quality: '', resolution: '2K' },
      { size: '1:1', quality: '', resolution: '2K' },
      { size: '16:9', quality: '', resolution: '2K' },
    ]);
  });

  it('of a model that nobody knows are what was given, and nothing else of it', () => {
    const asked = { size: '8x8', quality: undefined, count: 4, references: ['a'], output: 'b' };
    assert.deepEqual(choicesAsGiven(asked, settings), {
      size: '8x8',
      quality: 'auto',
      resolution: undefined,
    });
  });

  it('tell what gave way, and what stands for it', () => {
    assert.deepEqual(
      on('gpt-image-2-beta', {}, { size: '1536x1024', quality: 'high' }).adjustments,
      [],
    );
    const { adjustments } = on('gpt-image-1.5-lite', {}, { size: '16:9', quality: 'low' });
    assert.deepEqual(adjustments, [{ field: 'size', value: '16:9', used: '1536x1024' }]);
  });

  it('stay as they are where no model takes them, or they were asked for', () => {
    const { size, quality } = on('gpt-image-1.5-lite', {}, { size: '9x9', quality: 'best' });
    assert.deepEqual([size, quality], ['9x9', 'best']);
    assert.equal(on('gpt-image-1.5-lite', { size: '16:9' }).size, '16:9');
    assert.equal(on('z-image-turbo', { resolution: '4K' }).resolution, '4K');
  });
});

describe('a request', () => {
  const accepted: [string, Partial<typeof good>][] = [
    ['as it should be', {}],
    ['with a prompt of 2000 characters', { prompt: 'x'.repeat(2000) }],
    ['with a prompt of 2000 emoji', { prompt: '🦊'.repeat(2000) }],
    ['with a prompt of 2000 Chinese characters', { prompt: '狐'.repeat(2000) }],
    ['with 16 references', { references: Array<string>(16).fill(reference) }],
    ...['1024x1024', '1024x1536', '1536x1024', '1:1', '2:3', '3:2'].map(
      (size): [string, Partial<typeof good>] => [`of size ${size}`, { size }],
    ),
    ...['auto', 'low', 'medium', 'high'].map((quality): [string, Partial<typeof good>] => [
      `of quality ${quality}`,
      { quality },
    ]),
  ];
  for (const [what, fields] of accepted) {
    it(`may be sent ${what}`, () => {
      assert.deepEqual(findProblems({ ...good, ...fields }), []);
    });
  }

  const sizes = ['1024x1024', '1024x1536', '1536x1024'];
  const qualities = ['auto', 'low', 'medium', 'high'];
  const refused: [string, Partial<typeof good>, object][] = [
    ['an empty prompt', { prompt: '' }, { field: 'prompt', kind: 'empty' }],
    ['a blank prompt', { prompt: ' \n\t\u3000' }, { field: 'prompt', kind: 'empty' }],
    [
      'a prompt of 2001 characters',
      { prompt: 'x'.repeat(2001) },
      { field: 'prompt', kind: 'tooLong', length: 2001, limit: 2000 },
    ],
    [
      'a prompt of 2001 emoji',
      { prompt: '🦊'.repeat(2001) },
      { field: 'prompt', kind: 'tooLong', length: 2001, limit: 2000 },
    ],
    [
      'another size',
      { size: '512x512' },
      { field: 'size', kind: 'unknown', value: '512x512', allowed: sizes },
    ],
    [
      'another quality',
      { quality: 'best' },
      { field: 'quality', kind: 'unknown', value: 'best', allowed: qualities },
    ],
    [
      '17 references',
      { references: Array<string>(17).fill(reference) },
      { field: 'references', kind: 'tooMany', length: 17, limit: 16 },
    ],
    [
      'a model that does not exist',
      { model: 'paint-1', size: 'x' },
      {
        field: 'model',
        kind: 'unknown',
        value: 'paint-1',
        allowed: shippedModels.map(({ id }) => id),
      },
    ],
  ];
  for (const [what, fields, problem] of refused) {
    it(`is stopped by ${what}`, () => {
      assert.deepEqual(findProblems({ ...good, ...fields }), [problem]);
    });
  }

  const others: [string, Partial<ModelRequest>, object][] = [
    [
      'a resolution for the default',
      { resolution: '2K' },
      { field: 'resolution', kind: 'unsupported', model: good.model },
    ],
    [
      'a seed for the default',
      { seed: 1 },
      { field: 'seed', kind: 'unsupported', model: good.model },
    ],
    [
      'a background for the default',
      { background: 'opaque' },
      { field: 'background', kind: 'unsupported', model: good.model },
    ],
    [
      'a quality for one without',
      { model: 'z-image-turbo', size: '1:1' },
      { field: 'quality', kind: 'unsupported', model: 'z-image-turbo' },
    ],
    [
      'a seed of nought',
      { model: 'z-image-turbo', size: '1:1', quality: '', seed: 0 },
      { field: 'seed', kind: 'outside', min: 1, max: 2_147_483_647 },
    ],
    [
      'a reference for one without',
      { model: 'z-image-turbo', size: '1:1', quality: '', references: [reference] },
      { field: 'references', kind: 'tooMany', length: 1, limit: 0 },
    ],
    [
      'a resolution beside pixels',
      { model: 'gpt-image-2', quality: 'low', resolution: '2K' },
      { field: 'resolution', kind: 'onlyWithRatios', size: '1024x1024' },
    ],
    [
      'a transparent JPEG',
      { model: 'gpt-image-2', quality: 'low', background: 'transparent', outputFormat: 'jpeg' },
      { field: 'background', kind: 'needsAlpha' },
    ],
    [
      '60,001 bytes',
      { model: 'gpt-image-2', quality: 'low', prompt: `${'狐'.repeat(20_000)}x` },
      { field: 'prompt', kind: 'tooManyBytes', length: 60_001, limit: 60_000 },
    ],
    [
      'more tokens than can be',
      { model: 'gpt-image-1.5', quality: 'low', prompt: '狐'.repeat(4001) },
      { field: 'prompt', kind: 'tooManyTokens', length: 2001, limit: 2000 },
    ],
    [
      '17 references for 14',
      {
        model: 'gemini-3.1-flash-image-preview',
        size: '1:1',
        quality: '',
        references: Array<string>(17).fill(reference),
      },
      { field: 'references', kind: 'tooMany', length: 17, limit: 14 },
    ],
  ];
  for (const [what, fields, problem] of others)
    it(`is stopped by ${what}`, () => {
      assert.deepEqual(findProblems({ ...good, ...fields }), [problem]);
    });

  it('is told every problem at once, each with its field', () => {
    const request = { ...good, prompt: '', size: 'x', quality: 'y' };
    const fields = findProblems(request).map(({ field }) => field);
    assert.deepEqual(fields, ['prompt', 'size', 'quality']);
  });

  it('has its characters counted as a user counts them', () => {
    assert.equal(promptLength(''), 0);
    assert.equal(promptLength('a🦊狐'), 3);
    assert.equal(promptLength('\ud83e'), 1);
  });
});
