import assert from 'node:assert/strict';
import { type DirectoryFacts, expandDirectory } from '../../../src/requests/expandDirectory.ts';
import { RequestError, type RequestProblem } from '../../../src/requests/requestError.ts';

const site = { name: 'site', uri: { path: '/project/site' } };
const docs = { name: 'docs', uri: { path: '/project/docs' } };
const env = {
  HOME: '/home/me',
  USER: 'me',
  EMPTY: ' ',
  BACK: '../out',
  TILDE: '~/x',
  SHELL: '$HOME/x',
  PERCENT: 'a\\%TEMP%',
};
const bare: DirectoryFacts<typeof site> = {
  folder: site,
  folders: [site, docs],
  home: '/home/me',
  env,
  isWindows: false,
};
const inDocument = { ...bare, documentPath: '/project/site/docs/guide/intro.en.md' };
const winSite = { name: 'site', uri: { path: '/c:/w/site' } };
const windows: DirectoryFacts<typeof site> = {
  folder: winSite,
  folders: [winSite],
  documentPath: '/C:/w/site/docs/a.md',
  home: 'C:\\Users\\me',
  env: { ONEDRIVE: 'D:\\One Drive', NAME: 'art' },
  isWindows: true,
};

/** A folder of the workspace as `site:path`, one of the disk as its path. */
function expanded(directory: string, facts: DirectoryFacts<typeof site> = inDocument): string {
  const { folder, path } = expandDirectory(directory, facts);
  return folder ? `${folder.name}:${path}` : path;
}

function problemOf(directory: string, facts?: DirectoryFacts<typeof site>): RequestProblem {
  try {
    assert.fail(`It was expected to be refused, not to be ${expanded(directory, facts)}`);
  } catch (thrown) {
    if (!(thrown instanceof RequestError)) throw thrown;
    return thrown.problem;
  }
}

describe('the directory of the settings', () => {
  const both: [string, string, string][] = [
    ['images', 'site:images', 'site:images'],
    ['${documentDirName}/img', 'site:docs/guide/img', 'site:img'],
    ['images/${documentBaseName}', 'site:images/intro.en', 'site:images/site'],
    ['art/${documentDirName}', 'site:art/docs/guide', 'site:art'],
    ['${documentRelativeDirName}/images', 'site:docs/guide/images', 'site:images'],
    ['images\\${documentBaseName}', 'site:images/intro.en', 'site:images/site'],
    ['${documentFileName}.${documentExtName}', 'site:intro.en.md.md', 'site:site.'],
    ['a/${documentRelativeFilePath}', 'site:a/docs/guide/intro.en.md', 'site:a'],
    ['a/${documentFilePath}', 'site:a/docs/guide/intro.en.md', 'site:a'],
    ['/${documentDirName}/', 'site:docs/guide', 'site:.'],
    ['/${documentWorkspaceFolder}/img', 'site:img', 'site:img'],
  ];
  for (const [directory, withDocument, without] of both)
    it(`is ${withDocument} for ${directory} in a document, and ${without} without one`, () => {
      assert.equal(expanded(directory), withDocument);
      assert.equal(expanded(directory, bare), without);
    });

  const all: [string, string][] = [
    ['${workspaceFolder}/images', 'site:images'],
    ['${documentWorkspaceFolder}', 'site:.'],
    ['x/${workspaceFolderBasename}', 'site:x/site'],
    ['${workspaceFolder:docs}/img', 'docs:img'],
    ['${workspaceFolder:site}/img', 'site:img'],
    ['../shared/img', 'site:../shared/img'],
    ['/tmp/images', '/tmp/images'],
    ['/', '/'],
    ['/tmp/${documentBaseName}/', '/tmp/intro.en'],
    ['~', '/home/me'],
    ['~/Pictures', '/home/me/Pictures'],
    ['~\\Pictures', '/home/me/Pictures'],
    ['~/${documentBaseName}', '/home/me/intro.en'],
    ['./~/Pictures', 'site:~/Pictures'],
    ['a~b', 'site:a~b'],
    ['${userHome}/pics', '/home/me/pics'],
    ['${env:HOME}/pics', '/home/me/pics'],
    ['images/${env:USER}', 'site:images/me'],
    ['${env:USER}', 'site:me'],
    ['${env:BACK}', 'site:../out'],
    // What looks like a variable of a shell inside a name is a part of it.
    ['100%/a$HOME', 'site:100%/a$HOME'],
    ['./$HOME', 'site:$HOME'],
  ];
  for (const [directory, expected] of all)
    it(`is ${expected} for ${directory}`, () => {
      assert.equal(expanded(directory), expected);
    });

  const transforms: [string, string][] = [
    ['img/${documentBaseName/(.*)/$1.x/}', 'site:img/intro.en.x'],
    ['img/${documentBaseName/\\.en$//}', 'site:img/intro'],
    ['${documentRelativeDirName/^docs\\/(.*)$/static\\/$1\\/img/}', 'site:static/guide/img'],
    ['${documentDirName/\\/docs\\//\\/static\\//}/img', 'site:static/guide/img'],
    ['${documentDirName/^.*\\///}', 'site:guide'],
    ['${documentDirName/.*/\\/elsewhere/}', 'site:../../elsewhere'],
    ['${documentFileName/(\\w+)\\.(\\w+)\\.md/$2-$1/}', 'site:en-intro'],
    ['${documentFileName/nothing/x/}', 'site:intro.en.md'],
    ['${userHome/me$/all/}', '/home/all'],
  ];
  for (const [directory, expected] of transforms)
    it(`is ${expected} for the transform ${directory}`, () => {
      assert.equal(expanded(directory), expected);
    });

  const onWindows: [string, string][] = [
    ['images', 'site:images'],
    ['images\\${documentBaseName}', 'site:images/a'],
    // The document's drive is written otherwise than the folder's.
    ['${documentDirName}\\img', 'site:docs/img'],
    ['~\\Pictures', 'C:\\Users\\me\\Pictures'],
    ['~/Pictures', 'C:\\Users\\me\\Pictures'],
    ['d:/pics', 'd:\\pics'],
    ['D:\\pics\\', 'D:\\pics'],
    ['d:', 'd:\\'],
    ['d:\\', 'd:\\'],
    ['\\\\server\\share\\pics', '\\\\server\\share\\pics'],
    ['\\\\server\\share', '\\\\server\\share\\'],
    ['${env:ONEDRIVE}/img', 'D:\\One Drive\\img'],
    ['x\\${env:NAME}', 'site:x/art'],
    ['.vscode/console/auxiliary', 'site:.vscode/console/auxiliary'],
    ['../com/x', 'site:../com/x'],
    ['docs/a.md.images', 'site:docs/a.md.images'],
  ];
  for (const [directory, expected] of onWindows)
    it(`is ${expected} for ${directory} on Windows`, () => {
      assert.equal(expanded(directory, windows), expected);
    });

  const refused: [string, string, string][] = [
    ['${mood}/x', 'unknownVariable', 'mood'],
    ['${constructor}', 'unknownVariable', 'constructor'],
    ['${__proto__}', 'unknownVariable', '__proto__'],
    ['${documentDirName', 'unknownVariable', 'documentDirName'],
    ['${}', 'unknownVariable', ''],
    ['${document name}', 'unknownVariable', 'document name'],
    ['${fileName}', 'unknownVariable', 'fileName'],
    ['${env}', 'unknownVariable', 'env'],
    ['${userHome:me}', 'unknownVariable', 'userHome:me'],
    ['${config:files.eol}', 'unknownVariable', 'config:files.eol'],
    ['${documentBaseName/(.*)/$1}', 'unknownVariable', 'documentBaseName/(.*)/$1'],
    ['${documentBaseName/a/b/i}', 'unknownVariable', 'documentBaseName/a/b/i'],
    ['${workspaceFolder:moon}/img', 'unknownFolder', 'moon'],
    ['${env:NOT_SET}/img', 'unsetEnvironment', 'NOT_SET'],
    ['${env:EMPTY}/img', 'unsetEnvironment', 'EMPTY'],
    ['${env:toString}/img', 'unsetEnvironment', 'toString'],
    ['images/${userHome}', 'notFirst', '${userHome}'],
    ['images/${env:HOME}', 'notFirst', '${env:HOME}'],
    ['images/${workspaceFolder:docs}', 'notFirst', '${workspaceFolder:docs}'],
    ['$HOME/pics', 'notExpanded', '$HOME'],
    ['%USERPROFILE%\\pics', 'notExpanded', '%USERPROFILE%'],
    ['x/%TEMP%', 'notExpanded', '%TEMP%'],
    ['~you/pics', 'notExpanded', '~you/pics'],
    ['C:\\pics', 'noSuchRoot', 'C:\\pics'],
    ['\\\\server\\share', 'noSuchRoot', '\\\\server\\share'],
    ['${env:TILDE}', 'notExpanded', '~/x'],
    ['a/${env:TILDE}/b', 'notExpanded', '~/x'],
    ['${env:SHELL}', 'notExpanded', '$HOME'],
    ['${env:PERCENT}', 'notExpanded', '%TEMP%'],
    ['${documentFilePath}', 'notAFolder', '${documentDirName}'],
    ['${documentFilePath}/img', 'notAFolder', ''],
    ['${documentRelativeFilePath}', 'notAFolder', ''],
    ['docs/guide/intro.en.md', 'notAFolder', ''],
    ['/project/site/docs/guide/intro.en.md/x', 'notAFolder', ''],
    ['${documentDirName/(\\d{2})/x/}', 'braceInTransform', '${documentDirName/(\\d{2}'],
    ['${documentBaseName/a{1,}b/c/}', 'braceInTransform', '${documentBaseName/a{1,}'],
    ['${documentBaseName/a\\}b/c/}', 'braceInTransform', '${documentBaseName/a\\}'],
    ['a\0b', 'badCharacter', '\0'],
    ['x'.repeat(256), 'tooLongPath', ''],
    ['${documentBaseName/(/x/}', 'badTransform', '${documentBaseName/(/x/}'],
    ['${documentBaseName/[/x/}', 'badTransform', '${documentBaseName/[/x/}'],
  ];
  for (const [directory, kind, part] of refused)
    it(`is refused as ${kind} for ${directory.slice(0, 40)}`, () => {
      const problem = problemOf(directory);
      assert.equal(problem.kind, kind);
      assert.equal('setting' in problem && problem.setting, 'output.directory');
      assert.ok(part === '' || Object.values(problem).includes(part), JSON.stringify(problem));
    });

  const refusedOnWindows: [string, string][] = [
    ['C:pics', 'noSuchRoot'],
    ['C:${documentBaseName}', 'noSuchRoot'],
    ['images?', 'badCharacter'],
    ['d:\\a:b', 'badCharacter'],
    ['a\tb', 'badCharacter'],
    ['CON/img', 'badName'],
    ['images/aux.', 'badName'],
    ['images/Nul.old/x', 'badName'],
    ['images ', 'badName'],
    ['images /x', 'badName'],
    ['images.', 'badName'],
    ['d:\\com1', 'badName'],
    ['.../x', 'badName'],
    ['${documentFilePath}', 'notAFolder'],
    ['c:\\w\\site\\docs\\a.md', 'notAFolder'],
  ];
  for (const [directory, kind] of refusedOnWindows)
    it(`is refused as ${kind} for ${directory} on Windows`, () => {
      assert.equal(problemOf(directory, windows).kind, kind);
    });

  it('is refused for an expression that has no end, and does not try it again', () => {
    const facts = { ...bare, documentPath: `/project/site/${'a'.repeat(60)}!.md` };
    const patterns = ['(a+)+$', '((a|aa)+)+$', '(.*)*(.*)*(.*)*(.*)*x', '(?=(a+)+$)'];
    for (const pattern of [...patterns, ...patterns]) {
      const problem = problemOf(`\${documentBaseName/${pattern}/x/}`, facts);
      assert.equal(problem.kind === 'badTransform' && problem.fault, 'slow', pattern);
    }
  });

  const odd: [string, string][] = [
    ['/project/site/$&/a.md', 'site:$&'],
    ['/project/site/${mood}/a.md', 'site:${mood}'],
    ['/project/site/a\\b/a.md', 'site:a\\b'],
    ['/project/site/~/a.md', 'site:~'],
    ['/project/site/%TEMP%/a.md', 'site:%TEMP%'],
    ['/project/site/..a/a.md', 'site:..a'],
    ['/project/site/README.md', 'site:.'],
    // It is of no folder of this window.
    ['/elsewhere/a.md', 'site:.'],
  ];
  for (const [documentPath, expected] of odd)
    it(`is ${expected} for a document at ${documentPath}`, () => {
      assert.equal(expanded('${documentDirName}', { ...bare, documentPath }), expected);
    });

  it('takes the name of a document, wherever it lies', () => {
    const directory = 'images/${documentBaseName}';
    const names: [string, string][] = [
      ['/elsewhere/notes.md', 'site:images/notes'],
      ['/project/site/.env', 'site:images/.env'],
      ['/project/site/Makefile', 'site:images/Makefile'],
    ];
    for (const [documentPath, expected] of names)
      assert.equal(expanded(directory, { ...bare, documentPath }), expected);
  });

  it('tells what it knows', () => {
    const problem = problemOf('${mood}');
    assert.ok(problem.kind === 'unknownVariable' && problem.known.includes('documentDirName'));
    const folder = problemOf('${workspaceFolder:moon}');
    assert.deepEqual(folder.kind === 'unknownFolder' && folder.known, ['site', 'docs']);
  });
});
