import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OfflineApi, TaskRecord } from '../fakeEvolink/types.ts';
import { waitUntil } from '../harness/waitUntil.ts';
import type { WorkbenchPage } from '../harness/workbenchPage.ts';
import type { Studio } from './studioWindow.ts';

const patienceMs = 90_000;

/** Asks for so many images of a prompt, as a user does. */
export async function generate(window: WorkbenchPage, prompt: string, count = 1): Promise<void> {
  await window.runCommand('Image Studio: Generate Image…');
  await window.quickInput.expectTitle('Generate Image');
  if (count > 1) {
    await window.quickInput.clickButton(/Number of images/);
    await window.quickInput.pick(String(count));
    await window.quickInput.expectTitle('Generate Image');
  }
  await window.quickInput.type(prompt);
  await window.quickInput.accept();
}

/** The tasks that the account pays for, of one prompt. */
export async function tasksOf(api: OfflineApi, prompt: string): Promise<TaskRecord[]> {
  return (await api.tasks()).filter((task) => task.prompt === prompt);
}

export async function accepted(api: OfflineApi, prompt: string, count = 1): Promise<void> {
  await waitUntil(
    `${String(count)} accepted tasks of "${prompt}"`,
    async () => (await tasksOf(api, prompt)).length >= count,
    patienceMs,
  );
}

/** Waits for one file for each task of a prompt, with its bytes, and no other file for it. */
export async function expectSavedOnce(studio: Studio, prompt: string): Promise<void> {
  await waitUntil(
    `all of "${prompt}" in the workspace`,
    async () => {
      const tasks = await tasksOf(studio.api, prompt);
      const hashes = [...(await savedIn(studio)).values()];
      return tasks.every((task) => task.sha256 !== undefined && hashes.includes(task.sha256));
    },
    patienceMs,
  );
  const tasks = await tasksOf(studio.api, prompt);
  const slug = prompt.replaceAll(' ', '-');
  const ours = [...(await savedIn(studio)).keys()].filter((name) => name.startsWith(slug));
  assert.equal(ours.length, tasks.length, `files: ${ours.join(', ')}`);
}

/** Names and hashes of what a user sees in the images' folder. */
async function savedIn({ workspace }: Studio): Promise<Map<string, string>> {
  const folder = join(workspace, 'images');
  const names = await readdir(folder).catch(() => []);
  const hashes = new Map<string, string>();
  for (const name of names.filter((each) => !each.startsWith('.'))) {
    const bytes = await readFile(join(folder, name)).catch(() => Buffer.alloc(0));
    hashes.set(name, createHash('sha256').update(bytes).digest('hex'));
  }
  return hashes;
}
