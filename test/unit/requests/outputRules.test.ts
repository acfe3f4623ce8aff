import assert from 'node:assert/strict';
import {
  checkNameTemplate,
  editNameTemplate,
  expandDirectory,
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

describe('the directory of the settings', () => {
  const folderPath = '/project/site';
  const documentPath = '/project/site/docs/guide/start.en.md';
  const expanded: [string, string, string][] = [
    ['images', 'images', 'images'],
    ['art/${documentDirName}', 'art/docs/guide', 'art/.'],
    ['${documentRelativeDirName}/images', 'docs/guide/images', './images'],
    ['images/${documentBaseName}', 'images/start.en', 'images/site'],
    ['${documentFileName}.${documentExtName}', 'start.en.md.md', 'site.'],
    ['${workspaceFolder}/images', './images', './images'],
    ['${documentWorkspaceFolder}/images', './images', './images'],
    ['/${documentDirName}', '/docs/guide', '.'],
    ['/tmp/images', '/tmp/images', '/tmp/images'],
  ];
  for (const [directory, withDocument, without] of expanded) {
    it(`fills in ${directory}, for a document and without one`, () => {
      assert.equal(expandDirectory(directory, { folderPath, documentPath }), withDocument);
      assert.equal(expandDirectory(directory, { folderPath }), without);
    });
  }

  it('means the folder itself for a document at its top', () => {
    const top = { folderPath, documentPath: '/project/site/README.md' };
    assert.equal(expandDirectory('${documentDirName}/images', top), './images');
  });

  it('may contain what only looks like a replacement', () => {
    const odd = { folderPath, documentPath: '/project/site/$&/a.md' };
    assert.equal(expandDirectory('${documentDirName}', odd), '$&');
  });

  it('may be of a document in a folder that is named like a variable', () => {
    const odd = { folderPath, documentPath: '/project/site/${mood}/a.md' };
    assert.equal(expandDirectory('${documentDirName}', odd), '${mood}');
  });

  it('knows no variable that every object has', () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      const problem = problemOf(() => expandDirectory(`\${${name}}`, { folderPath }));
      assert.equal('variable' in problem && problem.variable, name);
    }
  });

  it('names the setting, and what it knows, for a variable that does not exist', () => {
    const problem = problemOf(() => expandDirectory('${mood}/x', { folderPath }));
    assert(problem.kind === 'unknownVariable');
    assert.deepEqual([problem.setting, problem.variable], ['output.directory', 'mood']);
    assert.ok(problem.known.includes('documentDirName'));
  });
});

describe('templates of file names', () => {
  it('know the variables of a new image, and those of an edit also the name of its source', () => {
    checkNameTemplate('output.fileName', '${promptSlug}-${size}-${n}');
    checkNameTemplate('edit.fileName', '${name}-${n}');
    const problem = problemOf(() => checkNameTemplate('output.fileName', '${n}-${name}'));
    assert(problem.kind === 'unknownVariable');
    assert.deepEqual([problem.setting, problem.variable], ['output.fileName', 'name']);
    assert.ok(!problem.known.includes('name'));
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

  it('is not beside or above it', () => {
    for (const path of ['/', '/w2', '/w/../a', '/a/w']) assert.ok(!isPathInside(path, '/w'), path);
  });
});
