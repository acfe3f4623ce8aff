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
  /** The address of the one script, a module, as the webview loads it. */
  script: string;
  /** The text of its style sheet. */
  style?: string;
  /** What the script reads before the first message. Any text. */
  bodyAttributes?: Readonly<Record<`data-${string}`, string>>;
  /** Everything else is refused. */
  sources: Readonly<Partial<Record<Directive, readonly Source[]>>>;
}

/**
 * The HTML of a webview: a shell whose script makes everything that is seen. Its policy runs this
 * script alone, and allows no other inline code, frames, forms or addresses outside the editor.
 *
 * @throws when the style sheet would end its element.
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
    ${style === undefined ? '' : `${openTag('style', { nonce })}${rawText(style)}</style>`}
  </head>
  ${openTag('body', bodyAttributes)}
    ${openTag('script', { type: 'module', nonce, src: script })}</script>
  </body>
</html>`;
}

/** Nothing is escaped in a style: what would end it, or hide its end, is refused. */
function rawText(text: string): string {
  const lower = text.toLowerCase();
  for (const mark of ['</style', '<!--'])
    if (lower.includes(mark)) throw new Error(`A page cannot hold a file with ${mark} in it`);
  return text;
}

function policyOf({ cspSource, sources, style }: PageParts, nonce: string): string {
  const own = style === undefined ? [] : [`'nonce-${nonce}'`];
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
