import assert from 'node:assert/strict';
import { imageWords } from '../../../src/document/imageWords.ts';
import type { Job } from '../../../src/jobs/job.ts';

const saved = (name: string, prompt: string, ...references: string[]): Job =>
  ({ state: 'saved', uri: `file:///site/${name}`, prompt, references }) as unknown as Job;

const jobs = [
  saved('night.png', 'with a moon', 'file:///site/dusk.png'),
  saved('dusk.png', 'make it dusk', 'file:///site/harbour.png'),
  saved('harbour.png', 'A harbour\nat dawn'),
  saved('photo.edit.png', 'remove the car', 'file:///site/my_old-photo%20%E9%9B%AA.png'),
  saved('long.png', 'word '.repeat(200)),
];
const words = (name: string) => imageWords(`file:///site/${name}`, jobs);

describe('the words for an image', () => {
  it('are its prompt', () => assert.equal(words('harbour.png'), 'A harbour at dawn'));

  it('are those of the source and the change for an edit', () => {
    assert.equal(words('dusk.png'), 'A harbour at dawn (make it dusk)');
    assert.equal(words('night.png'), 'A harbour at dawn (make it dusk, with a moon)');
  });

  it('begin with the name of a source that was not made here', () => {
    assert.equal(words('photo.edit.png'), 'my old photo 雪 (remove the car)');
  });

  it('are none for an image that was not made here', () => assert.equal(words('a.png'), ''));

  it('have an end, at a word', () => {
    assert.ok(words('long.png').length <= 125);
    assert.ok(words('long.png').endsWith(' word'));
  });
});
