import type { WorkbenchPage } from '../harness/workbenchPage.ts';

/** Edits an image with a prompt, from its menu in the explorer. */
export async function editFile(window: WorkbenchPage, name: string, prompt: string): Promise<void> {
  await window.chooseFromExplorerMenu(name, 'Edit Image…');
  await window.quickInput.expectTitle(`Edit ${name}`);
  await window.quickInput.type(prompt);
  await window.quickInput.accept();
}
