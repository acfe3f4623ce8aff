/** Where an image is linked to in a text. */
export interface FoundLink {
  /** A path or URL with its query. The language's escapes are undone, percent-encoding is not. */
  target: string;
  /** Whether its form shows only images; other links are images by the target's extension. */
  isImage: boolean;
  /** Whether the target is a path as it stands, in which nothing is percent-encoded. */
  isPath?: boolean;
  /** Whether a build follows it, which has names of its own for folders. */
  hasAliases?: boolean;
  /** Whether the target is looked for in all folders, as in notes that link to each other. */
  isAnywhere?: boolean;
  /** Extensions that its name may lack, in the order in which they are tried. */
  extensions?: readonly string[];
  /** Whether a slash at its beginning is the root of the disk, not of a site or a project. */
  isFromDisk?: boolean;
  /** Folders that the document names for its images, from its own on. */
  folders?: readonly string[];
}

/**
 * Where a bracket that was opened before `from` is closed. `parts` are the brackets, what escapes
 * them, and white space at which a text ends in which all others are closed.
 */
export function closing(text: string, from: number, parts: RegExp): number | undefined {
  let depth = 0;
  for (const { index, 0: part } of text.slice(from).matchAll(parts)) {
    if (part.trim() === '') return depth === 0 ? from + index : undefined;
    if (part.startsWith('\\')) continue;
    if ('([{'.includes(part)) depth++;
    else if (depth-- === 0) return from + index;
  }
  return undefined;
}

const namedEntities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function withoutEntities(text: string): string {
  return text.replace(
    /&(?:#(x[\da-f]{1,5}|\d{1,6})|(amp|lt|gt|quot|apos));/gi,
    (_all, code: string | undefined, name = '') =>
      code === undefined
        ? (namedEntities[String(name).toLowerCase()] ?? '')
        : String.fromCodePoint(Number(`0${code}`)),
  );
}

export function withoutBackslashes(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
