import assert from 'node:assert/strict';
import {
  graphicsFolders,
  isLatexFile,
  rootOfLatex,
} from '../../../../src/document/pipelines/latexProject.ts';

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
    ['another command', '\\documentclasses{article}', false],
    ['a subfile', '\\documentclass[../main.tex]{subfiles}\n', false, '../main.tex'],
    ['a comment for editors', '% !TEX root = ../main.tex\n\\chapter{A}', false, '../main.tex'],
    ['one without blanks', '%!TeX root=../main.tex\r\n\\chapter{A}', false, '../main.tex'],
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

  it('names folders of images, also in a preamble', () => {
    const texts = [
      String.raw`\graphicspath{{figs/}{/srv/figs/}}`,
      String.raw`\graphicspath{{figs/}}`,
      '',
    ];
    assert.deepEqual(graphicsFolders(texts), ['figs/', '/srv/figs/']);
    assert.ok(isLatexFile('preamble.STY') && !isLatexFile('a.texture'));
  });
});
