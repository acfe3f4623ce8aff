import assert from 'node:assert/strict';
import { listFolders, maxFolders } from '../../../../src/editor/files/listFolders.ts';

type Tree = { [name: string]: Tree };

describe('the folders of a workspace', () => {
  function list(tree: Tree, signal = new AbortController().signal): Promise<string[]> {
    const at = (path: string) =>
      path.split('/').reduce<Tree | undefined>((inner, name) => inner?.[name], tree);
    return listFolders(
      Object.keys(tree),
      {
        namesIn: (path) => {
          const inner = at(path);
          if (!inner || path.endsWith('closed')) return Promise.reject(new Error('Not readable'));
          return Promise.resolve(Object.keys(inner));
        },
        join: (path, name) => `${path}/${name}`,
      },
      signal,
    );
  }

  it('are listed by their depth and their names', async () => {
    const tree = { site: { static: { img: { icons: {} } }, docs: {} }, app: { assets: {} } };
    assert.deepEqual(await list(tree), [
      ...['site/docs', 'site/static', 'app/assets'],
      ...['site/static/img', 'site/static/img/icons'],
    ]);
  });

  it('are not those of packages, hidden ones, and what is in one that cannot be read', async () => {
    const tree = { a: { node_modules: { x: {} }, '.git': { objects: {} }, closed: { in: {} } } };
    assert.deepEqual(await list(tree), ['a/closed']);
  });

  it('are no more than a list can bear, and end where nobody waits', async () => {
    const many: Tree = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [
        `d${String(index)}`,
        Object.fromEntries(Array.from({ length: 50 }, (__, inner) => [`e${String(inner)}`, {}])),
      ]),
    );
    assert.equal((await list({ a: many })).length, maxFolders);
    assert.deepEqual(await list({ a: many }, AbortSignal.abort()), []);
  });
});
