import assert from 'node:assert/strict';
import { AppError } from '../../../src/appError.ts';
import { checkRequest, toJobs } from '../../../src/requests/imageRequest.ts';
import { fileNameOfOutput } from '../../../src/requests/outputRules.ts';
import { referenceKind } from '../../../src/requests/referenceKind.ts';
import { parseCommandOptions, parseJsonOptions } from '../../../src/requests/requestSchema.ts';
import { maxImagesPerRequest, maxReferenceUris } from '../../../src/shared/limits.ts';
import { createFuzz, longestText } from '../fuzz.ts';

class FakeUri {
  readonly path = '/a.png';
}
const isUri = (value: unknown) => value instanceof FakeUri;

const sample = {
  prompt: 'a fox',
  size: '1024x1024',
  quality: 'auto',
  count: 2,
  references: ['a.png', 'https://files.example/b.png'],
};
const location = { destination: { folderUri: 'file:///images', name: '${promptSlug}' } };
const perSeed = 5_000;

/** What a command does with its arguments before anything is asked or paid. */
function jobsOf(given: unknown, isJson: boolean): number {
  const options = isJson ? parseJsonOptions(given) : parseCommandOptions(given, isUri);
  const { output, prompt = 'x', count = 1, size = '1024x1024', quality = 'auto' } = options;
  const references = (options.references ?? []).map(String);
  references.forEach(referenceKind);
  if (typeof output === 'string') fileNameOfOutput(output);
  assert.ok(longestText(options) <= 100_000 && references.length <= maxReferenceUris);
  const request = { prompt, model: 'gpt-image-1.5-lite', size, quality, count, references };
  checkRequest(request, options);
  return toJobs(request, location).length;
}

describe('arguments of commands', () => {
  for (const isJson of [false, true])
    for (const seed of [1, 2]) {
      const kind = isJson ? 'JSON' : 'values of the editor';
      it(`are jobs or a refusal of ours: ${String(perSeed)} ${kind}, seed ${String(seed)}`, () => {
        const fuzz = createFuzz(seed);
        const given = isJson
          ? { ...sample, model: 'gpt-image-1.5-lite', output: 'a.png' }
          : { ...sample, output: new FakeUri(), open: true };
        let [jobs, refused] = [0, 0];
        for (let count = 0; count < perSeed; count += 1) {
          try {
            const made = jobsOf(fuzz.below(10) === 0 ? fuzz.value() : fuzz.like(given), isJson);
            assert.ok(made >= 1 && made <= maxImagesPerRequest);
            jobs += 1;
          } catch (thrown) {
            if (!(thrown instanceof AppError)) throw thrown;
            assert.deepEqual([thrown.code, thrown.details.sent], ['badRequest', 'no']);
            refused += 1;
          }
        }
        assert.ok(jobs > perSeed / 20 && refused > perSeed / 20, `${String(jobs)} were jobs`);
      });
    }
});
