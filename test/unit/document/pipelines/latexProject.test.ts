import assert from 'node:assert/strict';
import { imageFolders } from '../../../../src/document/imageFolders.ts';
import {
  graphicsFolders,
  isLatexFile,
  latexFilesOf,
  mainPathsOf,
  readLatexFile,
  rootOfLatex,
} from '../../../../src/document/pipelines/latexProject.ts';
import { readLinks } from '../links/readLinks.ts';

describe('the main document of a text in LaTeX', () => {
  const cases: [what: string, text: string, isMain: boolean, main?: string][] = [
    ['a class', '% notes\n\\documentclass[a4paper]{article}\n', true],
    ['options of several lines', '\\documentclass[\n  a4paper, x={[y]}\n]{article}\n', true],
    ['a class of old', '\\documentstyle{article}', true],
    ['no class', '\\chapter{A}\n\\includegraphics{a}', false],
    ['a class in a comment', '% \\documentclass{article}\n\\chapter{A}', false],
    [
      'a class in a listing',
      '\\begin{verbatim}\n\\documentclass{article}\n\\end{verbatim}\n',
      false,
    ],
    ['where it begins', '\\input{setup/preamble}\n\\begin{document}\n', true],
    ['a beginning in a listing', '\\begin{verbatim}\n\\begin{document}\n\\end{verbatim}\n', false],
    [
      'a class behind files in it',
      `\\begin{filecontents}{a}\n\\documentclass{b}\n${'x\n'.repeat(20_000)}\\end{filecontents}\n\\documentclass{c}`,
      true,
    ],
    ['another command', '\\documentclasses{article}', false],
    ['a subfile', '\\documentclass[../main.tex]{subfiles}\n', false, '../main.tex'],
    ['a comment for editors', '% !TEX root = ../main.tex\n\\chapter{A}', false, '../main.tex'],
    ['one without blanks', '%!TeX root=../main.tex\r\n\\chapter{A}', false, '../main.tex'],
    ['one in quotes', '% !TEX root = "../my main.tex"\n', false, '../my main.tex'],
    ['one with backslashes', '% !TEX root = ..\\main.tex\n', false, '../main.tex'],
    ['one on a drive', '% !TEX root = C:\\x\\main.tex\n', false, '/c:/x/main.tex'],
    ['one that is commented', '% !TEX root = main.tex % c\n', false, 'main.tex'],
    ['one of Emacs', '\\chapter{A}\n%%% TeX-master: "../main"\n%%% End:\n', false, '../main'],
    ['one of Emacs for itself', '\\documentclass{a}\n%%% TeX-master: t\n', true],
  ];
  for (const [what, text, isMain, main] of cases)
    it(`is told by ${what}`, () => {
      assert.deepEqual(rootOfLatex(text), main === undefined ? { isMain } : { isMain, main });
    });

  it('is told in no time by a text that is made to be slow', () => {
    const start = performance.now();
    for (const text of ['%', '\\documentclass[', '% !TEX ', '%\\documentclass\n', '\\verb|'])
      rootOfLatex(text.repeat(100_000));
    assert.ok(performance.now() - start < 1_000);
  });

  it('is the file that a part names, whose extension may be missing', () => {
    const part = '/w/chapters/a.tex';
    assert.deepEqual(mainPathsOf(part, '../main.tex'), ['/w/main.tex']);
    assert.deepEqual(mainPathsOf(part, '../main'), ['/w/main.tex', '/w/main']);
    assert.deepEqual(mainPathsOf('/c:/w/a.tex', '/c:/x/main.tex'), ['/c:/x/main.tex']);
  });

  it('names folders of images, also in a preamble', () => {
    const texts = {
      'main.tex': String.raw`\documentclass{a}\graphicspath{{figs/}{/srv/figs/}}`,
      'setup.sty': String.raw`\graphicspath{{figs/}}`,
      'empty.tex': '',
    };
    assert.deepEqual(foldersOf(texts, '/w/chapters/a.tex'), ['figs/', '/srv/figs/']);
    assert.ok(isLatexFile('preamble.STY') && !isLatexFile('a.texture'));
  });

  it('is among the files that are read of a folder with very many', () => {
    const many = Array.from({ length: 500 }, (_, n) => `a${String(n)}.tex`);
    const names = latexFilesOf([...many, 'thesis-2026.tex', 'image.png', 'main.tex']);
    assert.deepEqual(names.slice(0, 3), ['main.tex', 'thesis-2026.tex', 'a0.tex']);
    assert.ok(names.length < 300);
  });

  const paper = String.raw`\documentclass{article}\include{chapters/a}`;
  const slides = String.raw`\documentclass{beamer}\graphicspath{{slides-img/}}\input{talk/t.tex}`;
  const both = { 'paper.tex': paper, 'slides.tex': slides, 'all.sty': '\\graphicspath{{all/}}' };
  const parts: [what: string, part: string, main: string | undefined, folders: string[]][] = [
    ['a document', '/w/paper.tex', '/w/paper.tex', ['all/']],
    ['a part that names its document', '/w/x.tex', '/w/slides.tex', ['slides-img/', 'all/']],
    ['a part that its document names', '/w/talk/t.tex', undefined, ['slides-img/', 'all/']],
    ['a part of another document', '/w/chapters/a.tex', undefined, ['all/']],
    ['a part that none names', '/w/chapters/b.tex', undefined, ['all/']],
  ];
  for (const [what, part, main, folders] of parts)
    it(`has no folders of another document beside it: ${what}`, () => {
      assert.deepEqual(foldersOf(both, part, main), folders);
    });

  it('is the one of several files, beside drawings that are documents', () => {
    const texts = {
      'fig.tex': '\\documentclass{standalone}\n% \\input{chapters/b}\n',
      'main.tex': String.raw`\documentclass{book}\graphicspath{{figs/}}\input{chapters/a}`,
    };
    assert.deepEqual(foldersOf(texts, '/w/chapters/part/b.tex'), ['figs/']);
  });

  for (const commented of ['% ', '\\iffalse ', '\\begin{comment}\n', '\\verb|'])
    it(`names no folders in code and comments: ${commented}`, () => {
      const text = `\\graphicspath{{img/}}\n${commented}\\graphicspath{{old/}}|\n\\fi`;
      assert.deepEqual(imageFolders('latex', text), ['img/']);
      const [link] = readLinks(
        `\\includegraphics{x}\n${text}\n\\end{comment}\n\\includegraphics{a.png}`,
        'latex',
      ).slice(-1);
      assert.deepEqual(link?.target.folders, ['img/']);
    });

  it('names no folders in a comment of AsciiDoc', () => {
    const text = ':imagesdir: img\n\n////\n:imagesdir: old\n////\n';
    assert.deepEqual(imageFolders('asciidoc', text), ['img']);
    const [link] = readLinks(`${text}\nimage::a.png[]\n`, 'asciidoc');
    assert.deepEqual(link?.target.folders, ['img']);
  });
});

function foldersOf(texts: Record<string, string>, part: string, main?: string): string[] {
  const files = Object.entries(texts).map(([name, text]) => readLatexFile(`/w/${name}`, text));
  return graphicsFolders(files, part, main);
}
