import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';

const limitMs = 15 * 60_000;

/** Draws one image as a user does, through the command palette. @returns the file's path. */
export async function drawOnce(page: Page, prompt: string, workspace: string): Promise<string> {
  const workbench = new WorkbenchPage(page);
  const before = await imagesIn(workspace);
  await workbench.runCommand('Image Studio: Generate Image…');
  await workbench.quickInput.expectTitle('Generate Image');
  await workbench.quickInput.type(prompt);
  await workbench.quickInput.accept();
  return await waitUntil(
    'a new image in the workspace',
    async () => (await imagesIn(workspace)).find((path) => !before.includes(path)),
    limitMs,
  );
}

/** The images under `images/`, where new ones are saved by default. */
async function imagesIn(workspace: string): Promise<string[]> {
  const folder = join(workspace, 'images');
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => !name.startsWith('.')).map((name) => join(folder, name));
}
