import assert from 'node:assert/strict';
import {
  placeVirtualFile,
  type VirtualFiles,
} from '../../../../src/editor/files/placeVirtualFile.ts';
import type { PlaceRequest } from '../../../../src/jobs/steps/saveStep.ts';

describe('placing an image in a virtual file system', () => {
  const folderUri = 'paint:/images';
  const image = Buffer.from('the image');
  let stored: Map<string, string>;
  let files: VirtualFiles;
  let lastId: number;

  beforeEach(() => {
    lastId = 0;
    stored = new Map();
    files = {
      join: (folder, name) => `${folder}/${name}`,
      exists: (uri) => Promise.resolve(stored.has(uri)),
      read: (uri) => Promise.resolve(stored.get(uri)).then(found),
      write: (uri, bytes) => Promise.resolve(void stored.set(uri, Buffer.from(bytes).toString())),
      rename: (from, to) => {
        if (stored.has(to)) return Promise.reject(refused('FileExists'));
        stored.set(to, stored.get(from) ?? '');
        stored.delete(from);
        return Promise.resolve();
      },
      remove: (uri) =>
        stored.delete(uri) ? Promise.resolve() : Promise.reject(refused('FileNotFound')),
      createFolder: () => Promise.resolve(),
      list: () => Promise.resolve([...stored.keys()].map((uri) => uri.slice(folderUri.length + 1))),
    };
  });

  function found(text: string | undefined): Uint8Array {
    if (text === undefined) throw refused('FileNotFound');
    return Buffer.from(text);
  }

  const refused = (code: string) => Object.assign(new Error(code), { code });
  const at = (name: string) => `${folderUri}/${name}`;
  const names = () => [...stored.keys()].map((uri) => uri.slice(folderUri.length + 1)).toSorted();

  function place(more: Partial<PlaceRequest> = {}): Promise<string> {
    const request = {
      sourcePath: '',
      sha256: '',
      folderUri,
      name: 'fox',
      extension: '.png',
      jobId: 'job-1',
      choose: () => true,
      ...more,
    };
    return placeVirtualFile(request, image, files, () => String((lastId += 1)));
  }

  it('numbers the name until it is free, and leaves nothing else', async () => {
    stored.set(at('fox.png'), 'mine');
    assert.equal(await place(), at('fox-2.png'));
    assert.deepEqual(names(), ['fox-2.png', 'fox.png']);
    assert.equal(stored.get(at('fox.png')), 'mine');
  });

  for (const code of ['FileExists', 'NoPermissions', 'Unavailable'])
    it(`uses a folder that is there although making it is refused as ${code}`, async () => {
      files.createFolder = () => Promise.reject(refused(code));
      assert.equal(await place(), at('fox.png'));
      files.list = () => Promise.reject(refused('FileNotFound'));
      await assert.rejects(place(), { code });
    });

  it('passes over a place that another job has chosen', async () => {
    assert.equal(await place({ choose: (uri) => uri !== at('fox.png') }), at('fox-2.png'));
  });

  it('takes the next name when one was taken just then', async () => {
    files.exists = () => Promise.resolve(false);
    stored.set(at('fox.png'), 'mine');
    assert.equal(await place(), at('fox-2.png'));
  });

  it('finds what an interrupted try had placed, and removes what it left', async () => {
    stored.set(at('fox-3.png'), 'the image');
    stored.set(at('.job-1.7.part'), 'the im');
    stored.set(at('.job-10.7.part'), 'of another');
    assert.equal(await place({ earlierUri: at('fox-3.png') }), at('fox-3.png'));
    assert.deepEqual(names(), ['.job-10.7.part', 'fox-3.png']);
  });

  it('tries the place it had chosen before any other', async () => {
    assert.equal(await place({ earlierUri: at('fox-3.png') }), at('fox-3.png'));
  });

  it('makes no second file while it cannot see whether there is one', async () => {
    stored.set(at('fox.png'), 'the image');
    files.read = () => Promise.reject(refused('Unavailable'));
    await assert.rejects(place({ earlierUri: at('fox.png') }), { code: 'Unavailable' });
    assert.deepEqual(names(), ['fox.png']);
  });

  it('goes to another folder all the same', async () => {
    const { read } = files;
    files.read = (uri) =>
      uri.startsWith('far:') ? Promise.reject(refused('Unavailable')) : read(uri);
    assert.equal(await place({ earlierUri: 'far:/images/fox.png' }), at('fox.png'));
  });

  it('knows its own file when the answer was lost', async () => {
    const { rename } = files;
    files.rename = (from, to) =>
      rename(from, to).then(() => Promise.reject(refused('Unavailable')));
    assert.equal(await place(), at('fox.png'));
    assert.deepEqual(names(), ['fox.png']);
  });

  it('writes into no file of another try', async () => {
    await Promise.all([place(), place({ choose: (uri) => uri !== at('fox.png') })]);
    assert.deepEqual(names(), ['fox-2.png', 'fox.png']);
  });

  it('has a saved image when its temporary file cannot be removed', async () => {
    files.remove = () => Promise.reject(refused('NoPermissions'));
    assert.equal(await place(), at('fox.png'));
  });
});
