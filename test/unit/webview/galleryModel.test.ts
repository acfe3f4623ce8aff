import assert from 'node:assert/strict';
import type { Entry, EntryAction, Filter } from '../../../src/shared/studio/entry.ts';
import type { ToHost, ToPage } from '../../../src/shared/studioProtocol.ts';

/** The page's gallery, without the types of a browser. */
interface Gallery {
  news: number;
  isHidingNew: boolean;
  filter: Filter;
  selection: object;
  receiveGallery: (message: Extract<ToPage, { kind: 'gallery' }>) => void;
  deleteAt: (key: number) => void;
  discard: (keys: readonly number[]) => void;
  concernedBy: (action: EntryAction, key: number) => number[];
  variationsOf: (key: number) => readonly number[];
  rivalsOf: (key: number) => number[];
  replaceable: (keys: readonly number[]) => number[];
  follow: () => void;
  stopFollowing: () => void;
  takeFollowing: () => boolean;
  expectNew: () => void;
  look: (seen: { isAtStart: boolean; day: number | undefined }) => void;
}

function entryOf(key: number, actions: EntryAction[] = ['delete', 'open']): Entry {
  return {
    ...{ key, jobId: String(key), state: 'saved', prompt: 'a fox', model: 'a', size: '1:1' },
    ...{ quality: '', width: 1, height: 1, createdAt: 0, status: 'Saved', references: [] },
    isFavourite: false,
    image: { uri: 'file:///site/a.png', path: 'a.png', sizeBytes: 1, isMissing: false },
    actions,
  };
}

describe('the gallery of the page', () => {
  const hostPath: string = '../../../src/webview/studio/host.ts';
  const modelPath: string = '../../../src/webview/studio/gallery/galleryModel.ts';
  let host: { post: (message: ToHost) => void };
  let post: typeof host.post;
  let sent: ToHost[] = [];
  let gallery: Gallery;
  let create: () => Gallery;

  before(async () => {
    Object.assign(globalThis, { acquireVsCodeApi: () => ({}) });
    ({ host } = (await import(hostPath)) as { host: typeof host });
    ({ post } = host);
    host.post = (message) => sent.push(message);
    const { GalleryModel } = (await import(modelPath)) as {
      GalleryModel: new (changed: () => void, arrived: () => void) => Gallery;
    };
    create = () =>
      new GalleryModel(
        () => undefined,
        () => undefined,
      );
  });
  beforeEach(() => {
    sent = [];
    gallery = create();
  });
  after(() => {
    host.post = post;
    Reflect.deleteProperty(globalThis, 'acquireVsCodeApi');
  });

  /** Newest first; those with the same second are of one request. */
  function show(seconds: Record<number, number>, entries: Entry[] = []): void {
    const keys = Object.keys(seconds)
      .map(Number)
      .toSorted((a, b) => b - a);
    const { filter } = gallery;
    const createdAt = keys.map((key) => (seconds[key] ?? 0) * 1000);
    gallery.receiveGallery({ kind: 'gallery', filter, keys, createdAt, entries });
  }
  const select = (...keys: number[]) => {
    gallery.selection = { focus: keys[0], anchor: keys[0], selected: new Set(keys) };
  };
  const atStart = { isAtStart: true, day: 0 };
  const scrolled = { isAtStart: false, day: 0 };

  it('removes files and failed jobs of a selection at once, so that one undo brings all back', () => {
    show({ 1: 1, 2: 2, 3: 3, 4: 4 }, [
      entryOf(1),
      entryOf(2, ['remove']),
      entryOf(3, ['stop']),
      entryOf(4),
    ]);
    select(1, 2, 3);
    gallery.deleteAt(2);
    assert.deepEqual(sent, [{ kind: 'act', action: 'delete', keys: [2, 1] }]);
    sent = [];
    gallery.discard([2]);
    assert.deepEqual(sent, [{ kind: 'act', action: 'remove', keys: [2] }]);
    sent = [];
    gallery.discard([3]);
    assert.deepEqual(sent, []);
  });

  it('knows the variations of an image, and discards none that is still drawn', () => {
    const drawn = [5, 4, 2].map((key) => entryOf(key));
    show({ 6: 9, 5: 8, 4: 8, 3: 8, 2: 8, 1: 7 }, [entryOf(6), ...drawn, entryOf(3, ['stop'])]);
    assert.deepEqual(gallery.variationsOf(4), [5, 4, 3, 2]);
    assert.deepEqual(gallery.rivalsOf(4), [5, 2]);
    assert.deepEqual(gallery.variationsOf(6), []);
    assert.deepEqual(gallery.rivalsOf(6), []);
    assert.deepEqual(gallery.rivalsOf(99), []);
  });

  it('keeps beside a chosen one what is paid, or may be, and has no file', () => {
    const others: EntryAction[][] = [
      ['retry', 'remove'],
      ['resume', 'saveAs', 'makeAgain', 'remove'],
      ['lookUp', 'submitAgain', 'remove'],
      ['locate', 'makeAgain', 'remove'],
      ['saveAs'],
    ];
    const entries = others.map((actions, at) => entryOf(at + 1, actions));
    show({ 7: 8, 6: 8, 5: 8, 4: 8, 3: 8, 2: 8, 1: 8 }, [entryOf(7), entryOf(6), ...entries]);
    assert.deepEqual(gallery.rivalsOf(7), [6, 1]);
    assert.deepEqual(gallery.replaceable([6, 5, 4, 3, 2, 1]), [6, 1]);
    // Each alone can be taken out of the gallery still, and brought back.
    gallery.discard([2]);
    assert.deepEqual(sent, [{ kind: 'act', action: 'remove', keys: [2] }]);
  });

  it('says for how many of a selection an action is', () => {
    const many = Array.from({ length: 12 }, (_, at) => entryOf(at + 1));
    show(Object.fromEntries(many.map(({ key }) => [key, key])), many);
    select(1, 2, 3, 4);
    assert.deepEqual(gallery.concernedBy('open', 2), [4, 3, 2, 1]);
    assert.deepEqual(gallery.concernedBy('reveal', 2), []);
    assert.deepEqual(gallery.concernedBy('delete', 9), [9]);
    // More than the host opens at once.
    select(...many.map(({ key }) => key));
    assert.deepEqual(gallery.concernedBy('open', 2), []);
    assert.equal(gallery.concernedBy('delete', 2).length, 12);
  });

  it('goes to what was generated here, unless the user looks elsewhere meanwhile', () => {
    show({ 1: 1 });
    gallery.look(atStart);
    gallery.look(scrolled);
    gallery.follow();
    assert.equal(gallery.takeFollowing(), false);
    show({ 1: 1, 2: 2 });
    assert.equal(gallery.takeFollowing(), true);
    assert.equal(gallery.takeFollowing(), false);
    gallery.look(atStart);
    gallery.look(scrolled);
    gallery.follow();
    gallery.stopFollowing();
    show({ 1: 1, 2: 2, 3: 3, 4: 3 });
    assert.equal(gallery.takeFollowing(), false);
    assert.equal(gallery.news, 2);
    gallery.look(atStart);
    assert.equal(gallery.news, 0);
  });

  it('counts what came from elsewhere above what is in sight, and does not go there', () => {
    show({ 1: 1, 2: 2 });
    gallery.look(scrolled);
    show({ 1: 1, 2: 2, 3: 3 });
    assert.equal(gallery.news, 1);
    assert.equal(gallery.takeFollowing(), false);
    show({ 1: 1, 3: 3 });
    assert.equal(gallery.news, 1);
  });

  it('says that the filter hides what was generated, but not what it shows', () => {
    gallery.filter = { words: 'fox' };
    show({ 1: 1 });
    gallery.look(atStart);
    gallery.follow();
    gallery.expectNew();
    assert.equal(gallery.isHidingNew, true);
    gallery.follow();
    show({ 1: 1, 2: 2 });
    gallery.takeFollowing();
    gallery.expectNew();
    assert.equal(gallery.isHidingNew, false);
  });
});
