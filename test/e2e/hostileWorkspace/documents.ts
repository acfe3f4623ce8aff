import { commandLink, thief } from './texts.ts';

/** A link in a document, and whether an image can be edited from there. */
interface HostileLink {
  target: string;
  /** What the request that is begun there is called; undefined when none is offered. */
  title?: string;
}

const long = 'x'.repeat(50_000);

export const hostileLinks: readonly HostileLink[] = [
  // First: what is not offered beside it was not merely too early.
  { target: `${thief}/%5BFix%5D(command:x).png`, title: 'Edit [Fix] (command:x).png' },
  { target: '../outside/secret.png', title: 'Edit secret.png' },
  { target: 'command:imageStudio.clearApiKey?a.png' },
  { target: 'javascript:alert(1)//a.png' },
  { target: 'data:image/svg+xml,<svg/onload=alert(1)>.png' },
  { target: 'file://thief.invalid/share/passwd.png' },
  { target: 'vscode://image-studio.evolink-image-studio/a.png' },
  { target: '//thief.invalid/share/a.png' },
  { target: '\\\\\\\\thief.invalid\\\\share\\\\a.png' },
  { target: `${long}.png` },
];

/** One link in each line. */
export const hostileMarkdown = hostileLinks
  .map(({ target }) => `![${commandLink}](<${target}>)`)
  .join('\n\n');

/** The same in HTML: what could be edited, and what could not. */
export const hostileHtmlLinks: readonly HostileLink[] = [
  { target: '../outside/secret.png', title: 'Edit secret.png' },
  { target: 'javascript:alert(1)//a.png' },
  { target: '&#99;ommand:imageStudio.clearApiKey?a.png' },
];

export const hostileHtml = hostileHtmlLinks
  .map(({ target }) => `<img alt="${commandLink}" src="${target}" onerror="alert(1)">`)
  .join('\n\n');

const labels = 5_000;

/** A link by a label, among very many others. */
export const manyLabels = [
  '![a fox][fox]\n',
  '[fox]: ../outside/secret.png',
  ...Array.from({ length: labels }, (_, index) => `[label ${String(index)}]: ${thief}/x.png`),
].join('\n');
