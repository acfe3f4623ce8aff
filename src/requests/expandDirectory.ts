import { posix, win32 } from 'node:path';
import { applyTransform, TransformError } from './applyTransform.ts';
import { withSmallDrive } from './drive.ts';
import { isPathInside } from './outputRules.ts';
import { RequestError, type RequestProblem } from './requestError.ts';
import { parseVariables, type SettingVariable } from './settingVariables.ts';

/** A workspace folder, with the path of its URI. */
export interface FolderFacts {
  name: string;
  uri: { path: string };
}

/** What the setting `output.directory` may speak of. */
export interface DirectoryFacts<Folder extends FolderFacts> {
  /** The workspace folder of the document, or that the user is in. */
  folder: Folder;
  /** All that are open. */
  folders: readonly Folder[];
  /** The document that the user works in, by the path of its URI. */
  documentPath?: string | undefined;
  /** The user's home, as the system writes it. */
  home: string;
  env: Readonly<Record<string, string | undefined>>;
  isWindows: boolean;
}

/** A folder on the disk: from a workspace folder on, with forward slashes, or as the system writes it. */
export interface Directory<Folder extends FolderFacts> {
  folder?: Folder;
  path: string;
}

const setting = 'output.directory';

const known = [
  'documentDirName',
  'documentRelativeDirName',
  'documentFileName',
  'documentBaseName',
  'documentExtName',
  'documentFilePath',
  'documentRelativeFilePath',
  'documentWorkspaceFolder',
  'workspaceFolder',
  'workspaceFolderBasename',
  'workspaceFolder:NAME',
  'userHome',
  'env:NAME',
];

/** Longer than any path that a system takes. */
const maxPathChars = 4_000;
const maxSegmentChars = 255;

/**
 * Fills in the setting `output.directory`: the variables of `markdown.copyFiles.destination` that
 * speak of a document, with their transforms, and `~`, `${userHome}`, `${env:NAME}` and
 * `${workspaceFolder:NAME}`. Without a document they mean the workspace folder.
 * @throws RequestError for whatever is not understood, or is no path.
 */
export function expandDirectory<Folder extends FolderFacts>(
  directory: string,
  facts: DirectoryFacts<Folder>,
): Directory<Folder> {
  if (directory.length > maxPathChars) refuse({ kind: 'tooLongPath', setting });
  const pieces = parseVariables(directory);
  const values = pieces.flatMap((piece, index) => {
    if (typeof piece !== 'string') return [valueOf(piece, facts)];
    refuseShellVariables(piece, index === 0);
    return index === 0 ? leadingValues(piece, pieces[1], facts) : [{ text: slashed(piece) }];
  });
  const misplaced = values.find(({ root }, index) => index > 0 && !isWithin(root, facts.folder));
  if (misplaced) refuse({ kind: 'notFirst', setting, variable: misplaced.variable ?? '' });
  const root = values[0]?.root ?? { folder: facts.folder };
  const text = values.map((value) => value.text).join('');
  // Before it is made simple, which takes long for very many steps upwards.
  if (text.length > maxPathChars) refuse({ kind: 'tooLongPath', setting });
  const path = root === 'disk' ? diskPath(text, facts.isWindows) : pathInFolder(text);
  checkPath(path, facts.isWindows);
  if (isInDocument(root === 'disk' ? undefined : root.folder, path, facts))
    refuse({ kind: 'notAFolder', setting, instead: '${documentDirName}' });
  return root === 'disk' ? { path } : { folder: root.folder, path };
}

/** A part of the path. What has a root stands first, or means the folder that everything starts from. */
interface Value<Folder> {
  text: string;
  root?: { folder: Folder } | 'disk';
  /** What it is called in the setting. */
  variable?: string;
}

function isWithin<Folder>(root: Value<Folder>['root'], folder: Folder): boolean {
  return root === undefined || (root !== 'disk' && root.folder === folder);
}

/** The text that the setting begins with: a home, a root of the disk, or the beginning of a name. */
function leadingValues<Folder extends FolderFacts>(
  piece: string,
  next: string | SettingVariable | undefined,
  facts: DirectoryFacts<Folder>,
): Value<Folder>[] {
  const text = slashed(piece);
  const isAlone = next === undefined;
  if (text.startsWith('~/') || (text === '~' && isAlone))
    return [{ text: facts.home, root: 'disk' }, { text: text.slice(1) }];
  if (text.startsWith('~'))
    refuse({ kind: 'notExpanded', setting, part: beginningOf(text), instead: '~/' });
  // As in the editor's own setting: a slash before the variable of a folder is that folder's.
  if (text === '/' && typeof next === 'object' && typeof valueOf(next, facts).root === 'object')
    return [];
  if (hasForeignRoot(piece, isAlone, facts.isWindows))
    refuse({ kind: 'noSuchRoot', setting, part: beginningOf(piece) });
  const isAbsolute = facts.isWindows ? /^(\/|[a-z]:)/i.test(text) : piece.startsWith('/');
  return [isAbsolute ? { text, root: 'disk' } : { text }];
}

/** Whether a text begins with a drive or a server where there are none, or with half of one. */
function hasForeignRoot(text: string, isAlone: boolean, isWindows: boolean): boolean {
  if (!isWindows) return /^([a-z]:[\\/]|\\\\)/i.test(text);
  return /^[a-z]:/i.test(text) && !(text.length === 2 ? isAlone : /^[\\/]/.test(text.slice(2)));
}

/** Variables of shells would become folders of that name. */
function refuseShellVariables(piece: string, isFirst: boolean): void {
  const [first = '', ...rest] = slashed(piece).split('/');
  const names = [first, ...rest].filter((name) => /^%[a-z_]\w*%$/i.test(name));
  if (isFirst && /^\$[a-z_]\w*$/i.test(first)) names.unshift(first);
  const [part] = names;
  if (part === undefined) return;
  const instead = `\${env:${part.replaceAll(/[$%]/g, '')}}`;
  refuse({ kind: 'notExpanded', setting, part, instead });
}

/** What a shell would have filled in when the environment was made. */
function refuseUnexpanded(text: string): void {
  if (text.startsWith('~'))
    refuse({ kind: 'notExpanded', setting, part: beginningOf(text), instead: '${userHome}' });
  refuseShellVariables(text, true);
}

function valueOf<Folder extends FolderFacts>(
  variable: SettingVariable,
  facts: DirectoryFacts<Folder>,
): Value<Folder> {
  return { ...plainValueOf(variable, facts), variable: `\${${variable.text}}` };
}

function plainValueOf<Folder extends FolderFacts>(
  variable: SettingVariable,
  facts: DirectoryFacts<Folder>,
): Value<Folder> {
  const { folder, home, isWindows } = facts;
  const document = documentOf(facts);
  const changed = (value: string) => transformed(value, variable);
  /** Transforms see whole paths, as in the editor's own setting. */
  const inFolder = (path: string): Value<Folder> => {
    const text = changed(path);
    return text === path || text.startsWith('/')
      ? { text: fromFolder(folder.uri.path, text), root: { folder } }
      : { text };
  };
  const onDisk = (path: string): Value<Folder> => {
    const text = changed(path);
    return (isWindows ? win32 : posix).isAbsolute(text) ? { text, root: 'disk' } : { text };
  };
  const relative = (path: string): Value<Folder> => ({
    text: changed(fromFolder(folder.uri.path, path)),
  });
  if (variable.argument !== undefined) {
    if (variable.name === 'env') {
      const value = onDisk(environmentValue(variable, facts));
      refuseUnexpanded(value.text);
      return value;
    }
    if (variable.name === 'workspaceFolder')
      return { text: '.', root: { folder: otherFolder(variable, facts) } };
  } else
    switch (variable.name) {
      case 'documentDirName':
        return inFolder(document.folderPath);
      case 'documentRelativeDirName':
        return relative(document.folderPath);
      case 'documentFilePath':
        return inFolder(document.path);
      case 'documentRelativeFilePath':
        return relative(document.path);
      case 'documentFileName':
        return { text: changed(document.name) };
      case 'documentBaseName':
        return { text: changed(posix.parse(document.name).name) };
      case 'documentExtName':
        return { text: changed(posix.extname(document.name).slice(1)) };
      case 'documentWorkspaceFolder':
      case 'workspaceFolder':
        return inFolder(folder.uri.path);
      case 'workspaceFolderBasename':
        return { text: changed(posix.basename(folder.uri.path)) };
      case 'userHome':
        return onDisk(home);
    }
  if (/^\w+\/.*(\{|\\$)/s.test(variable.text))
    refuse({ kind: 'braceInTransform', setting, variable: `\${${variable.text}}` });
  return refuse({ kind: 'unknownVariable', setting, variable: variable.text, known });
}

/** A document outside the folder lends its name alone. */
function documentOf<Folder extends FolderFacts>({ folder, documentPath }: DirectoryFacts<Folder>) {
  const folderPath = folder.uri.path;
  const name = posix.basename(documentPath ?? folderPath);
  if (documentPath === undefined || !isPathInside(documentPath, folderPath))
    return { path: folderPath, folderPath, name };
  return { path: documentPath, folderPath: posix.dirname(documentPath), name };
}

function environmentValue<Folder extends FolderFacts>(
  { argument = '' }: SettingVariable,
  { env }: DirectoryFacts<Folder>,
): string {
  const value: unknown = env[argument];
  const text = typeof value === 'string' ? value.trim() : '';
  return text || refuse({ kind: 'unsetEnvironment', setting, variable: argument });
}

/** The folder of that name; of two with one name the one the user is in. */
function otherFolder<Folder extends FolderFacts>(
  { argument = '' }: SettingVariable,
  { folder, folders }: DirectoryFacts<Folder>,
): Folder {
  const found = [folder, ...folders].find(({ name }) => name === argument);
  const names = folders.map(({ name }) => name);
  return found ?? refuse({ kind: 'unknownFolder', setting, folder: argument, known: names });
}

/** @throws RequestError when the expression is none, or has no end. */
function transformed(value: string, { text, transform }: SettingVariable): string {
  if (!transform) return value;
  try {
    return applyTransform(value, transform);
  } catch (thrown) {
    if (!(thrown instanceof TransformError)) throw thrown;
    return refuse({ kind: 'badTransform', setting, variable: `\${${text}}`, fault: thrown.fault });
  }
}

function fromFolder(folderPath: string, path: string): string {
  return posix.relative(withSmallDrive(folderPath), withSmallDrive(path)) || '.';
}

function slashed(text: string): string {
  return text.replaceAll('\\', '/');
}

function pathInFolder(text: string): string {
  return withoutEndSlash(posix.normalize(`./${text}`));
}

function diskPath(text: string, isWindows: boolean): string {
  // A drive alone is the folder that a program is in there.
  const path = isWindows ? win32.normalize(`${text}\\`) : posix.normalize(text);
  return (isWindows ? win32 : posix).parse(path).root === path ? path : withoutEndSlash(path);
}

function withoutEndSlash(path: string): string {
  return path.endsWith('/') || path.endsWith('\\') ? path.slice(0, -1) : path;
}

/** @throws RequestError for what no folder can be called, which would be noticed once it is paid. */
function checkPath(path: string, isWindows: boolean): void {
  const names = isWindows ? path.replace(/^[a-z]:/i, '').split(/[\\/]/) : path.split('/');
  const isForbidden = (char: string) =>
    char === '\0' || (isWindows && (char < ' ' || '<>:"|?*'.includes(char)));
  const character = names.flatMap((name) => Array.from(name)).find(isForbidden);
  if (character !== undefined) refuse({ kind: 'badCharacter', setting, character });
  if (names.some((name) => name.length > maxSegmentChars)) refuse({ kind: 'tooLongPath', setting });
  const name = isWindows ? names.find(isBadOnWindows) : undefined;
  if (name !== undefined) refuse({ kind: 'badName', setting, name });
}

const devices = /^(?:con|prn|aux|nul|conin\$|conout\$|com[\d²³¹]|lpt[\d²³¹])$/i;

/** A device, with whatever extension, or a name whose last dot or blank Windows leaves out. */
function isBadOnWindows(name: string): boolean {
  if (name === '' || name === '.' || name === '..') return false;
  const [base = ''] = name.split('.', 1);
  return devices.test(base.trimEnd()) || name.endsWith('.') || name.endsWith(' ');
}

function isInDocument<Folder extends FolderFacts>(
  folder: Folder | undefined,
  path: string,
  { documentPath }: DirectoryFacts<Folder>,
): boolean {
  if (documentPath === undefined) return false;
  const whole = folder ? posix.join(folder.uri.path, path) : slashed(path);
  const drive = /^[a-z]:/i.test(whole) ? '/' : '';
  return isPathInside(withSmallDrive(`${drive}${whole}`), withSmallDrive(documentPath));
}

/** Enough to find it in the setting by. */
function beginningOf(text: string): string {
  return text.slice(0, 40);
}

function refuse(problem: RequestProblem): never {
  throw new RequestError(problem);
}
