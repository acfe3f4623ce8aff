/** How an image is written in a language. Plain functions, so plain Node tests them. */
export interface ImageLink {
  /** From the document's folder, with forward slashes; whole where none leads to the image. */
  path: string;
  /** What the image shows. */
  alt: string;
}

export function imageMarkup(languageId: string, link: ImageLink): string {
  const url = encodePath(link.path);
  switch (languageId) {
    case 'markdown':
      return `![${escapeMarkdown(link.alt)}](${url})`;
    case 'mdx':
      return `![${escapeMarkdown(link.alt).replace(/[{}]/g, '\\$&')}](${url})`;
    case 'html':
    case 'vue':
    case 'php':
      return `<img src="${url}" alt="${escapeAttribute(link.alt)}">`;
    case 'svelte':
    case 'handlebars':
      return `<img src="${url}" alt="${escapeAttribute(link.alt).replace(/\{/g, '&#123;')}">`;
    case 'razor':
      return `<img src="${url}" alt="${escapeAttribute(link.alt).replace(/@/g, '&#64;')}">`;
    case 'javascriptreact':
    case 'typescriptreact':
      return `<img src="${url}" alt="${escapeAttribute(link.alt)}" />`;
    case 'css':
    case 'scss':
    case 'less':
      return `url("${url}")`;
    case 'latex':
      return `\\includegraphics{${link.path}}`;
    case 'asciidoc':
      return `image::${url}[${escapeAsciidoc(link.alt)}]`;
    case 'restructuredtext':
      return `.. image:: ${url}` + (link.alt && `\n   :alt: ${link.alt.replace(/\s+/g, ' ')}`);
    default:
      return link.path;
  }
}

/** Escapes a path for a link, but keeps its slashes. A drive or a server is one only in an address. */
function encodePath(path: string): string {
  if (path.startsWith('//')) return `file:${encodeSegments(path)}`;
  const isOnDrive = /^[a-z]:\//i.test(path);
  return isOnDrive
    ? `file:///${path.slice(0, 2)}${encodeSegments(path.slice(2))}`
    : encodeSegments(path);
}

function encodeSegments(path: string): string {
  return path.split('/').map(encodeSegment).join('/');
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.toWellFormed()).replace(
    /[()']/g,
    (char) => escapes[char] ?? char,
  );
}

const escapes: Record<string, string> = { '(': '%28', ')': '%29', "'": '%27' };

function escapeMarkdown(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\[\]`*<]/g, '\\$&');
}

/** A comma or an equals sign would begin another attribute, unless it stands in quotes. */
function escapeAsciidoc(text: string): string {
  const line = text.replace(/[\]\s]+/g, ' ');
  return /[,="]/.test(line) ? `"${line.replace(/"/g, '\\"')}"` : line;
}

function escapeAttribute(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/"/g, '&quot;')
    .replace(/</g, '&lt;');
}
