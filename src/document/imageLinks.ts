/** Where a picture is linked to in a text. Plain functions, so plain Node tests them. */
export interface FoundLink {
  /** As it stands in the text, without title and fragment. */
  target: string;
}

const forms = [
  // Markdown: ![words](target "title"), and <target with spaces>.
  /!\[[^\]]*\]\(\s*(?:<([^>\n]+)>|([^)\s]+))[^)\n]*\)/g,
  // HTML and JSX: <img … src="target" …>.
  /<img\b[^>\n]*?\ssrc\s*=\s*["']([^"'\n]+)["'][^>\n]*>/gi,
  // CSS: url(target).
  /\burl\(\s*["']?([^"')\n]+)["']?\s*\)/gi,
];

/** The picture link that a column of a line is in. */
export function imageLinkAt(line: string, column: number): FoundLink | undefined {
  for (const form of forms)
    for (const match of line.matchAll(form)) {
      if (column < match.index || column > match.index + match[0].length) continue;
      const target = (match[1] ?? match[2] ?? '').replace(/[?#].*$/, '');
      if (target !== '') return { target };
    }
  return undefined;
}

/** A link's target as a path: its escapes undone, where they are valid. */
export function pathOfLink(target: string): string | undefined {
  if (/^[a-z][\w+.-]*:/i.test(target) || target.startsWith('//')) return undefined;
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}
