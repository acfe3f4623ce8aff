import assert from 'node:assert/strict';
import { imageWords, jobOf } from '../../../src/document/imageWords.ts';
import type { Job } from '../../../src/jobs/job.ts';

const saved = (name: string, prompt: string, ...references: string[]): Job =>
  ({ state: 'saved', uri: `file:///site/${name}`, prompt, references }) as unknown as Job;

const jobs = [
  saved('night.png', 'with a moon', 'file:///site/dusk.png'),
  saved('dusk.png', 'make it dusk', 'file:///site/harbour.png'),
  saved('harbour.png', 'A harbour\nat dawn'),
  saved('photo.edit.png', 'remove the car', 'file:///site/my_old-photo%20%E9%9B%AA.png'),
  saved('long.png', 'word '.repeat(200)),
  saved('web.edit.png', 'add rain', 'file:///site/web.webp'),
  { ...saved('web.png', 'a web'), converted: { uri: 'file:///site/web.webp' } } as Job,
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

  it('are known for the file that was made of it, too, and for edits of that', () => {
    assert.equal(words('web.webp'), 'a web');
    assert.equal(words('web.png'), 'a web');
    assert.equal(words('web.edit.png'), 'a web (add rain)');
    const found = ['web.png', 'web.webp'].map((name) => jobOf(`file:///site/${name}`, jobs));
    assert.equal(found[0]?.prompt, 'a web');
    assert.equal(found[1], found[0]);
  });

  it('have an end, at a word', () => {
    assert.ok(words('long.png').length <= 125);
    assert.ok(words('long.png').endsWith(' word'));
  });
});
