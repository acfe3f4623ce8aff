/**
 * Links the stylesheet of the icons, to be called once the page has loaded: until their font is
 * there as well, the editor would neither show the page nor deliver its messages.
 */
export function linkIcons(): void {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = document.body.dataset['icons'] ?? '';
  // vscode-elements link the one of this id in their shadow roots.
  link.id = 'vscode-codicon-stylesheet';
  document.head.append(link);
}
