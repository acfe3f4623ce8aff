import assert from 'node:assert/strict';
import {
  checkNameTemplate,
  editNameTemplate,
  fileNameOfOutput,
  isPathInside,
} from '../../../src/requests/outputRules.ts';
import { RequestError, type RequestProblem } from '../../../src/requests/requestError.ts';

function problemOf(work: () => unknown): RequestProblem {
  try {
    work();
  } catch (thrown) {
    assert(thrown instanceof RequestError);
    return thrown.problem;
  }
  assert.fail('It was expected to be refused');
}

describe('templates of file names', () => {
  it('know the variables of a new image, and those of an edit also the name of its source', () => {
    checkNameTemplate('output.fileName', '${promptSlug}-${size}-${n}');
    checkNameTemplate('edit.fileName', '${name}-${n}');
    const problem = problemOf(() => checkNameTemplate('output.fileName', '${n}-${name}'));
    assert(problem.kind === 'unknownVariable');
    assert.deepEqual([problem.setting, problem.variable], ['output.fileName', 'name']);
    assert.ok(!problem.known.includes('name'));
  });

  for (const variable of ['env:USER', 'date:YYYY', 'n n', 'n/(.*)/$1/', '', 'n/'])
    it(`know no \${${variable}}, which would be a part of the name`, () => {
      const problem = problemOf(() => checkNameTemplate('output.fileName', `fox-\${${variable}}`));
      assert.equal(problem.kind === 'unknownVariable' && problem.variable, variable);
    });

  const edits: [string, string, string][] = [
    ['${name}.edit', '/a/red fox.png', 'red fox.edit'],
    ['${name}.edit', '/a/archive.tar.png', 'archive.tar.edit'],
    ['${name}-${promptSlug}', '/a/fox', 'fox-${promptSlug}'],
    // A file may be named like a template, or like a replacement.
    ['${name}.edit', '/a/${n}.png', '{n}.edit'],
    ['${name}.edit', '/a/$&.png', '$&.edit'],
  ];
  for (const [template, path, name] of edits) {
    it(`make ${name} of ${template} and ${path}`, () => {
      assert.equal(editNameTemplate(template, path), name);
    });
  }

  it('keep their end when the name of a source is long', () => {
    const name = editNameTemplate('${name}.edit', `/a/${'n'.repeat(250)}.png`);
    assert.match(name, /^n+\.edit$/);
    assert.ok(name.length < 120);
  });
});

describe('an output path', () => {
  it('is a file when its extension is that of an image, else a folder', () => {
    assert.equal(fileNameOfOutput('/a/my picture.webp'), 'my picture');
    assert.equal(fileNameOfOutput('/a/PHOTO.JPG'), 'PHOTO');
    assert.equal(fileNameOfOutput('/a/v1.2'), undefined);
    assert.equal(fileNameOfOutput('/a/images'), undefined);
  });
});

describe('a path inside a folder', () => {
  it('is the folder, or below it', () => {
    for (const path of ['/w', '/w/a/b', '/w/..a/b', '/w/a/../b'])
      assert.ok(isPathInside(path, '/w'), path);
  });

  it('is so on a drive in either case', () => {
    assert.ok(isPathInside('/C:/w/a', '/c:/w'));
    assert.ok(isPathInside('/c:/a', '/C:/'));
    assert.ok(!isPathInside('/d:/w/a', '/c:/w'));
  });

  it('is not beside or above it', () => {
    for (const path of ['/', '/w2', '/w/../a', '/a/w']) assert.ok(!isPathInside(path, '/w'), path);
  });
});
