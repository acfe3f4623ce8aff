import type { WorkbenchPage } from '../harness/workbenchPage.ts';

/** Says in words what to change about an image, from its menu in the explorer. */
export async function editFile(window: WorkbenchPage, name: string, words: string): Promise<void> {
  await window.chooseFromExplorerMenu(name, 'Edit Image…');
  await window.quickInput.expectTitle(`Edit ${name}`);
  await window.quickInput.type(words);
  await window.quickInput.accept();
}
