import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { sha256OfBytes } from '../../../src/images/sha256.ts';
import type { PlacedImage } from '../../../src/jobs/store/filePlaces.ts';
import type { Store } from '../../../src/jobs/store/store.ts';
import { createDeletion } from '../../../src/studio/gallery/deletion.ts';
import { followFiles, type FollowFilesContext } from '../../../src/studio/gallery/followFiles.ts';
import { waitUntil } from '../../harness/waitUntil.ts';
import { sample } from '../../unit/jobs/sampleJobs.ts';

describe('images deleted in the editor, in the extension host', () => {
  const bytes = Buffer.from('a fox');
  let folder: string;
  let path: string;
  let images: PlacedImage[];
  let undoable: number[][];
  let reported: unknown[];
  let deletion: ReturnType<typeof createDeletion>;
  let files: ReturnType<typeof followFiles>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deleted-'));
    path = join(folder, 'fox.png');
    await writeFile(path, bytes);
    const uri = vscode.Uri.file(path).toString();
    const job = { ...sample.saved, uri, sha256: sha256OfBytes(bytes), sizeBytes: bytes.length };
    images = [{ key: 1, job, hiddenAt: undefined }];
    [undoable, reported] = [[], []];
    const gallery = {
      read: (keys: readonly number[]) =>
        images
          .filter((each) => keys.includes(each.key) && each.hiddenAt === undefined)
          .map((each) => ({ ...each, isFavourite: false })),
      setHidden(keys: readonly number[], hiddenAt: number | undefined) {
        images = images.map((each) => (keys.includes(each.key) ? { ...each, hiddenAt } : each));
      },
    } as unknown as Store['gallery'];
    const engine = { whenFree: <T>(work: () => T) => Promise.resolve(work()) };
    deletion = createDeletion({
      ...{ gallery, engine, folder: join(folder, 'copies') },
      imageFiles: {
        isTaken: () => false,
        relocate(job, to) {
          const moved = { ...job, uri: to };
          images = images.map((each) => (each.job.id === job.id ? { ...each, job: moved } : each));
          return Promise.resolve(moved);
        },
      },
      report: (thrown) => reported.push(thrown),
    });
    const page = {
      galleryChanged: () => undefined,
      imagesDeleted: (gone: readonly { key: number }[]) =>
        undoable.push(gone.map((each) => each.key)),
    };
    files = followFiles({
      ...{ gallery, deletion, engine },
      log: { error: (line: string) => assert.fail(line) },
      imageFiles: { imagesIn: () => Promise.resolve(images) },
      forEachPage: (call: (each: typeof page) => void) => call(page),
    } as unknown as FollowFilesContext);
  });

  afterEach(() => rm(folder, { recursive: true }));

  const isShown = (at = 0) => images[at]?.hiddenAt === undefined;
  const rows = () => images.map((each) => ({ ...each, isFavourite: false }));

  /** The same image once more, as a file of this name. */
  async function addImage(name: string, isThere = true): Promise<string> {
    const added = join(folder, name);
    if (isThere) await writeFile(added, bytes);
    const [first] = images;
    assert(first);
    const [key, uri] = [images.length + 1, vscode.Uri.file(added).toString()];
    images.push({ ...first, key, job: { ...first.job, id: `job ${String(key)}`, uri } });
    return added;
  }

  it('leave the gallery, and are brought back there with their files', async () => {
    await files.beforeDeletion([path]);
    await rm(path);
    await files.deleted([path]);
    assert.equal(isShown(), false);
    assert.deepEqual(undoable, [[1]]);
    await deletion.restore([1]);
    assert.equal(isShown(), true);
    assert.deepEqual(await readFile(path), bytes);
  });

  it('are brought back beside another file that came there', async () => {
    await files.beforeDeletion([path]);
    await writeFile(path, 'an owl');
    await files.deleted([path]);
    await deletion.restore([1]);
    const beside = join(folder, 'fox-2.png');
    assert.equal(images[0]?.job.uri, vscode.Uri.file(beside).toString());
    assert.deepEqual(await readFile(beside), bytes);
    assert.equal(await readFile(path, 'utf8'), 'an owl');
  });

  it('leave it without an undo of ours when there is no copy', async () => {
    await rm(path);
    await files.deleted([path]);
    assert.equal(isShown(), false);
    assert.deepEqual(undoable, []);
  });

  it('are there again when the editor brings back the file, and not for another of its name', async () => {
    await files.deleted([path]);
    await writeFile(path, 'an owl');
    await files.created([path]);
    assert.equal(isShown(), false);
    await writeFile(path, bytes);
    await files.created([path]);
    assert.equal(isShown(), true);
  });

  it('can be brought back though the file of another was missing', async () => {
    const other = await addImage('missing.png', false);
    const third = await addImage('third.png');
    await files.beforeDeletion([folder]);
    for (const each of [path, third]) await rm(each);
    await files.deleted([path, other, third]);
    assert.deepEqual(undoable, [[1, 3]]);
    await deletion.restore([1, 3]);
    assert.deepEqual([isShown(0), isShown(2)], [true, true]);
    assert.deepEqual(await readFile(third), bytes);
  });

  it('are each in the gallery again as soon as they are restored, whatever fails after', async () => {
    for (const name of ['fox-2.png', 'fox-3.png']) await addImage(name);
    await deletion.remove(rows());
    const copies = join(folder, 'copies');
    const [oneOfThem] = await readdir(copies);
    await rm(join(copies, oneOfThem ?? ''));
    await assert.rejects(deletion.restore([1, 2, 3]));
    assert.equal(images.filter(({ hiddenAt }) => hiddenAt === undefined).length, 2);
  });

  it('are deleted though one of them cannot be, which is said and stays', async () => {
    const other = await addImage('unreadable');
    await rm(other);
    await mkdir(other);
    assert.deepEqual(
      (await deletion.remove(rows())).map(({ key }) => key),
      [1],
    );
    assert.deepEqual([isShown(0), isShown(1)], [false, true]);
    assert.equal(reported.length, 1);
    await assert.rejects(deletion.remove(rows().slice(1)));
  });

  describe('of which another file was made beside them', () => {
    const madeBytes = Buffer.from('a fox as webp');
    let made: string;

    beforeEach(async () => {
      made = join(folder, 'fox.webp');
      await writeFile(made, madeBytes);
      const converted = {
        uri: vscode.Uri.file(made).toString(),
        sha256: sha256OfBytes(madeBytes),
        ...{ sizeBytes: madeBytes.length, width: 8, height: 8 },
      };
      images = images.map((each) => ({ ...each, job: { ...each.job, converted } }));
    });

    const filesNow = async () =>
      (await readdir(folder)).filter((name) => name.startsWith('fox')).toSorted();

    it('go with it, and come back with it', async () => {
      assert.equal((await deletion.remove(rows())).length, 1);
      assert.deepEqual(await filesNow(), []);
      await deletion.restore([1]);
      assert.deepEqual(await filesNow(), ['fox.png', 'fox.webp']);
      assert.deepEqual(await readFile(made), madeBytes);
      assert.deepEqual(await readdir(join(folder, 'copies')), []);
    });

    it('leave it where somebody changed it, or put another there', async () => {
      await writeFile(made, 'an owl');
      await deletion.remove(rows());
      assert.deepEqual(await filesNow(), ['fox.webp']);
      assert.equal(await readFile(made, 'utf8'), 'an owl');
      await deletion.restore([1]);
      assert.deepEqual(await filesNow(), ['fox.png', 'fox.webp']);
      assert.equal(await readFile(made, 'utf8'), 'an owl');
    });

    it('take it with them though their own file is missing', async () => {
      await rm(path);
      await deletion.remove(rows());
      assert.deepEqual([await filesNow(), isShown()], [[], false]);
      await deletion.restore([1]);
      assert.deepEqual([await filesNow(), isShown()], [['fox.webp'], true]);
    });

    it('come back beside what came to their places meanwhile', async () => {
      await deletion.remove(rows());
      await writeFile(made, 'an owl');
      await deletion.restore([1]);
      assert.deepEqual(await filesNow(), ['fox-2.webp', 'fox.png', 'fox.webp']);
      assert.equal(await readFile(made, 'utf8'), 'an owl');
    });

    it('leave it where the editor deletes their file alone', async () => {
      await files.beforeDeletion([path]);
      await rm(path);
      await files.deleted([path]);
      assert.deepEqual([await filesNow(), isShown()], [['fox.webp'], false]);
      await deletion.restore([1]);
      assert.deepEqual(await filesNow(), ['fox.png', 'fox.webp']);
    });

    it('come back with it where the editor deletes both', async () => {
      await files.beforeDeletion([path, made]);
      for (const each of [path, made]) await rm(each);
      await files.deleted([path, made]);
      await deletion.restore([1]);
      assert.deepEqual(await filesNow(), ['fox.png', 'fox.webp']);
    });
  });

  it('follow what the editor does with real files, and undoes', async () => {
    const listening = [
      vscode.workspace.onWillDeleteFiles((event) => {
        event.waitUntil(files.beforeDeletion(event.files.map(String)));
      }),
      vscode.workspace.onDidDeleteFiles((event) => files.deleted(event.files.map(String))),
      vscode.workspace.onDidCreateFiles((event) => files.created(event.files.map(String))),
    ];
    const uri = vscode.Uri.file(path);
    try {
      const deletes = new vscode.WorkspaceEdit();
      deletes.deleteFile(uri);
      assert(await vscode.workspace.applyEdit(deletes));
      await waitUntil('the image to leave the gallery', () => !isShown());
      assert.deepEqual(undoable, [[1]]);
      // As the editor's undo does.
      const creates = new vscode.WorkspaceEdit();
      creates.createFile(uri, { contents: bytes });
      assert(await vscode.workspace.applyEdit(creates));
      await waitUntil('the image to come back', () => isShown());
    } finally {
      for (const each of listening) each.dispose();
    }
    // Ours comes too late, and makes no second file.
    await deletion.restore([1]);
    assert.deepEqual((await readdir(folder)).toSorted(), ['copies', 'fox.png']);
  });

  it('are deleted and brought back in a file system of an extension', async () => {
    const there = new Map([['/fox.png', new Uint8Array(bytes)]]);
    const provider = vscode.workspace.registerFileSystemProvider('site', filesOf(there));
    try {
      const [image] = images;
      assert(image);
      images = [{ ...image, job: { ...image.job, uri: 'site:/fox.png' } }];
      assert.equal((await deletion.remove(rows())).length, 1);
      assert.deepEqual([there.size, isShown()], [0, false]);
      await deletion.restore([1]);
      assert.equal(isShown(), true);
      assert.deepEqual(Buffer.from(there.get('/fox.png') ?? []), bytes);
    } finally {
      provider.dispose();
    }
  });
});

/** A file system with these files in its one folder, and without a trash. */
function filesOf(files: Map<string, Uint8Array>): vscode.FileSystemProvider {
  const stat = (type: vscode.FileType, size: number) => ({ type, size, ctime: 0, mtime: 0 });
  return {
    onDidChangeFile: () => new vscode.Disposable(() => undefined),
    watch: () => new vscode.Disposable(() => undefined),
    stat({ path }) {
      const bytes = files.get(path);
      if (bytes) return stat(vscode.FileType.File, bytes.length);
      if (path === '/') return stat(vscode.FileType.Directory, 0);
      throw vscode.FileSystemError.FileNotFound();
    },
    readDirectory: () => [...files.keys()].map((path) => [path.slice(1), vscode.FileType.File]),
    createDirectory: () => undefined,
    readFile({ path }) {
      const bytes = files.get(path);
      if (!bytes) throw vscode.FileSystemError.FileNotFound();
      return bytes;
    },
    writeFile: ({ path }, bytes) => void files.set(path, bytes),
    delete: ({ path }) => void files.delete(path),
    rename: () => undefined,
  };
}
