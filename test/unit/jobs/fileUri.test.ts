import assert from 'node:assert/strict';
import { fileUriOf, isFileUri, pathOfFileUri, splitUri } from '../../../src/jobs/fileUri.ts';

describe('the URI of a file', () => {
  /** Path and URI on Linux and macOS. The host suite compares these with the editor's own. */
  const posix: [path: string, uri: string][] = [
    ['/home/fox/a.png', 'file:///home/fox/a.png'],
    ['/', 'file:///'],
    ['/a b/100%.png', 'file:///a%20b/100%25.png'],
    ['/ä/狐.png', 'file:///%C3%A4/%E7%8B%90.png'],
    [`/!'()*+&=@:;,$#?[].png`, 'file:///%21%27%28%29%2A%2B%26%3D%40%3A%3B%2C%24%23%3F%5B%5D.png'],
    ['/a-b_c.d~e', 'file:///a-b_c.d~e'],
    ['/back\\slash', 'file:///back%5Cslash'],
  ];
  const windows: [path: string, uri: string][] = [
    ['c:\\Users\\fox\\a.png', 'file:///c%3A/Users/fox/a.png'],
    ['c:\\', 'file:///c%3A/'],
    ['\\\\server\\share\\a b.png', 'file://server/share/a%20b.png'],
    ['\\\\wsl$\\Debian\\a.png', 'file://wsl%24/Debian/a.png'],
  ];

  for (const [isWindows, pairs] of [
    [false, posix],
    [true, windows],
  ] as const)
    for (const [path, uri] of pairs)
      it(`is ${uri} for ${path}, and the other way round`, () => {
        assert.equal(fileUriOf(path, isWindows), uri);
        assert.equal(pathOfFileUri(uri, isWindows), path);
      });

  it('is a folder and a name in it, also at the top of a drive or a share', () => {
    for (const [isWindows, folder, path] of [
      [false, '/home/fox', '/home/fox/a b.png'],
      [false, '/', '/a b.png'],
      [true, 'c:\\Users\\fox', 'c:\\Users\\fox\\a b.png'],
      [true, 'd:\\', 'd:\\a b.png'],
      [true, '\\\\server\\share\\', '\\\\server\\share\\a b.png'],
      [true, '\\\\server\\share\\in', '\\\\server\\share\\in\\a b.png'],
    ] as const) {
      const { folderUri, name } = splitUri(fileUriOf(path, isWindows));
      assert.equal(pathOfFileUri(folderUri, isWindows), folder);
      assert.equal(name, 'a%20b.png');
    }
    assert.equal(splitUri('file:///D:/a.png').folderUri, 'file:///D:/');
    assert.equal(splitUri('memfs:/images/a.png').folderUri, 'memfs:/images');
  });

  it('has a small drive letter', () => {
    assert.equal(fileUriOf('C:\\a.png', true), 'file:///c%3A/a.png');
    for (const uri of ['file:///C:/a.png', 'file:///c:/a.png', 'file:///C%3A/a.png'])
      assert.equal(pathOfFileUri(uri, true), 'c:\\a.png');
  });

  it('may have an escape too few, another scheme’s case, a query and a fragment', () => {
    assert.equal(pathOfFileUri('file:///a b/100%.png', false), '/a b/100%.png');
    assert.equal(pathOfFileUri('FILE:///a.png?b#c', false), '/a.png');
    assert.equal(pathOfFileUri('file:/a.png', false), '/a.png');
    assert.equal(pathOfFileUri('file:///%E7%8B%90%ff', false), '/%E7%8B%90%ff');
  });

  it('is told from others by its scheme', () => {
    assert.deepEqual(
      ['file:///a', 'FILE:/a', 'vscode-vfs://github/a', 'https://a', 'files:/a'].map(isFileUri),
      [true, true, false, false, false],
    );
  });
});
