import { strict as assert } from 'node:assert';
import {
  findByContent,
  type MissingImage,
  type Places,
} from '../../../../src/jobs/imageFiles/findByContent.ts';

interface File {
  content: string;
  changedAt?: number;
}

/** Files by their places, and what was read of them. */
function disk(files: Record<string, File>, taken: string[] = []) {
  const hashed: string[] = [];
  const statted: string[] = [];
  let listings = 0;
  const places: Places = {
    listFolder: (folder) =>
      Promise.resolve(
        Object.keys(files).filter((uri) => uri.slice(0, uri.lastIndexOf('/')) === folder),
      ),
    listWorkspace() {
      listings += 1;
      return Promise.resolve(Object.keys(files).filter((uri) => uri.startsWith('file:///site/')));
    },
    stat(uri) {
      statted.push(uri);
      const file = files[uri];
      return Promise.resolve(
        file && { sizeBytes: file.content.length, changedAt: file.changedAt ?? 0 },
      );
    },
    hash(uri) {
      hashed.push(uri);
      return Promise.resolve(files[uri]?.content ?? '');
    },
    placesOf: () => taken,
  };
  return { places, hashed, statted, listings: () => listings };
}

const missing = (uri: string, content: string, id = content): MissingImage => {
  return { id, uri, sha256: content, sizeBytes: content.length };
};
const never = new AbortController().signal;

describe('looking for an image by its content', () => {
  const fox = missing('file:///site/a/fox.png', 'fox');

  it('finds it in its folder, without a look at the workspace', async () => {
    const { places, listings } = disk({
      'file:///site/a/red.png': { content: 'fox' },
      'file:///site/b/fox.png': { content: 'fox' },
    });
    assert.deepEqual(
      await findByContent([fox], places, never),
      new Map([['fox', 'file:///site/a/red.png']]),
    );
    assert.equal(listings(), 0);
  });

  it('finds it in a folder outside the workspace', async () => {
    const outside = missing('file:///elsewhere/fox.png', 'fox');
    const { places } = disk({ 'file:///elsewhere/red.png': { content: 'fox' } });
    assert.equal((await findByContent([outside], places, never)).size, 1);
  });

  it('looks at files of its name first, and then at all', async () => {
    const files = {
      'file:///site/b/owl.png': { content: 'fox' },
      'file:///site/c/fox.png': { content: 'fox' },
    };
    const { places, statted } = disk(files);
    assert.deepEqual(
      [...(await findByContent([fox], places, never)).values()],
      ['file:///site/c/fox.png'],
    );
    assert.deepEqual(statted, ['file:///site/c/fox.png']);
    const { 'file:///site/c/fox.png': _, ...others } = files;
    assert.deepEqual(
      [...(await findByContent([fox], disk(others).places, never)).values()],
      ['file:///site/b/owl.png'],
    );
  });

  it('reads no file of another size, and none twice', async () => {
    const { places, hashed } = disk({
      'file:///site/b/1.png': { content: 'foxes' },
      'file:///site/b/2.png': { content: 'owl' },
    });
    const twins = [fox, { ...fox, id: 'twin' }];
    assert.equal((await findByContent(twins, places, never)).size, 0);
    assert.deepEqual(hashed, ['file:///site/b/2.png']);
  });

  it('takes the newest of equal files when none has its name', async () => {
    const { places } = disk({
      'file:///site/b/1.png': { content: 'fox', changedAt: 1 },
      'file:///site/b/2.png': { content: 'fox', changedAt: 3 },
      'file:///site/b/3.png': { content: 'fox', changedAt: 2 },
    });
    assert.deepEqual(
      [...(await findByContent([fox], places, never)).values()],
      ['file:///site/b/2.png'],
    );
  });

  it('takes no file that another image has, and none for two images', async () => {
    const files = { 'file:///site/b/1.png': { content: 'fox' } };
    const taken = disk(files, ['file:///site/b/1.png']);
    assert.equal((await findByContent([fox], taken.places, never)).size, 0);
    const twins = [fox, { ...fox, id: 'twin' }];
    const { places } = disk(files);
    assert.deepEqual([...(await findByContent(twins, places, never)).keys()], ['fox']);
  });

  it('passes over what cannot be read', async () => {
    const { places } = disk({
      'file:///site/b/1.png': { content: 'owl' },
      'file:///site/b/2.png': { content: 'fox' },
    });
    const failing: Places = {
      ...places,
      stat: (uri) => (uri.endsWith('1.png') ? Promise.reject(new Error('x')) : places.stat(uri)),
    };
    assert.equal((await findByContent([fox], failing, never)).size, 1);
    const unreadable: Places = { ...places, hash: () => Promise.reject(new Error('x')) };
    assert.equal((await findByContent([fox], unreadable, never)).size, 0);
  });

  it('ends when the window closes', async () => {
    const stop = new AbortController();
    const { places, hashed } = disk({ 'file:///site/b/fox.png': { content: 'fox' } });
    const closing: Places = {
      ...places,
      listFolder(folder) {
        stop.abort();
        return places.listFolder(folder);
      },
    };
    assert.equal((await findByContent([fox], closing, stop.signal)).size, 0);
    assert.deepEqual(hashed, []);
  });
});
