import { posix } from 'node:path';
import { hasExtension, imageExtensions } from '../images/imageExtensions.ts';
import type { FoundLink } from './linkText.ts';

/** Where a link stands. Paths have forward slashes, as those of Uris. */
export interface LinkPlace {
  /** Missing in a text that is no file yet. */
  documentPath: string | undefined;
  /** The workspace folder of the document. */
  folderPath: string | undefined;
  /** Folders of projects that are served from the root, besides the usual ones and before them. */
  served?: readonly string[];
  /** The folder that the site of the project serves, as what builds it says. */
  site?: string;
  /**
   * Folders that paths start from before the document's own, by its project: that of the main document of
   * LaTeX, the images of a module of Antora. What is not there yet belongs in the first.
   */
  starts?: readonly string[];
  /** Whether nothing says which folder paths start from: it may be any of them. */
  isStartUnknown?: boolean;
  /** Folders that the project names for its images, as `folders` of a link does. */
  folders?: readonly string[];
  /** Whether no folders count that a document names for its images, and links lead into the first start only. */
  isClosed?: boolean;
}

/** The parts of a web address, each as it was written. */
export interface WebAddress {
  scheme: string;
  authority: string;
  path: string;
  query: string;
  fragment: string;
}

/** Folders whose files servers and builds give out, by the addresses that begin with a slash. */
const publicFolders = [
  ...['static', 'public', 'src', 'app', 'assets', 'src/assets', 'app/assets/images'],
  ...['.vuepress/public', 'wwwroot', 'priv/static', 'src/main/resources/static'],
];
/**
 * Those of them that new files go into, by addresses and by aliases. Where there are two, `public` is
 * what a build wrote, as that of Hugo or Zola.
 */
export const servedFolders = ['static', 'public', '.vuepress/public', 'wwwroot'];
const aliasedFolders = ['src', 'app'];
/** What builds and notes put before a path that starts from such a folder. */
const alias = /^(?:~?@|~|\$app|@site)\/|^\$(?=lib\/)/;
/** Docusaurus calls the folder of the project so, not one of sources. */
const aliasOfProject = '@site/';
const maxLevels = 12;
const maxServedFolders = 20;
const maxFolderChars = 200;
/** Addresses and shares. */
const otherwise = /^(?:[a-z][\w+.-]*:|[\\/]{2})/i;

/**
 * Where the file of a link may be. The first that exists is meant; the first of all, when none does.
 */
export function pathsOfLink(link: FoundLink, place: LinkPlace): string[] {
  const whole = wholePath(link);
  if (whole !== undefined) return [whole];
  const decoded = pathOfLink(link.target);
  const asWritten = link.isPath && !otherwise.test(link.target) ? link.target : undefined;
  const written = [asWritten, decoded].filter((path) => path !== undefined);
  const paths = written.flatMap((path) => [
    path,
    ...(link.extensions ?? []).map((extension) => `${path}.${extension}`),
  ]);
  const folders = [...(foldersNamedIn(link, place) ?? []), ...(place.folders ?? [])];
  const inFolders = (path: string) =>
    path.startsWith('/') ? [path] : [...folders.map((folder) => posix.join(folder, path)), path];
  const from = (path: string) => (isOfDisk(path, link) ? [path] : pathsFrom(path, place));
  return [...new Set(paths.flatMap(inFolders).flatMap(from))];
}

function foldersNamedIn(link: FoundLink, { isClosed }: LinkPlace): FoundLink['folders'] {
  return isClosed === true ? undefined : link.folders;
}

/** Whether a path that begins with a slash is that very file, as to programs that know no site. */
function isOfDisk(path: string, { isFromDisk }: FoundLink): boolean {
  return isFromDisk === true && path.startsWith('/');
}

/** Folders of a setting; one that leads out of the project is none. */
export function servedFoldersOf(setting: unknown): string[] {
  if (!Array.isArray(setting)) return [];
  return setting
    .slice(0, maxServedFolders)
    .filter((each): each is string => typeof each === 'string' && each.length <= maxFolderChars)
    .map((folder) => posix.normalize(folder.trim().replaceAll('\\', '/')))
    .filter((folder) => !/^(?:\/|\.|[a-z]:)|\0/i.test(folder))
    .map((folder) => folder.replace(/\/$/, ''));
}

/** A file that is not there yet. */
export interface PlaceToMake {
  path: string;
  /** Where it belongs instead when the folder is there: the first of these counts. */
  rather: readonly { folder: string; path: string }[];
}

/**
 * Where the file of a link belongs that is nowhere yet: from the document's folder on, or from the one
 * that it names for its images; by an address in what the project serves, else in the workspace folder.
 */
export function placeToMake(link: FoundLink, place: LinkPlace): PlaceToMake | undefined {
  const decoded = pathOfLink(link.target);
  const isWritten = link.isPath === true && !otherwise.test(link.target) && !hasQuery(link.target);
  const written = isWritten ? link.target : decoded;
  if (written === undefined) return undefined;
  const [extension] = /\.[^./]+$/.test(written) ? [] : (link.extensions ?? []);
  const path = extension === undefined ? written : `${written}.${extension}`;
  const isAliased = isAlias(path) && (link.isPath !== true || link.hasAliases === true);
  const fromRoot = isAliased ? path.replace(alias, '/') : path;
  if (isOfDisk(path, link)) return { path: posix.normalize(path), rather: [] };
  const { documentPath, folderPath } = place;
  if (!fromRoot.startsWith('/')) return placeFromStart(path, link, place);
  if (folderPath === undefined) return undefined;
  const levels = documentPath === undefined ? [folderPath] : foldersAbove(documentPath, folderPath);
  const site = isAliased ? undefined : place.site;
  const inRoot = { path: posix.join(site ?? folderPath, fromRoot) };
  if (isAliased && path.startsWith(aliasOfProject)) {
    // The project is where that folder is.
    const [, first = ''] = /^\/([^/]+)\//.exec(fromRoot) ?? [];
    const rather = levels.map((level) => ({
      folder: posix.join(level, first),
      path: posix.join(level, fromRoot),
    }));
    return { ...inRoot, rather: first === '' ? [] : rather };
  }
  const ofSite = [...(place.served ?? []), ...(site === undefined ? servedFolders : [])];
  const rather = levels.flatMap((level) =>
    (isAliased ? aliasedFolders : ofSite).map((folder) => ({
      folder: posix.join(level, folder),
      path: posix.join(level, folder, fromRoot),
    })),
  );
  return { ...inRoot, rather };
}

function placeFromStart(path: string, link: FoundLink, place: LinkPlace): PlaceToMake | undefined {
  const start = place.starts?.[0] ?? folderOfDocument(place);
  if (start === undefined || place.isStartUnknown === true) return undefined;
  const inFolder = (folder: string) => {
    const whole = folder.startsWith('/') ? folder : posix.join(start, folder);
    return { folder: whole, path: posix.join(whole, path) };
  };
  const [first = '', ...others] = foldersNamedIn(link, place) ?? place.folders ?? [];
  return { path: inFolder(first).path, rather: others.map(inFolder) };
}

/** The workspace folder while a text is no file. */
function folderOfDocument({ documentPath, folderPath }: LinkPlace): string | undefined {
  return documentPath === undefined ? folderPath : posix.dirname(documentPath);
}

/** Whether a build knows the folder that a path begins with, and so does this. */
export function isAlias(path: string): boolean {
  return alias.test(path);
}

/** As a build takes it, in `./a.png?url`: no file is called so. */
function hasQuery(path: string): boolean {
  const end = path.search(/[?#]/);
  return (
    end > 0 &&
    !hasExtension(path, imageExtensions) &&
    hasExtension(path.slice(0, end), imageExtensions)
  );
}

/** A path with its drive, or the address of a file of this machine. */
function wholePath({ target, isPath }: FoundLink): string | undefined {
  if (isPath && /^[a-z]:[\\/]/i.test(target)) return `/${target.replaceAll('\\', '/')}`;
  return /^file:\/\/\/[^\\/]/i.test(target)
    ? pathOfLink(target.slice('file://'.length))
    : undefined;
}

/** Finds a file of the name in all folders; none for a name that a pattern would take for more. */
export function fileNameGlob(target: string): string | undefined {
  const name = target.slice(target.lastIndexOf('/') + 1);
  return /[*?[\]{}!,]/.test(name) || name === '' ? undefined : `**/${name}`;
}

function pathsFrom(path: string, place: LinkPlace): string[] {
  const starts = path.startsWith('/') ? [] : [...(place.starts ?? []), folderOfDocument(place)];
  const beside = starts
    .filter((folder) => folder !== undefined)
    .map((folder) => posix.join(folder, path));
  const fromRoot = path.replace(alias, '/');
  return fromRoot.startsWith('/') ? [...beside, ...fromPublicFolders(fromRoot, place)] : beside;
}

/** In the workspace folder; else in a public folder of it or of the project that the document is in. */
function fromPublicFolders(
  path: string,
  { documentPath, folderPath, served = [], site }: LinkPlace,
): string[] {
  if (folderPath === undefined) return [];
  const levels = documentPath === undefined ? [folderPath] : foldersAbove(documentPath, folderPath);
  const inLevels = (folders: readonly string[]) =>
    levels.flatMap((level) => folders.map((folder) => posix.join(level, folder, path)));
  return [
    posix.join(folderPath, path),
    ...inLevels(served),
    ...(site === undefined ? [] : [posix.join(site, path)]),
    ...inLevels([...publicFolders, '']),
  ];
}

/** From the document's folder to the workspace folder, at most `maxLevels`. */
export function foldersAbove(documentPath: string, folderPath: string): string[] {
  const folders: string[] = [];
  let folder = posix.dirname(documentPath);
  while (folders.length < maxLevels && folder.length > folderPath.length) {
    folders.push(folder);
    folder = posix.dirname(folder);
  }
  return [...folders, folderPath];
}

/** A link's target as a path, if it is one: its escapes undone, where they are valid. */
export function pathOfLink(target: string): string | undefined {
  if (/^[a-z][\w+.-]*:/i.test(target)) return undefined;
  // Browsers take a backslash for a slash.
  const written = target.replace(/[?#].*$/s, '').replaceAll('\\', '/');
  const path = written.replace(/(?:%[\da-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
  // The name of a host comes next, however its slashes are written.
  return /^[/\\]{2}/.test(path) ? undefined : path;
}

/** A link's target as a web address, if it is one. Nothing in it is decoded, as it may be signed. */
export function webAddressOfLink(target: string): WebAddress | undefined {
  const found = /^(https?):\/\/([^/?#]+)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/is.exec(target);
  if (!found) return undefined;
  const [, scheme = '', authority = '', path = '', query = '', fragment = ''] = found;
  return { scheme, authority, path, query, fragment };
}
