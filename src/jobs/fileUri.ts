import { sep } from 'node:path';

const isThisWindows = sep === '\\';

/** Whether a URI names a file of this machine. */
export function isFileUri(uri: string): boolean {
  return /^file:/i.test(uri);
}

/**
 * The path of a `file:` URI, in the form of the editor's `Uri.fsPath`: on Windows with backslashes
 * and a small drive letter, whether the URI has `c:`, `C:` or `c%3A`; a host makes it a UNC path.
 */
export function pathOfFileUri(uri: string, isWindows = isThisWindows): string {
  const [, host = '', rawPath = ''] = /^file:(?:\/\/([^/?#]*))?([^?#]*)/i.exec(uri) ?? [];
  const whole = decoded(rawPath);
  const path = whole.startsWith('/') ? whole : `/${whole}`;
  const isDrive = /^\/[a-z]:/i.test(path);
  const local = isDrive ? path.charAt(1).toLowerCase() + path.slice(2) : path;
  const shown = host !== '' && path.length > 1 ? `//${decoded(host)}${path}` : local;
  return isWindows ? shown.replaceAll('/', '\\') : shown;
}

/** The URI of a file, spelled as the editor spells it: stored jobs and results are compared by it. */
export function fileUriOf(path: string, isWindows = isThisWindows): string {
  const slashed = isWindows ? path.replaceAll('\\', '/') : path;
  const [, host = '', rest = slashed] = /^\/\/([^/]*)(.*)$/s.exec(slashed) ?? [];
  const whole = rest.startsWith('/') ? rest : `/${rest}`;
  const shown = whole.replace(/^\/[A-Z]:/, (drive) => drive.toLowerCase());
  return `file://${encoded(host.toLowerCase())}${shown.split('/').map(encoded).join('/')}`;
}

/** The folder of a file, and the name in it, as they are escaped. The top of a drive keeps its slash. */
export function splitUri(uri: string): { folderUri: string; name: string } {
  const end = uri.lastIndexOf('/');
  const folderUri = uri.slice(0, end);
  const isTop = /^file:\/\/(?:[^/]+\/[^/]+|\/[a-z](?::|%3a))?$/i.test(folderUri);
  return { folderUri: isTop ? `${folderUri}/` : folderUri, name: uri.slice(end + 1) };
}

/** What is no valid escape stays as it is. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

/** Everything is escaped but letters, digits, `-`, `.`, `_` and `~`. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
