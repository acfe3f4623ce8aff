import { randomBytes } from 'node:crypto';

/** Where a page may load from: the folders the editor serves to the webview, or its own blobs. */
type Source = 'editor' | 'blob:';

type Directive = 'img-src' | 'font-src' | 'style-src' | 'connect-src';

export interface PageParts {
  /** Any text, as a file may have any name. */
  title: string;
  /** As `vscode.env.language`: `en`, `zh-cn`. */
  language: string;
  /** As `webview.cspSource`. */
  cspSource: string;
  /** The one script, a module. */
  script: PageFile;
  style?: PageFile;
  /** What the script reads before the first message. Any text. */
  bodyAttributes?: Readonly<Record<`data-${string}`, string>>;
  /** Everything else is refused. */
  sources: Readonly<Partial<Record<Directive, readonly Source[]>>>;
}

/** A file of the extension: its URI as the webview loads it, and its text to be put into the page. */
export interface PageFile {
  uri: string;
  /** Spares the page the way to the file. */
  text?: string;
}

/**
 * The HTML of a webview: a shell whose script makes everything that is seen. Its policy runs this
 * script alone, and allows no other inline code, frames, forms or addresses outside the editor.
 *
 * @throws when the text of a file would end its element.
 */
export function pageHtml(parts: PageParts): string {
  const { title, language, script, style, bodyAttributes = {} } = parts;
  const nonce = randomBytes(16).toString('base64url');
  return `<!DOCTYPE html>
${openTag('html', { lang: language })}
  <head>
    <meta charset="utf-8">
    <title>${escapeHtml(title)}</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    ${openTag('meta', { 'http-equiv': 'Content-Security-Policy', content: policyOf(parts, nonce) })}
    ${style ? styleElement(style, nonce) : ''}
  </head>
  ${openTag('body', bodyAttributes)}
    ${scriptElement(script, nonce)}
  </body>
</html>`;
}

function styleElement({ uri, text }: PageFile, nonce: string): string {
  if (text === undefined) return openTag('link', { rel: 'stylesheet', href: uri });
  return `${openTag('style', { nonce })}${rawText(text)}</style>`;
}

function scriptElement({ uri, text }: PageFile, nonce: string): string {
  if (text === undefined)
    return `${openTag('script', { type: 'module', nonce, src: uri })}</script>`;
  // Developer tools show it, and find its source map, as if it came from its file.
  const named = `${text}\n//# sourceURL=${uri.replace(/[\s<>"']/g, '')}\n`;
  return `${openTag('script', { type: 'module', nonce })}${rawText(named)}</script>`;
}

/** Nothing is escaped in a script or a style: what would end it, or hide its end, is refused. */
function rawText(text: string): string {
  const lower = text.toLowerCase();
  for (const mark of ['</script', '<script', '</style', '<!--'])
    if (lower.includes(mark)) throw new Error(`A page cannot hold a file with ${mark} in it`);
  return text;
}

function policyOf({ cspSource, sources, style }: PageParts, nonce: string): string {
  const own = style?.text === undefined ? [] : [`'nonce-${nonce}'`];
  const loads = Object.entries(sources).map(([directive, allowed]) =>
    [
      directive,
      ...(directive === 'style-src' ? own : []),
      ...allowed.map((source) => (source === 'editor' ? cspSource : source)),
    ].join(' '),
  );
  return [
    "default-src 'none'",
    // These two do not fall back to default-src.
    "base-uri 'none'",
    "form-action 'none'",
    ...loads,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
}

function openTag(name: string, attributes: Readonly<Record<string, string>>): string {
  const written = Object.entries(attributes).map(([key, value]) => `${key}="${escapeHtml(value)}"`);
  return `<${[name, ...written].join(' ')}>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${String(char.charCodeAt(0))};`);
}
