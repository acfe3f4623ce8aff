import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256OfFile } from '../../../../src/images/sha256.ts';
import { nodePlatform } from '../../../../src/jobs/nodePlatform.ts';
import { type FilePlacement, placeFile } from '../../../../src/jobs/steps/placeFile.ts';

describe('placing a file', () => {
  let root: string;
  let folder: string;
  let source: string;
  let chosen: string[];

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'place-'));
    folder = join(root, 'images');
    source = join(root, 'source');
    chosen = [];
    await writeFile(source, 'the image');
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  async function place(more: Partial<FilePlacement> = {}): Promise<string> {
    return await placeFile(
      {
        sourcePath: source,
        sha256: await sha256OfFile(source),
        folderPath: folder,
        name: 'fox',
        extension: '.png',
        jobId: 'job-1',
        choose: (path) => {
          chosen.push(path);
          return true;
        },
        ...more,
      },
      nodePlatform,
    );
  }

  const inFolder = (name: string) => join(folder, name);
  const names = async () => (await readdir(folder)).toSorted();
  const text = async (name: string) => await readFile(inFolder(name), 'utf8');

  it('makes the folder, and leaves nothing there but the file', async () => {
    folder = join(folder, 'deep', 'er');
    assert.equal(await place(), inFolder('fox.png'));
    assert.deepEqual(await names(), ['fox.png']);
    assert.equal(await text('fox.png'), 'the image');
    assert.equal(await readFile(source, 'utf8'), 'the image');
  });

  it('makes nothing in a folder that is refused, also when a link is put there meanwhile', async () => {
    const refusal = new Error('It leads elsewhere');
    await assert.rejects(place({ checkFolder: () => Promise.reject(refusal) }), refusal);
    assert.deepEqual(await readdir(root), ['source']);
    let checks = 0;
    const checkFolder = () => (++checks === 2 ? Promise.reject(refusal) : Promise.resolve());
    await assert.rejects(place({ checkFolder }), refusal);
    assert.deepEqual(await names(), []);
    assert.deepEqual(chosen, []);
  });

  it('numbers the name until it is free, and overwrites nothing', async () => {
    await mkdir(folder);
    await writeFile(inFolder('fox.png'), 'mine');
    await writeFile(inFolder('fox-2.png'), '');
    await mkdir(inFolder('fox-3.png'));
    await symlink('nowhere', inFolder('fox-4.png'));
    assert.equal(await place(), inFolder('fox-5.png'));
    assert.deepEqual(await names(), [
      'fox-2.png',
      'fox-3.png',
      'fox-4.png',
      'fox-5.png',
      'fox.png',
    ]);
    assert.deepEqual([await text('fox.png'), await text('fox-2.png')], ['mine', '']);
    assert.ok(!chosen.includes(inFolder('fox.png')) && !chosen.includes(inFolder('fox-2.png')));
  });

  it('keeps another extension apart', async () => {
    await mkdir(folder);
    await writeFile(inFolder('fox.webp'), 'mine');
    assert.equal(await place(), inFolder('fox.png'));
  });

  it('says where the file will be before it is there', async () => {
    const before: boolean[] = [];
    const path = await place({
      choose: (choice) => {
        before.push(true);
        chosen.push(choice);
        assert.equal(before.length, 1);
        return true;
      },
    });
    assert.deepEqual(chosen, [path]);
  });

  it('does not place what the store could not take down', async () => {
    const choose = () => {
      throw new Error('the disk is full');
    };
    await assert.rejects(place({ choose }), /disk is full/);
    assert.deepEqual(await names(), []);
  });

  it('gives twenty at once twenty names', async () => {
    const taken = new Set<string>();
    const choose = (path: string) => !taken.has(path) && taken.add(path).has(path);
    const paths = await Promise.all(
      Array.from({ length: 20 }, (_, n) => place({ jobId: `job-${String(n)}`, choose })),
    );
    assert.equal(new Set(paths).size, 20);
    assert.equal((await names()).length, 20);
    for (const path of paths) assert.equal(await readFile(path, 'utf8'), 'the image');
  });

  it('finds what an interrupted try had placed, and makes no second', async () => {
    const earlierPath = await place();
    chosen = [];
    await writeFile(inFolder('.job-1.7.part'), 'half');
    assert.equal(await place({ earlierPath }), earlierPath);
    assert.deepEqual([chosen, await names()], [[], ['fox.png']]);
  });

  it('finds it also under a name it would not choose today', async () => {
    const earlierPath = await place({ name: 'vixen' });
    chosen = [];
    assert.equal(await place({ earlierPath }), earlierPath);
    assert.deepEqual([chosen, await names()], [[], ['vixen.png']]);
  });

  it('goes on when it was interrupted between choosing a name and taking it', async () => {
    const earlierPath = inFolder('fox.png');
    assert.equal(await place({ earlierPath }), earlierPath);
    assert.deepEqual(await names(), ['fox.png']);
  });

  it('leaves an empty file alone where it was to be: another window may just be reserving it', async () => {
    await mkdir(folder);
    const earlierPath = inFolder('fox.png');
    await writeFile(earlierPath, '');
    assert.equal(await place({ earlierPath }), inFolder('fox-2.png'));
    assert.equal(await text('fox.png'), '');
  });

  it('passes over a place that another job has chosen', async () => {
    const choose = (path: string) => path !== inFolder('fox.png');
    assert.equal(await place({ choose }), inFolder('fox-2.png'));
    assert.deepEqual(await names(), ['fox-2.png']);
  });

  it('tries the place it had chosen before any other', async () => {
    assert.equal(await place({ earlierPath: inFolder('fox-7.png') }), inFolder('fox-7.png'));
  });

  it('takes another name when its earlier one has become another’s', async () => {
    await mkdir(folder);
    const earlierPath = inFolder('fox.png');
    await writeFile(earlierPath, 'mine');
    assert.equal(await place({ earlierPath }), inFolder('fox-2.png'));
    assert.equal(await text('fox.png'), 'mine');
  });

  it('removes what its own interrupted tries left, and nothing of other jobs', async () => {
    await mkdir(folder);
    for (const name of [
      '.job-1.a.part',
      '.job-1.part',
      '.job-10.a.part',
      '.job-2.a.part',
      'job-1.part',
    ])
      await writeFile(inFolder(name), 'half');
    await place();
    assert.deepEqual(await names(), ['.job-10.a.part', '.job-2.a.part', 'fox.png', 'job-1.part']);
  });

  it('leaves nothing behind when it fails', async () => {
    await mkdir(folder);
    await rm(source);
    await assert.rejects(
      placeFile(
        {
          sourcePath: source,
          sha256: 'x',
          folderPath: folder,
          name: 'fox',
          extension: '.png',
          jobId: 'job-1',
          choose: () => true,
        },
        nodePlatform,
      ),
      { code: 'ENOENT' },
    );
    assert.deepEqual(await names(), []);
  });

  it('says so when a file stands where the folder should be', async () => {
    await writeFile(folder, 'mine');
    await assert.rejects(place(), (thrown: NodeJS.ErrnoException) =>
      ['EEXIST', 'ENOTDIR'].includes(String(thrown.code)),
    );
    assert.equal(await readFile(folder, 'utf8'), 'mine');
  });

  it('says so when a name is too long for the file system', async () => {
    await assert.rejects(place({ name: 'x'.repeat(300) }), { code: 'ENAMETOOLONG' });
    assert.deepEqual(await names(), []);
  });

  it('gives the file no more rights than any other', async () => {
    const { mode } = await stat(await place());
    assert.equal(mode & 0o777, (await stat(source)).mode & 0o777);
  });
});
