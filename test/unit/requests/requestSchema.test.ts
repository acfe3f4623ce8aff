import assert from 'node:assert/strict';
import { RequestError, type RequestProblem } from '../../../src/requests/requestError.ts';
import { parseCommandOptions, parseJsonOptions } from '../../../src/requests/requestSchema.ts';
import { maxImagesPerRequest } from '../../../src/shared/limits.ts';

/** Stands for the editor's Uri, which plain Node does not have. */
class FakeUri {
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }
}
const isUri = (value: unknown) => value instanceof FakeUri;
const parseCommand = (given: unknown) => parseCommandOptions<FakeUri>(given, isUri);

function problemOf(parse: () => unknown): RequestProblem & { kind: 'option' } {
  try {
    parse();
  } catch (thrown) {
    assert(thrown instanceof RequestError);
    assert.deepEqual([thrown.code, thrown.details.sent], ['badRequest', 'no']);
    assert(thrown.problem.kind === 'option');
    return thrown.problem;
  }
  assert.fail('It was expected to be refused');
}

describe('the arguments of a command', () => {
  it('may be absent: a user is asked then', () => {
    assert.deepEqual(parseCommand(undefined), {});
    assert.deepEqual(parseCommand(null), {});
  });

  it('name files by Uris, and references also by text', () => {
    const [output, reference] = [new FakeUri('/out'), new FakeUri('/a.png')];
    const given = { prompt: 'x', references: [reference, 'b.png'], output, open: false, count: 8 };
    assert.deepEqual(parseCommand(given), given);
  });

  it('may have fields that mean nothing', () => {
    assert.deepEqual(parseCommand({ prompt: 'x', mood: 1 }), { prompt: 'x' });
  });

  it('may be an object that throws when it is read', () => {
    const angry = new Proxy({}, { has: () => true, get: () => assert.fail('not for you') });
    const getter = {
      get prompt() {
        throw new Error('not for you');
      },
    };
    for (const given of [angry, getter, { references: angry }, { references: [angry] }])
      problemOf(() => parseCommand(given));
  });

  const wrong: [Record<string, unknown> | string, string, string][] = [
    ['x', 'options', 'options'],
    [{ prompt: 7 }, 'prompt', 'text'],
    [{ size: null }, 'size', 'text'],
    [{ count: '2' }, 'count', 'number'],
    [{ count: 1.5 }, 'count', 'wholeNumber'],
    [{ count: 0 }, 'count', 'tooFew'],
    [{ count: maxImagesPerRequest + 1 }, 'count', 'tooMany'],
    [{ references: 'a.png' }, 'references', 'list'],
    [{ references: ['a.png', 7] }, 'references.1', 'uriOrText'],
    [{ output: '/out' }, 'output', 'uri'],
    [{ open: 'yes' }, 'open', 'flag'],
    [{ prompt: 'x'.repeat(100_001) }, 'prompt', 'tooLong'],
    [{ size: 'x'.repeat(201) }, 'size', 'tooLong'],
    [{ quality: 'x'.repeat(201) }, 'quality', 'tooLong'],
    [{ references: ['x'.repeat(8_193)] }, 'references.0', 'tooLong'],
    [{ references: Array<string>(65).fill('x') }, 'references', 'tooManyItems'],
    [{ references: Array<number>(1_000_000).fill(7) }, 'references', 'tooManyItems'],
  ];
  for (const [given, field, problem] of wrong) {
    it(`are refused as ${problem} of ${field} in ${JSON.stringify(given).slice(0, 60)}`, () => {
      const found = problemOf(() => parseCommand(given));
      assert.deepEqual([found.field, found.problem], [field, problem]);
    });
  }

  it('say how many images are the most', () => {
    assert.equal(problemOf(() => parseCommand({ count: 9 })).limit, maxImagesPerRequest);
  });
});

describe('a request as plain JSON', () => {
  it('names files by text, and may name its model', () => {
    const given = {
      prompt: 'x',
      model: 'gpt-image-1.5-lite',
      references: ['docs/a.png', 'https://a/b.png'],
      output: 'docs',
    };
    assert.deepEqual(parseJsonOptions(JSON.parse(JSON.stringify(given))), given);
  });

  const wrong: [unknown, string, string][] = [
    [null, 'options', 'options'],
    [{}, 'prompt', 'text'],
    [{ prompt: 'x', references: [{ path: '/a.png' }] }, 'references.0', 'text'],
    [{ prompt: 'x', output: {} }, 'output', 'text'],
    [{ prompt: 'x', count: 9 }, 'count', 'tooMany'],
  ];
  for (const [given, field, problem] of wrong) {
    it(`is refused as ${problem} of ${field} in ${JSON.stringify(given)}`, () => {
      const found = problemOf(() => parseJsonOptions(given));
      assert.deepEqual([found.field, found.problem], [field, problem]);
    });
  }
});
