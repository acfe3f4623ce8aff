import { posix } from 'node:path';
import { driveOf, withSmallDrive } from '../../requests/drive.ts';

/** A file's address, of which `path` is absolute with forward slashes, as in `/c:/site/a.md`. */
export interface FileAddress {
  scheme: string;
  /** The server of a network folder on Windows. */
  authority: string;
  path: string;
}

/**
 * The path from one file's folder to another file, with forward slashes, for links in texts.
 * @returns undefined when none leads there: to another drive, server or share.
 */
export function relativeLink(fromFile: FileAddress, to: FileAddress): string | undefined {
  if (fromFile.scheme !== to.scheme || rootOf(fromFile) !== rootOf(to)) return undefined;
  return posix.relative(posix.dirname(pathInRoot(fromFile)), pathInRoot(to));
}

/** The whole path of a file, with forward slashes: `d:/a.png`, `//server/share/a.png`, `/home/a.png`. */
export function absoluteLink({ scheme, authority, path }: FileAddress): string {
  if (scheme === 'file' && authority !== '') return `//${authority}${path}`;
  return driveOf(path) === undefined ? path : path.slice(1);
}

/** What `..` does not leave: a drive, or a share of a server. Windows reads both in either case. */
function rootOf({ scheme, authority, path }: FileAddress): string {
  if (scheme !== 'file') return authority;
  const share = authority === '' ? driveOf(path) : shareOf(path);
  return `${authority}/${share ?? ''}`.toLowerCase();
}

function pathInRoot({ scheme, authority, path }: FileAddress): string {
  if (scheme !== 'file' || authority === '') return withSmallDrive(path);
  const share = shareOf(path);
  return `/${share.toLowerCase()}${path.slice(share.length + 1)}`;
}

function shareOf(path: string): string {
  return path.split('/')[1] ?? '';
}
