import { strict as assert } from 'node:assert';
import { createImageFiles } from '../../../../src/jobs/imageFiles/imageFiles.ts';
import type { Job, SavedJob } from '../../../../src/jobs/job.ts';
import { nodePlatform } from '../../../../src/jobs/nodePlatform.ts';
import type { Store } from '../../../../src/jobs/store/store.ts';
import { sample } from '../sampleJobs.ts';
import { StoreFixture } from '../store/storeFixture.ts';

const { clock } = nodePlatform;

describe('files of jobs', () => {
  const fixture = new StoreFixture().use();
  let store: Store;
  let told: Job[];
  let stop: AbortController;

  beforeEach(() => {
    store = fixture.window(1);
    told = [];
    stop = new AbortController();
  });

  const files = () => {
    return createImageFiles({ store, clock, tell: (job) => told.push(job), signal: stop.signal });
  };

  const saved = (id: string, uri: string, more: Partial<SavedJob> = {}): SavedJob => {
    const job = { ...sample.saved, id, uri, taskId: `task-${id}`, ...more };
    store.add([job]);
    return job;
  };
  const placeOf = (id: string) => (store.get(id) as SavedJob).uri;

  it('are followed when they move, and when that is undone', async () => {
    saved('fox', 'file:///a/fox.png');
    saved('owl', 'file:///b/owl.png');
    const { moved } = files();
    const there = moved([{ from: 'file:///a', to: 'file:///c' }]);
    const back = moved([{ from: 'file:///c', to: 'file:///a' }]);
    await there;
    assert.equal(placeOf('fox'), 'file:///c/fox.png');
    await back;
    assert.equal(placeOf('fox'), 'file:///a/fox.png');
    assert.equal(placeOf('owl'), 'file:///b/owl.png');
    assert.deepEqual(
      told.map(({ id }) => id),
      ['fox', 'fox'],
    );
  });

  it('are where another window says that they are', async () => {
    const other = fixture.window(2);
    saved('fox', 'file:///a/fox.png');
    other.takeChanges();
    await files().moved([{ from: 'file:///a/fox.png', to: 'file:///a/red fox.png' }]);
    const [news] = other.takeChanges() as SavedJob[];
    assert.equal(news?.uri, 'file:///a/red fox.png');
    assert.deepEqual(store.takeChanges(), []);
  });

  it('are followed for a job that another window works on', async () => {
    const other = fixture.window(2);
    const references = ['file:///a/source.png'];
    other.add([{ ...sample.queued, references }]);
    other.setMaxConcurrent(1);
    other.claim({ isOpen: () => true, isAtWork: () => false });
    await files().moved([{ from: 'file:///a', to: 'file:///b' }]);
    const job = other.advance(sample.queued.id, { type: 'uploading' });
    assert.deepEqual(job.references, ['file:///b/source.png']);
  });

  it('lock nothing when no job has one of them', async () => {
    saved('fox', 'file:///a/fox.png');
    const other = fixture.window(2);
    other.takeChanges();
    other.exclusively(() => {
      const part = store.filePlaces.imagesUnder('file:///', 1);
      assert.equal(part.found.length, 1);
    });
    await files().moved([{ from: 'file:///a/fox', to: 'file:///b' }]);
    assert.deepEqual(other.takeChanges(), []);
    assert.deepEqual(told, []);
  });

  it('are followed in parts, so that thousands of them do not hold up the window', async () => {
    const count = 1_000;
    store.add(
      Array.from({ length: count }, (_, index) => {
        const id = `job-${String(index)}`;
        return { ...sample.saved, id, taskId: id, uri: `file:///a/${id}.png` };
      }),
    );
    let turns = 0;
    let most = 0;
    let before = 0;
    const turn = () => {
      turns += 1;
      most = Math.max(most, told.length - before);
      before = told.length;
      if (told.length < count) setImmediate(turn);
    };
    setImmediate(turn);
    await files().moved([{ from: 'file:///a', to: 'file:///b' }]);
    assert.equal(told.length, count);
    assert.ok(turns > 2 && most <= 100, `${String(most)} at once`);
    assert.equal(placeOf('job-999'), 'file:///b/job-999.png');
  });

  it('are no longer followed when the window closes', async () => {
    saved('fox', 'file:///a/fox.png');
    stop.abort();
    await files().moved([{ from: 'file:///a', to: 'file:///b' }]);
    assert.equal(placeOf('fox'), 'file:///a/fox.png');
  });

  it('are found in what was deleted, and by no name that only begins like it', async () => {
    saved('fox', 'file:///a/fox.png');
    saved('owl', 'file:///a/owls/owl.png');
    saved('other', 'file:///a/fox.png.bak.png');
    const ids = async (...uris: string[]) =>
      (await files().imagesIn(uris)).map(({ job }) => job.id);
    assert.deepEqual(await ids('file:///a/fox.png'), ['fox']);
    assert.deepEqual(await ids('file:///a/owls', 'file:///a/fox.png'), ['fox', 'owl']);
    assert.deepEqual(await ids('file:///a/cat.png'), []);
  });

  it('are known that another file was moved over, and no others', async () => {
    saved('fox', 'file:///a/fox.png');
    saved('owl', 'file:///a/owl.png');
    saved('cat', 'file:///b/cat.png');
    const ids = async (...moves: { from: string; to: string }[]) =>
      (await files().imagesReplacedBy(moves)).map(({ job }) => job.id);
    const over = { from: 'file:///a/fox.png', to: 'file:///a/owl.png' };
    assert.deepEqual(await ids(over), ['owl']);
    // Both moved: they changed places.
    assert.deepEqual(await ids(over, { from: over.to, to: over.from }), []);
    assert.deepEqual(await ids({ from: 'file:///a', to: 'file:///b' }), ['cat']);
    assert.deepEqual(await ids({ from: 'file:///a', to: 'file:///c' }), []);
  });

  it('are put where they were found, unless that is the place of another image', async () => {
    const fox = saved('fox', 'file:///a/fox.png');
    saved('owl', 'file:///a/owl.png');
    const { relocate } = files();
    assert.equal(await relocate(fox, 'file:///a/owl.png'), undefined);
    assert.equal((await relocate(fox, 'file:///b/fox.png'))?.uri, 'file:///b/fox.png');
    // It was moved meanwhile.
    assert.equal(await relocate(fox, 'file:///c/fox.png'), undefined);
    assert.equal(placeOf('fox'), 'file:///b/fox.png');
  });

  it('of images out of the gallery keep no other image from their place', async () => {
    const fox = saved('fox', 'file:///a/fox.png');
    saved('owl', 'file:///a/owl.png');
    store.gallery.setHidden(store.gallery.keysOf(['owl']), 1);
    assert.deepEqual(store.filePlaces.placesOf(fox.sha256), ['file:///a/fox.png']);
    assert.equal((await files().relocate(fox, 'file:///a/owl.png'))?.uri, 'file:///a/owl.png');
  });
});
