import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type FilePlacement, placeFile } from '../../../../src/jobs/steps/placeFile.ts';
import { seededRandom } from '../../../fakeEvolink/random.ts';
import { type FileCall, imagesFolder, type Refusal, SteppedDisk } from './steppedDisk.ts';

describe('placing a file where the file system refuses', () => {
  const fox = join(imagesFolder, 'fox.png');
  const fox2 = join(imagesFolder, 'fox-2.png');
  let disk: SteppedDisk;
  let seen: Set<string>;
  let refuse: (call: FileCall, path: string) => Refusal | undefined;

  beforeEach(() => {
    seen = new Set();
    refuse = () => undefined;
    disk = new SteppedDisk({
      random: seededRandom(1),
      refuse: (call, path) => refuse(call, path),
      onStep: () => seen.add(disk.text(fox) ?? 'nothing'),
    });
    disk.put('/temp/job-1.image', 'the image');
  });

  async function place(
    more: Partial<FilePlacement> = {},
    window = disk.openWindow(),
  ): Promise<string> {
    const sha256 = createHash('sha256').update('the image').digest('hex');
    const placing = placeFile(
      {
        sourcePath: '/temp/job-1.image',
        sha256,
        folderPath: imagesFolder,
        name: 'fox',
        extension: '.png',
        jobId: 'job-1',
        choose: () => true,
        ...more,
      },
      window,
    );
    placing.catch(() => undefined);
    await disk.run();
    return await placing;
  }

  /** Calls for which a refusal stands, each so often. */
  function refuseOnce(...calls: [FileCall, Refusal][]): void {
    const left = [...calls];
    refuse = (call, path) => {
      const index = left.findIndex(([name]) => name === call && path.startsWith(imagesFolder));
      return index === -1 ? undefined : left.splice(index, 1)[0]?.[1];
    };
  }

  const always = (name: FileCall, code: string, isLate?: true) => {
    refuse = (call, path) =>
      call === name && path.startsWith(imagesFolder)
        ? { code, ...(isLate && { isLate }) }
        : undefined;
  };

  it('shows the whole file at once where it can be linked', async () => {
    assert.equal(await place(), fox);
    assert.deepEqual([...seen], ['nothing', 'the image']);
  });

  for (const code of [
    'EISDIR',
    'EACCES',
    'EPERM',
    'ENOTSUP',
    'ENOSYS',
    'EXDEV',
    'EMLINK',
    'UNKNOWN',
  ])
    it(`goes without a link that is refused with ${code}`, async () => {
      always('link', code);
      assert.equal(await place(), fox);
      assert.deepEqual([...seen], ['nothing', '', 'the image']);
      assert.deepEqual(disk.list(imagesFolder), ['fox.png']);
    });

  for (const code of ['EPERM', 'EEXIST', 'EROFS', 'EACCES'])
    it(`uses a folder that is there although making it is refused with ${code}`, async () => {
      disk.put(join(imagesFolder, 'other.png'), 'mine');
      always('mkdir', code);
      assert.equal(await place(), fox);
    });

  for (const code of ['ENOSPC', 'EROFS', 'ENAMETOOLONG'])
    it(`says so when a link is refused with ${code}, and leaves nothing`, async () => {
      always('link', code);
      await assert.rejects(place(), { code });
      assert.deepEqual(disk.list(imagesFolder), []);
    });

  it('knows its own link when the answer to it was lost', async () => {
    refuseOnce(['link', { code: 'EEXIST', isLate: true }]);
    assert.equal(await place(), fox);
    assert.deepEqual(disk.list(imagesFolder), ['fox.png']);
  });

  it('copies by itself where the system takes the bytes and refuses the rights', async () => {
    always('copyfile', 'EPERM', true);
    assert.equal(await place(), fox);
    assert.deepEqual([...seen], ['nothing', 'the image']);
  });

  it('waits for a scanner that holds the file', async () => {
    const held: Refusal = { code: 'EBUSY' };
    const denied: Refusal = { code: 'EPERM' };
    refuseOnce(['link', denied], ['rename', held], ['rename', denied], ['rename', held]);
    assert.equal(await place(), fox);
    assert.deepEqual(disk.list(imagesFolder), ['fox.png']);
  });

  it('leaves no empty file when it is never let to move the file', async () => {
    refuse = (call, path) =>
      path === fox && (call === 'link' || call === 'rename') ? { code: 'EPERM' } : undefined;
    await assert.rejects(place(), { code: 'EPERM' });
    assert.deepEqual(disk.list(imagesFolder), []);
    assert.ok(disk.nowMs < 5_000);
  });

  for (const [what, call, refusal, place1] of [
    ['it cannot look at the one it made', 'stat', { code: 'EACCES' }, 'fox.png'],
    [
      'the system makes it and says that it does not',
      'open',
      { code: 'EACCES', isLate: true },
      'fox-2.png',
    ],
    ['it is held for a moment when it is made', 'open', { code: 'EBUSY' }, 'fox.png'],
  ] as const)
    it(`leaves no empty file when ${what}`, async () => {
      let isMaking = true;
      let isRefusalDue = true;
      refuse = (name, path) => {
        if (name === 'link') return { code: 'EPERM' };
        // The first look is whether the name is free.
        const isFirstLook = call === 'stat' && isMaking;
        if (path === fox && name === 'stat') isMaking = false;
        if (path !== fox || name !== call || isFirstLook || !isRefusalDue) return undefined;
        isRefusalDue = false;
        return refusal;
      };
      await place();
      assert.equal(isRefusalDue, false);
      assert.deepEqual(disk.list(imagesFolder), [place1]);
    });

  it('leaves alone what another program puts under a reserved name', async () => {
    refuse = (call, path) => {
      if (call === 'rename' && path === fox) disk.put(fox, 'of a user');
      return path === fox && (call === 'link' || call === 'rename') ? { code: 'EPERM' } : undefined;
    };
    assert.equal(await place(), fox2);
    assert.equal(disk.text(fox), 'of a user');
  });

  it('is content with a folder that exists, whatever the system says of it', async () => {
    disk.put(join(imagesFolder, 'notes.txt'), '');
    always('mkdir', 'EPERM');
    assert.equal(await place(), fox);
  });

  it('needs no list of the folder, and none to be written through', async () => {
    refuse = (call, path) =>
      path === imagesFolder && (call === 'scandir' || call === 'open')
        ? { code: 'EACCES' }
        : undefined;
    assert.equal(await place(), fox);
  });

  it('fails when the folder cannot be written through, and finds its file the next time', async () => {
    refuse = (call, path) =>
      call === 'fsync' && path === imagesFolder ? { code: 'EIO' } : undefined;
    await assert.rejects(place(), { code: 'EIO' });
    refuse = () => undefined;
    assert.equal(await place({ earlierPath: fox }), fox);
    assert.deepEqual(disk.list(imagesFolder), ['fox.png']);
    assert.ok(disk.durableNames.has(fox));
  });

  it('has its bytes and names on the disk before it says so', async () => {
    assert.equal(disk.durableNames.get(await place())?.isSynced, true);
  });

  it('has a saved image when its temporary file cannot be removed', async () => {
    always('rm', 'EBUSY');
    assert.equal(await place(), fox);
  });

  for (const isLinkRefused of [false, true])
    it(`tells of each temporary file before it is made, and that it is held${isLinkRefused ? ', also without links' : ''}`, async () => {
      const events: string[] = [];
      refuse = (call, path) => {
        const isThere = path.startsWith(imagesFolder) && disk.text(path) !== undefined;
        if (call === 'rm' && isThere) return { code: 'EBUSY' };
        return isLinkRefused && call === 'link' ? { code: 'EPERM' } : undefined;
      };
      const kindOf = (path: string) => path.split('.').at(-1) ?? '';
      await place({
        temporaries: {
          begin(path) {
            assert.equal(disk.text(path), undefined);
            events.push(`begin ${kindOf(path)}`);
            return Promise.resolve();
          },
          end(path, isGone) {
            events.push(`${isGone ? 'gone' : 'held'} ${kindOf(path)}`);
            return Promise.resolve();
          },
        },
      });
      const isMoved = isLinkRefused ? ['held reserved', 'gone part'] : ['held part'];
      assert.deepEqual(events, ['begin part', ...isMoved]);
    });

  it('fails rather than placing a second when the first cannot be looked at', async () => {
    disk.put(fox, 'the image');
    refuse = (call, path) => (call === 'open' && path === fox ? { code: 'EBUSY' } : undefined);
    await assert.rejects(place({ earlierPath: fox }), { code: 'EBUSY' });
    assert.deepEqual(disk.list(imagesFolder), ['fox.png']);
  });

  it('goes to another folder all the same', async () => {
    disk.put(fox, 'the image');
    refuse = (call, path) => (call === 'open' && path === fox ? { code: 'EBUSY' } : undefined);
    const path = await place({ earlierPath: fox, folderPath: '/elsewhere' });
    assert.equal(path, '/elsewhere/fox.png');
  });

  it('removes its own empty file of before a crash', async () => {
    always('link', 'EPERM');
    const window = disk.openWindow();
    const rename = () => new Promise<void>(() => window.kill());
    void place({}, { ...window, files: { ...window.files, rename } });
    await disk.run();
    assert.equal(disk.text(fox), '');
    assert.equal(await place({ earlierPath: fox }), fox);
    assert.deepEqual(disk.list(imagesFolder), ['fox.png']);
  });

  it('keeps an empty file that a user made since the crash', async () => {
    always('link', 'EPERM');
    const window = disk.openWindow();
    const rename = () => new Promise<void>(() => window.kill());
    void place({}, { ...window, files: { ...window.files, rename } });
    await disk.run();
    disk.nowMs += 60_000;
    disk.put(fox, '');
    assert.equal(await place({ earlierPath: fox }), fox2);
    assert.deepEqual(disk.list(imagesFolder), ['fox-2.png', 'fox.png']);
  });
});
