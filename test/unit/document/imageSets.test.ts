import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { imageMarkup, type ImageLink } from '../../../src/document/imageMarkup.ts';
import { withSets } from '../../../src/document/imageSets.ts';
import type { LanguageName } from '../../../src/document/languageIds.ts';
import { readLinks } from './links/readLinks.ts';

const file = (path: string, width: number, height = (width * 2) / 3, alt = ''): ImageLink => ({
  path,
  alt,
  size: { width, height: Math.round(height) },
});
const original = file('img/hero.png', 1536, 1024, 'A fox');
const webp = [640, 1280, 1536].map((width) => file(`img/hero-${String(width)}.webp`, width));

describe('the files of one image', () => {
  it('are one image, with better formats before the one that every browser shows', () => {
    const [image, ...others] = withSets([...webp, original]);
    assert.deepEqual(others, []);
    assert.equal(image?.path, 'img/hero.png');
    assert.equal(image.alt, 'A fox');
    assert.deepEqual(image.set?.files, [{ path: 'img/hero.png', width: 1536 }]);
    assert.deepEqual(
      image.set.sources.map(({ type, files }) => [type, files.map(({ width }) => width)]),
      [['image/webp', [640, 1280, 1536]]],
    );
  });

  it('of one format are choices of that', () => {
    const [image] = withSets(webp);
    assert.equal(image?.path, 'img/hero-1536.webp');
    assert.equal(image.set?.files.length, 3);
    assert.deepEqual(image.set.sources, []);
  });

  it('are known with the hash in their names, and where rounding has moved a side', () => {
    const links = [original, file('img/hero-333.0a1b2c3d.webp', 333, 222.4)];
    assert.equal(withSets(links).length, 1);
  });

  it('stand where the first of them stood', () => {
    const other = file('img/b.png', 300);
    const another = file('img/c.png', 300);
    const paths = withSets([other, ...webp, another, original]).map(({ path }) => path);
    assert.deepEqual(paths, ['img/b.png', 'img/hero.png', 'img/c.png']);
  });

  const apart: [string, ImageLink[]][] = [
    ['of other names', [file('a.png', 300), file('b.webp', 300)]],
    ['in other folders', [file('a/x.png', 300), file('b/x.webp', 300)]],
    ['of other proportions', [file('a.png', 300, 200), file('a.webp', 300, 300)]],
    ['numbered, not named after their width', [file('a-1.png', 300), file('a-2.png', 300)]],
    ['twice of one format and width', [file('a.jpg', 300), file('a.jpeg', 300)]],
    ['of a format that has no place there', [file('a.svg', 300), file('a.png', 300)]],
    [
      'whose size nobody knows',
      [
        { path: 'a.png', alt: '' },
        { path: 'a.webp', alt: '' },
      ],
    ],
    ['of the same path', [file('a.png', 300), file('a.png', 300)]],
    ['called like parts of every object', [file('a.constructor', 3), file('a.__proto__', 3)]],
    ['named by a width alone', [file('-300.png', 300), file('.png', 300)]],
  ];
  for (const [what, links] of apart)
    it(`are several images when they are ${what}`, () => {
      assert.deepEqual(withSets(links), links);
    });
});

describe('an image in several formats', () => {
  const links = [...webp, original];
  const sources =
    'srcset="img/hero-640.webp 640w, img/hero-1280.webp 1280w, img/hero-1536.webp 1536w" sizes="(max-width: 1536px) 100vw, 1536px"';

  it('is a picture, whose image is the one that every browser shows', () => {
    assert.equal(
      imageMarkup('html', links, { before: '  ', after: '' }),
      [
        '<picture>',
        `    <source type="image/webp" ${sources}>`,
        '    <img src="img/hero.png" alt="A fox" width="1536" height="1024">',
        '  </picture>',
      ].join('\n'),
    );
  });

  it('is written as JSX has it', () => {
    assert.equal(
      imageMarkup('jsx', links),
      [
        '<picture>',
        `  <source type="image/webp" ${sources.replace('srcset', 'srcSet')} />`,
        '  <img src="img/hero.png" alt="A fox" width={1536} height={1024} />',
        '</picture>',
      ].join('\n'),
    );
  });

  it('stays in the line where other text is', () => {
    const markup = imageMarkup('html', links, { before: 'words ', after: ' words' });
    assert.ok(markup.startsWith('<picture><source ') && markup.endsWith('></picture>'), markup);
    assert.ok(!markup.includes('\n'));
  });

  it('has no sizes where there is one file of each', () => {
    assert.match(
      imageMarkup('html', [file('a.webp', 300), file('a.jpg', 300)]),
      /<source type="image\/webp" srcset="a\.webp">\n {2}<img src="a\.jpg"/,
    );
  });

  it('is an image with choices where all are of one format', () => {
    const markup = imageMarkup('html', webp);
    assert.equal(
      markup,
      `<img src="img/hero-1536.webp" alt="" ${sources} width="1536" height="1024">`,
    );
  });

  it('is what the user or the project writes for images, where they say it', () => {
    const own = imageMarkup('html', links, undefined, (_, link) => `own ${link.path}`);
    assert.equal(own, 'own img/hero.png');
  });

  it('is a link to each where a language has no such thing, or in a string', () => {
    assert.equal(readLinks(imageMarkup('markdown', links), 'markdown').length, 4);
    const around = { before: "const all = ['", after: "'];" };
    assert.equal(imageMarkup('script', links, around).split("', '").length, 4);
  });

  const hostile = ['a b', 'a, b 2x', 'a"b', "a'b", 'a{b}', 'a&amp;b', '<b>', '100%', '雪 狐', '$&'];
  for (const language of [
    'html',
    'template',
    'atTemplate',
    'astro',
    'jsx',
  ] satisfies LanguageName[])
    it(`is read back in ${language}, whatever its name`, () => {
      const [before, after] = language === 'jsx' ? ['const a = ', ';'] : ['', ''];
      for (const stem of hostile) {
        const set = [
          file(`${stem}.png`, 900),
          file(`${stem}-300.webp`, 300),
          file(`${stem}.webp`, 900),
        ];
        const text = before + imageMarkup(language, set, { before, after }) + after;
        const read = readLinks(text, language);
        const found = read.flatMap(({ target, candidates }) =>
          candidates.length > 0 ? candidates.map((each) => each.target.target) : [target.target],
        );
        assert.deepEqual(
          found.map((target) => posix.normalize(decodeURIComponent(target))),
          [`${stem}-300.webp`, `${stem}.webp`, `${stem}.png`],
          text,
        );
      }
    });
});

describe('several images of a page', () => {
  const links = [file('a.png', 30), file('b.png', 30)];

  it('are a gallery where blocks may stand', () => {
    assert.equal(
      imageMarkup('html', links, { before: '\t', after: '' }, undefined, true),
      [
        '<div class="gallery">',
        '\t  <figure>',
        '\t    <img src="a.png" alt="" width="30" height="20">',
        '\t  </figure>',
        '\t  <figure>',
        '\t    <img src="b.png" alt="" width="30" height="20">',
        '\t  </figure>',
        '\t</div>',
      ].join('\n'),
    );
    const inJsx = imageMarkup('jsx', links, undefined, undefined, true);
    assert.match(inJsx, /^<div className="gallery">\n {2}<figure>\n {4}<img [^>]*\/>\n/);
  });

  it('stand in the line, or beside each other, where none may', () => {
    const inLine = imageMarkup('html', links, { before: 'a ', after: ' b' }, undefined, true);
    assert.ok(!inLine.includes('gallery'), inLine);
    assert.ok(!imageMarkup('html', links).includes('gallery'));
    assert.match(imageMarkup('jsx', links), /^<>\n/);
  });

  it('are no gallery when there is one', () => {
    assert.ok(
      !imageMarkup('html', [...webp, original], undefined, undefined, true).includes('gallery'),
    );
  });

  for (const language of [
    'html',
    'template',
    'atTemplate',
    'astro',
    'jsx',
  ] satisfies LanguageName[])
    it(`are read back in ${language}`, () => {
      const text = imageMarkup(language, [...links, ...webp, original], undefined, undefined, true);
      const [before, after] = language === 'jsx' ? ['const a = ', ';'] : ['', ''];
      const targets = readLinks(before + text + after, language).map(({ target }) => target.target);
      assert.deepEqual(targets, ['a.png', 'b.png', 'img/hero-640.webp', 'img/hero.png']);
    });
});
