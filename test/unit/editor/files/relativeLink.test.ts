import assert from 'node:assert/strict';
import { imageMarkup } from '../../../../src/document/imageMarkup.ts';
import { absoluteLink, relativeLink } from '../../../../src/editor/files/relativeLink.ts';

function address(url: string) {
  const [, scheme = '', authority = '', path = ''] = /^(\w+):\/\/([^/]*)(\/.*)$/.exec(url) ?? [];
  return { scheme, authority, path };
}

describe('the way from a text to an image', () => {
  const ways: [string, string, string | undefined][] = [
    ['file:///w/docs/a.md', 'file:///w/docs/img/fox.png', 'img/fox.png'],
    ['file:///w/docs/a.md', 'file:///pics/fox.png', '../../pics/fox.png'],
    ['file:///c:/w/docs/a.md', 'file:///c:/w/img/fox.png', '../img/fox.png'],
    // Another drive.
    ['file:///c:/w/docs/a.md', 'file:///d:/pics/fox.png', undefined],
    ['file:///c:/a.md', 'file:///D:/fox.png', undefined],
    // The root of a drive, and a drive in either case.
    ['file:///c:/w/a.md', 'file:///c:/fox.png', '../fox.png'],
    ['file:///C:/w/a.md', 'file:///c:/w/fox.png', 'fox.png'],
    ['file:///c:/w/a.md', 'file:///C:/w/fox.png', 'fox.png'],
    // `..` does not lead out of a share.
    ['file://server/docs/a.md', 'file://server/docs/b/fox.png', 'b/fox.png'],
    ['file://server/docs/a.md', 'file://SERVER/Docs/fox.png', 'fox.png'],
    ['file://server/docs/a.md', 'file://server/pics/fox.png', undefined],
    ['file://server/docs/a.md', 'file://other/docs/fox.png', undefined],
    ['file:///c:/w/a.md', 'file://server/docs/fox.png', undefined],
    // Elsewhere a colon is only a sign.
    ['file:///c:w/a.md', 'file:///d:w/fox.png', '../d:w/fox.png'],
    ['file:///w/a.md', 'vfs:///w/fox.png', undefined],
    ['vfs://one/w/a.md', 'vfs://two/w/fox.png', undefined],
    ['vfs://one/w/a.md', 'vfs://one/v/fox.png', '../v/fox.png'],
  ];
  for (const [from, to, link] of ways)
    it(`from ${from} to ${to} is ${link ?? 'none'}`, () => {
      assert.equal(relativeLink(address(from), address(to)), link);
    });
});

describe('an image that no way leads to', () => {
  const links: [string, string, string][] = [
    ['file:///d:/my pics/fox.png', 'd:/my pics/fox.png', 'file:///d:/my%20pics/fox.png'],
    ['file:///D:/fox.png', 'D:/fox.png', 'file:///D:/fox.png'],
    ['file://server/pics/fox.png', '//server/pics/fox.png', 'file://server/pics/fox.png'],
    ['file:///pics/fox.png', '/pics/fox.png', '/pics/fox.png'],
  ];
  for (const [image, path, url] of links)
    it(`is ${path} as a path, and ${url} as an address`, () => {
      assert.equal(absoluteLink(address(image)), path);
      assert.equal(imageMarkup('latex', [{ path, alt: '' }]), `\\includegraphics{${path}}`);
      assert.equal(imageMarkup('markdown', [{ path, alt: 'fox' }]), `![fox](${url})`);
      if (url.startsWith('file:')) assert.equal(new URL(url).href, url);
    });
});
