/** The drive of a URI's path on Windows, such as `c:` of `/C:/site`; undefined when it has none. */
export function driveOf(path: string): string | undefined {
  return /^\/[a-z]:(?![^/])/i.test(path) ? path.slice(1, 3).toLowerCase() : undefined;
}

/** The same path with its drive in a small letter: Windows and programs write it in either case. */
export function withSmallDrive(path: string): string {
  const drive = driveOf(path);
  return drive === undefined ? path : `/${drive}${path.slice(3)}`;
}
