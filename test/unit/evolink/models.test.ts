import assert from 'node:assert/strict';
import { findModel, findProblems, models, promptLength } from '../../../src/evolink/models.ts';

const good = {
  model: 'gpt-image-1.5-lite',
  prompt: 'A red fox in the snow',
  size: '1024x1024',
  quality: 'auto',
  references: [] as string[],
};
const reference = 'https://example.com/a.png';

describe('the model’s row', () => {
  it('has what the provider’s page says', () => {
    const model = findModel('gpt-image-1.5-lite');
    assert.deepEqual(
      model?.sizes.map((size) => size.id),
      ['1024x1024', '1024x1536', '1536x1024', '1:1', '2:3', '3:2'],
    );
    assert.deepEqual(model.qualities.toSorted(), ['auto', 'high', 'low', 'medium']);
    const { maxPromptChars, maxReferences, maxReferenceBytes } = model;
    assert.deepEqual([maxPromptChars, maxReferences, maxReferenceBytes], [2000, 16, 52_428_800]);
  });

  it('gives an alias the pixels of the size it stands for', () => {
    for (const { sizes } of models) {
      for (const { isAlias, width, height, shape } of sizes) {
        if (!isAlias) continue;
        const offered = sizes.find((size) => !size.isAlias && size.shape === shape);
        assert.deepEqual([offered?.width, offered?.height], [width, height]);
      }
    }
  });

  it('has a shape that fits its pixels', () => {
    for (const { width, height, shape } of models.flatMap((model) => model.sizes)) {
      const fitting = width === height ? 'square' : width < height ? 'portrait' : 'landscape';
      assert.equal(shape, fitting);
    }
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
      { field: 'model', kind: 'unknown', value: 'paint-1', allowed: ['gpt-image-1.5-lite'] },
    ],
  ];
  for (const [what, fields, problem] of refused) {
    it(`is stopped by ${what}`, () => {
      assert.deepEqual(findProblems({ ...good, ...fields }), [problem]);
    });
  }

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
