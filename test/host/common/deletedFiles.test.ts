import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { sha256OfBytes } from '../../../src/images/sha256.ts';
import type { PlacedImage } from '../../../src/jobs/store/filePlaces.ts';
import type { Store } from '../../../src/jobs/store/store.ts';
import { createDeletion } from '../../../src/studio/gallery/deletion.ts';
import { followFiles, type FollowFilesContext } from '../../../src/studio/gallery/followFiles.ts';
import { sample } from '../../unit/jobs/sampleJobs.ts';

describe('images deleted in the editor, in the extension host', () => {
  const bytes = Buffer.from('a fox');
  let folder: string;
  let path: string;
  let images: PlacedImage[];
  let undoable: number[][];
  let deletion: ReturnType<typeof createDeletion>;
  let files: ReturnType<typeof followFiles>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deleted-'));
    path = join(folder, 'fox.png');
    await writeFile(path, bytes);
    const uri = vscode.Uri.file(path).toString();
    const job = { ...sample.saved, uri, sha256: sha256OfBytes(bytes), sizeBytes: bytes.length };
    images = [{ key: 1, job, hiddenAt: undefined }];
    undoable = [];
    const gallery = {
      read: (keys: readonly number[]) =>
        images
          .filter((each) => keys.includes(each.key) && each.hiddenAt === undefined)
          .map((each) => ({ ...each, isFavourite: false })),
      setHidden(keys: readonly number[], hiddenAt: number | undefined) {
        images = images.map((each) => (keys.includes(each.key) ? { ...each, hiddenAt } : each));
      },
    } as unknown as Store['gallery'];
    deletion = createDeletion(join(folder, 'copies'), gallery, {
      isTaken: () => false,
      relocate(job, to) {
        const moved = { ...job, uri: to };
        images = images.map((each) => (each.job.id === job.id ? { ...each, job: moved } : each));
        return Promise.resolve(moved);
      },
    });
    const page = {
      galleryChanged: () => undefined,
      imagesDeleted: (gone: readonly { key: number }[]) =>
        undoable.push(gone.map((each) => each.key)),
    };
    files = followFiles({
      ...{ gallery, deletion },
      log: { error: (line: string) => assert.fail(line) },
      imageFiles: { imagesIn: () => Promise.resolve(images) },
      engine: { whenFree: (work: () => unknown) => Promise.resolve(work()) },
      forEachPage: (call: (each: typeof page) => void) => call(page),
    } as unknown as FollowFilesContext);
  });

  afterEach(() => rm(folder, { recursive: true }));

  const isShown = () => images[0]?.hiddenAt === undefined;

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
});
