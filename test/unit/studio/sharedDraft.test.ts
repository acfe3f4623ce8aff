import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createSharedDraft } from '../../../src/studio/draft/sharedDraft.ts';
import type { Draft } from '../../../src/shared/studio/draft.ts';

const empty: Draft = {
  ...{ prompt: '', references: [], size: '1024x1024', quality: 'auto', count: 1, writtenAt: 0 },
};
let clock = 1_000;
const draft = (prompt: string): Draft => ({ ...empty, prompt, writtenAt: (clock += 1) });

describe('the draft that all windows of a workspace share', () => {
  let path: string;

  beforeEach(async () => {
    path = join(await mkdtemp(join(tmpdir(), 'shared-draft-')), 'drafts', 'one.json');
  });
  afterEach(() => rm(dirname(dirname(path)), { recursive: true }));

  /** A window: what it shows, and how often it said that words were replaced. */
  function open(initial?: Draft) {
    const window = { shown: initial?.prompt, said: 0 };
    const shared = createSharedDraft({
      ...{ path, initial },
      onOther: ({ prompt }) => (window.shown = prompt),
      onUnseen: () => (window.said += 1),
      log: (line) => assert.fail(line),
    });
    return {
      ...{ window, shared },
      async type(prompt: string): Promise<void> {
        window.shown = prompt;
        await shared.write(draft(prompt));
      },
    };
  }

  it('shows in a window what was written in the other, when a user comes to it', async () => {
    const [one, other] = [open(), open()];
    await one.type('a lighthouse');
    await other.shared.refresh();
    assert.equal(other.window.shown, 'a lighthouse');
    await other.type('a lighthouse at dusk');
    await one.shared.refresh();
    assert.equal(one.window.shown, 'a lighthouse at dusk');
    assert.deepEqual([one.window.said, other.window.said], [0, 0]);
    assert.deepEqual([...one.shared.replaced(), ...other.shared.replaced()], []);
  });

  it('is the last one typed when both have closed, whichever closes last', async () => {
    const [one, other] = [open(), open()];
    await one.type('first');
    await other.type('second');
    const older = { ...empty, prompt: 'of its own memory', writtenAt: 1 };
    const opened = open(older);
    await opened.shared.refresh();
    assert.equal(opened.window.shown, 'second');
    assert.equal(opened.shared.latest()?.prompt, 'second');
  });

  it('keeps the words that it replaces unseen, and says so', async () => {
    const [one, other] = [open(), open()];
    await one.type('a lighthouse');
    await other.type('a harbour');
    assert.deepEqual(other.shared.replaced(), ['a lighthouse']);
    assert.equal(other.window.said, 1);
  });

  it('keeps its own words when those of the other are newer, and says so', async () => {
    const [one, other] = [open(), open()];
    const mine = draft('a lighthouse');
    await other.type('a harbour');
    await one.shared.write(mine);
    assert.equal(one.window.shown, 'a harbour');
    assert.deepEqual(one.shared.replaced(), ['a lighthouse']);
    assert.equal(one.window.said, 1);
    const { prompt } = JSON.parse(await readFile(path, 'utf8')) as Draft;
    assert.equal(prompt, 'a harbour');
  });

  it('loses no word of two who write at the same time', async () => {
    const [one, other] = [open(), open()];
    const words = { one: 'a lighthouse in the rain', other: 'a harbour under snow' };
    for (let at = 1; at <= words.one.length; at += 1) {
      await one.type(words.one.slice(0, at));
      await other.type(words.other.slice(0, at));
    }
    assert.equal(other.window.shown, words.other);
    assert.deepEqual(other.shared.replaced(), [words.one]);
    assert.deepEqual(one.shared.replaced(), [words.other]);
  });

  it('keeps what it took from the other when that is written over at once', async () => {
    const [one, other] = [open(), open()];
    await one.type('a lighthouse');
    await other.shared.refresh();
    await other.type('something else');
    assert.deepEqual(other.shared.replaced(), ['a lighthouse']);
    assert.equal(other.window.said, 0);
  });

  it('takes over what is newer than a draft that a page sends once more', async () => {
    const [one, other] = [open(), open()];
    const mine = draft('a lighthouse');
    await one.shared.write(mine);
    await other.shared.refresh();
    await other.type('a lighthouse at dusk, and a boat');
    await other.type('a boat');
    await one.shared.write({ ...mine });
    await one.shared.refresh();
    assert.equal(one.shared.latest()?.prompt, 'a boat');
    assert.deepEqual(one.shared.replaced(), []);
    assert.equal(one.window.said, 0);
  });

  it('says nothing of a file older than what the window has', async () => {
    const old = open();
    await old.type('written long ago');
    const window = open(draft('newer, of a file that could not be written'));
    await window.shared.refresh();
    assert.equal(window.window.shown, 'newer, of a file that could not be written');
    await window.type('newer still');
    assert.equal(window.window.said, 0);
  });

  it('works without a file, with a broken one, and leaves nothing else behind', async () => {
    const window = open();
    await window.shared.refresh();
    await window.type('a lighthouse');
    await writeFile(path, '{"prompt":');
    await window.shared.refresh();
    await window.type('a harbour');
    assert.equal(window.window.said, 0);
    assert.deepEqual(await readdir(dirname(path)), ['one.json']);
  });

  it('goes on where nothing can be written, and says why in the log', async () => {
    const lines: string[] = [];
    await writeFile(dirname(path), '');
    const shared = createSharedDraft({
      ...{ path, initial: undefined, log: (line) => lines.push(line) },
      onOther: () => assert.fail(),
      onUnseen: () => assert.fail(),
    });
    await shared.refresh();
    await shared.write(draft('a lighthouse'));
    assert.equal(shared.latest()?.prompt, 'a lighthouse');
    assert.equal(lines.length, 1);
    assert.doesNotMatch(lines.join(), /a lighthouse/);
  });
});
