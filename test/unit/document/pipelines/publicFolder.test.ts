import assert from 'node:assert/strict';
import {
  marksOfSites,
  publicFolderByMarks,
  publicFolderOf,
} from '../../../../src/document/pipelines/publicFolder.ts';

describe('the folder that a site serves from its root', () => {
  const cases: [what: string, json: unknown, folder: string | undefined][] = [
    ['Gatsby, whose build writes into public', { dependencies: { gatsby: '5.0.0' } }, 'static'],
    ['Docusaurus', { dependencies: { '@docusaurus/core': '3.0.0', react: '19.0.0' } }, 'static'],
    ['SvelteKit', { devDependencies: { '@sveltejs/kit': '2.0.0', vite: '7.0.0' } }, 'static'],
    ['Next.js', { dependencies: { next: '16.0.0' } }, 'public'],
    ['Astro', { dependencies: { astro: '5.0.0' } }, 'public'],
    ['Create React App', { dependencies: { 'react-scripts': '5.0.0' } }, 'public'],
    ['a library that Vite builds', { devDependencies: { vite: '7.0.0' } }, undefined],
    ['what is no package.json', ['gatsby'], undefined],
  ];
  for (const [what, json, folder] of cases)
    it(`is told by what builds it: ${what}`, () => {
      assert.equal(publicFolderOf(JSON.stringify(json)), folder);
    });

  const marks: [mark: string, folder: string | undefined][] = [
    ['hugo.toml', 'static'],
    ['archetypes', 'static'],
    ['.vuepress', '.vuepress/public'],
    ['.vitepress', 'public'],
    ['conf.py', '.'],
    ['other.py', undefined],
  ];
  for (const [mark, folder] of marks)
    it(`is told by what only one kind of site has: ${mark}`, () => {
      assert.equal(publicFolderByMarks(marksOfSites.map((each) => each === mark)), folder);
    });

  it('is not told by what is no JSON', () => {
    assert.equal(publicFolderOf('{ "dependencies": { "gatsby"'), undefined);
  });
});
