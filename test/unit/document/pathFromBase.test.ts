import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { imageMarkup } from '../../../src/document/imageMarkup.ts';
import { pathsOfLink } from '../../../src/document/linkTargets.ts';
import { folderOfBase } from '../../../src/document/links/pageBase.ts';
import { readTags } from '../../../src/document/links/parsers/htmlTokenizer.ts';
import { doAll } from '../../../src/document/links/steps.ts';
import { maskExpressions } from '../../../src/document/links/maskExpressions.ts';
import { pathFromBase } from '../../../src/document/pathFromBase.ts';
import { readLinks } from './links/readLinks.ts';

const folderPath = '/site';
const served = ['dist'];

function baseOf(html: string): string | undefined {
  return folderOfBase(doAll(readTags(maskExpressions(html))));
}

/** The page, what its base says, the image, and the link that leads there. */
const rows: [page: string, base: string, image: string, link: string | undefined][] = [
  ['/site/a.html', 'img/', '/site/img/fox.png', 'fox.png'],
  ['/site/a.html', 'img/x.html', '/site/img/fox.png', 'fox.png'],
  ['/site/a.html', 'my%20img/', '/site/my img/fox.png', 'fox.png'],
  ['/site/a.html', 'img/', '/site/fox.png', '../fox.png'],
  ['/site/docs/a.html', '../', '/site/img/fox.png', 'img/fox.png'],
  ['/site/docs/a.html', './', '/site/docs/fox.png', 'fox.png'],
  ['/site/a.html', '/', '/site/img/fox.png', 'img/fox.png'],
  ['/site/docs/a.html', '/', '/site/img/fox.png', 'img/fox.png'],
  ['/site/docs/a.html', '/', '/site/docs/fox.png', 'docs/fox.png'],
  ['/site/docs/a.html', '/docs/', '/site/docs/fox.png', 'fox.png'],
  ['/site/docs/a.html', '/docs/', '/site/img/fox.png', '../img/fox.png'],
  ['/site/index.html', '/', '/site/public/img/fox.png', 'img/fox.png'],
  ['/site/index.html', '/', '/site/dist/fox.png', 'fox.png'],
  ['/site/src/index.html', '/', '/site/src/assets/fox.png', 'assets/fox.png'],
  ['/site/web/src/index.html', '/', '/site/web/src/fox.png', 'fox.png'],
  ['/site/web/src/index.html', '/app/', '/site/web/src/fox.png', '../fox.png'],
  ['/site/a.html', '/', '/elsewhere/fox.png', undefined],
  ['/site/a.html', 'https://cdn.example/', '/site/fox.png', undefined],
  ['/site/a.html', '//cdn.example/x/', '/site/fox.png', undefined],
  ['/site/a.html', '\\\\cdn.example\\x/', '/site/fox.png', undefined],
  ['/site/a.html', 'file:///site/', '/site/fox.png', undefined],
];

describe('a link of a page with a base', () => {
  for (const [page, href, image, expected] of rows)
    it(`is ${String(expected)} from ${page} to ${image} where that is ${href}`, () => {
      const html = `<head><base href="${href}"></head>\n`;
      const base = baseOf(html) ?? assert.fail('no base');
      const place = { documentPath: page, folderPath, served };
      const path = pathFromBase(base, posix.relative(posix.dirname(page), image), place);
      assert.equal(path, expected);
      if (path === undefined) return;
      const text = html + imageMarkup('html', [{ path, alt: '' }]);
      const link = readLinks(text, 'html').at(-1) ?? assert.fail(text);
      assert.ok(pathsOfLink(link.target, place).includes(image), JSON.stringify(link));
    });

  it('stays what it is where the base says no other folder, or only a program knows it', () => {
    for (const href of ['', '#top', '?a=/b/', 'page.html', '{{ base }}/', '<?= $a ?>/', '${a}/'])
      assert.equal(baseOf(`<base href="${href}">`), undefined, href);
    assert.equal(baseOf('<base target="_blank">'), undefined);
    assert.equal(baseOf('<!-- <base href="/a/"> -->'), undefined);
  });

  it('stays whole where it starts from no folder', () => {
    const place = { documentPath: '/site/a.html', folderPath };
    for (const path of ['/elsewhere/fox.png', 'd:/fox.png'])
      assert.equal(pathFromBase('img/', path, place), path);
  });
});
