import assert from 'node:assert/strict';
import { checkRequest, type ImageRequest, toJobs } from '../../../src/requests/imageRequest.ts';
import { RequestError } from '../../../src/requests/requestError.ts';

const request: ImageRequest = {
  prompt: 'a fox',
  model: 'gpt-image-1.5-lite',
  size: '1024x1024',
  quality: 'auto',
  count: 1,
  references: [],
};

function settingOf(check: () => void): string | undefined {
  try {
    check();
  } catch (thrown) {
    assert(thrown instanceof RequestError && thrown.problem.kind === 'value');
    return thrown.problem.setting;
  }
  assert.fail('It was expected to be refused');
}

describe('checking a request', () => {
  it('lets pass what the model takes', () => {
    checkRequest(request, {});
  });

  it('names the setting that a wrong value comes from', () => {
    for (const field of ['model', 'size', 'quality'] as const)
      assert.equal(
        settingOf(() => checkRequest({ ...request, [field]: 'odd' }, {})),
        field,
      );
  });

  it('names no setting for a value that the caller gave', () => {
    for (const field of ['model', 'size', 'quality'] as const)
      assert.equal(
        settingOf(() => checkRequest({ ...request, [field]: 'odd' }, { [field]: 'odd' })),
        undefined,
      );
  });

  it('names no setting for a prompt or references', () => {
    const references = Array<string>(17).fill('https://a/b.png');
    for (const wrong of [{ prompt: ' ' }, { references }])
      assert.equal(
        settingOf(() => checkRequest({ ...request, ...wrong }, {})),
        undefined,
      );
  });
});

describe('the jobs of a request', () => {
  it('are one for each image, numbered, at one destination', () => {
    const destination = { folderUri: 'file:///w/images', name: '${promptSlug}' };
    const location = { destination, workspaceUri: 'file:///w' };
    const { count: _, ...spec } = request;
    assert.deepEqual(toJobs({ ...request, count: 2 }, location), [
      { ...spec, ...location, variation: 1 },
      { ...spec, ...location, variation: 2 },
    ]);
  });
});
