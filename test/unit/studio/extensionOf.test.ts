import assert from 'node:assert/strict';
import { shippedModels } from '../../../src/evolink/models/shippedModels.ts';
import type { Job } from '../../../src/jobs/job.ts';
import { extensionOf } from '../../../src/studio/draft/extensionOf.ts';
import { sample } from '../jobs/sampleJobs.ts';

describe('the extension of the next image', () => {
  const row = (id: string) => shippedModels.find((each) => each.id === id)!;
  const saved = (model: string, uri: string) => ({ ...sample.saved, model, uri }) as Job;

  it('is that of the last one of the model', () => {
    const jobs = [
      saved('gpt-image-1.5', 'file:///a/other.png'),
      saved('z-image-turbo', 'file:///a/last.webp'),
      saved('z-image-turbo', 'file:///a/before.png'),
    ];
    assert.equal(extensionOf(row('z-image-turbo'), jobs), '.webp');
  });

  it('is the first that the model offers, and not told where nobody says it', () => {
    assert.equal(extensionOf(row('gpt-image-2'), []), '.png');
    assert.equal(extensionOf({ id: 'x', outputFormats: ['jpeg', 'png'] }, []), '.jpg');
    assert.equal(extensionOf(row('gpt-image-1.5-lite'), []), '.png');
    assert.equal(extensionOf(row('gemini-3.1-flash-image-preview'), []), '.…');
  });
});
