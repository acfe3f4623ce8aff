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
  { target: 'file:///etc/passwd.png' },
  { target: 'vscode://image-studio.evolink-image-studio/a.png' },
  { target: '//thief.invalid/share/a.png' },
  { target: '\\\\\\\\thief.invalid\\\\share\\\\a.png' },
  { target: `${long}.png` },
];

/** One link in each line. */
export const hostileMarkdown = hostileLinks
  .map(({ target }) => `![${commandLink}](<${target}>)`)
  .join('\n\n');
