import assert from 'node:assert/strict';
import { posix } from 'node:path';
import type { LanguageName } from '../../../src/document/languageIds.ts';
import { reaches, startedAt, startOf } from '../../../src/document/linkStart.ts';
import { relink, targetsTo, withReplacements } from '../../../src/document/linksTo.ts';
import { pathsOfLink, type LinkPlace } from '../../../src/document/linkTargets.ts';
import type { FoundLink } from '../../../src/document/linkText.ts';
import { readLinks } from './links/readLinks.ts';

const chapter = { documentPath: '/w/paper/chapters/c.tex', folderPath: '/w' };
const paper: LinkPlace = {
  ...chapter,
  starts: ['/w/paper', '/w/paper/chapters', '/w/paper', '/w'],
  folders: ['figs'],
};
const unknown: LinkPlace = {
  ...chapter,
  starts: ['/w/paper/chapters', '/w/paper', '/w'],
  isStartUnknown: true,
};
const images = '/w/docs/modules/ROOT/images';
const antora: LinkPlace = {
  documentPath: '/w/docs/modules/ROOT/pages/sub/p.adoc',
  folderPath: '/w',
  starts: [images],
  isClosed: true,
};

/** A text after the replacement of one image by another, in a workspace that has no others. */
async function replaced(
  language: LanguageName,
  text: string,
  [oldPath, newPath]: readonly [string, string],
  place: LinkPlace,
): Promise<string> {
  const first = (link: FoundLink, from: LinkPlace) =>
    pathsOfLink(link, from).find((path) => path === oldPath || path === newPath);
  const read = (each: string) => Promise.resolve(readLinks(each, language));
  const isOld = (link: FoundLink) => first(link, place) === oldPath;
  const lax = (link: FoundLink) => Promise.resolve(isOld(link) ? 'old' : 'neither');
  const targets = await targetsTo(text, { oldPath }, { read, leadsTo: lax as never });
  const start = startOf(targets ?? [], oldPath, place);
  assert.ok(start !== undefined);
  const from = startedAt(place, start);
  const leadsTo = (link: FoundLink) => {
    if (isOld(link)) return Promise.resolve('old' as const);
    const isNew = reaches(newPath, start, place) && first(link, from) === newPath;
    return Promise.resolve(isNew ? ('new' as const) : ('neither' as const));
  };
  const file = { oldPath, newPath, link: posix.relative(start, newPath) };
  const { documentPath } = from;
  const found = await relink(text, language, { ...file, documentPath }, { read, leadsTo });
  return withReplacements(text, found.replacements);
}

const latex: [place: LinkPlace, target: string, from: string, to: string, after: string][] = [
  [paper, 'fig/a.png', '/w/paper/fig/a.png', '/w/generated/b.png', '../generated/b.png'],
  [paper, 'fig/a.png', '/w/paper/fig/a.png', '/w/paper/chapters/b.png', 'chapters/b.png'],
  [paper, 'fig/a', '/w/paper/fig/a.png', '/w/paper/fig/b.png', 'fig/b.png'],
  [paper, 'a.png', '/w/paper/figs/a.png', '/w/paper/figs/b.png', 'b.png'],
  // `\import` lets it start from the chapter's own folder.
  [
    paper,
    'fig/a.png',
    '/w/paper/chapters/fig/a.png',
    '/w/generated/b.png',
    '../../generated/b.png',
  ],
  [unknown, 'fig/a.png', '/w/fig/a.png', '/w/generated/b.png', 'generated/b.png'],
];

describe('a link that starts from another folder than the document', () => {
  for (const [place, target, from, to, after] of latex)
    it(`leads to another image from where it started in LaTeX: ${target} to ${to}`, async () => {
      const text = (path: string) => `\\includegraphics{${path}}`;
      assert.equal(await replaced('latex', text(target), [from, to], place), text(after));
    });

  it('leads to another image of its module in Antora', async () => {
    const files = [`${images}/a.png`, `${images}/new/b.png`] as const;
    const text = ':imagesdir: ../../images\n\nimage::a.png[]';
    const after = ':imagesdir: ../../images\n\nimage::new/b.png[]';
    assert.equal(await replaced('asciidoc', text, files, antora), after);
  });

  it('stays in Antora where the other image is not in its module', async () => {
    const files = [`${images}/a.png`, '/w/generated/b.png'] as const;
    assert.equal(await replaced('asciidoc', 'image::a.png[]', files, antora), 'image::a.png[]');
  });

  it('is told of none whose project has no such folders', () => {
    assert.equal(startOf([], '/w/a.png', chapter), undefined);
  });
});
