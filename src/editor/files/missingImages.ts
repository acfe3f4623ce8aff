import { setImmediate as nextTurn } from 'node:timers/promises';
import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { hasExtension, imageExtensions } from '../../images/imageExtensions.ts';
import { imageGlob } from '../../images/imageGlob.ts';
import { findByContent, type Places } from '../../jobs/imageFiles/findByContent.ts';
import type { ImageFiles } from '../../jobs/imageFiles/imageFiles.ts';
import type { SavedJob } from '../../jobs/job.ts';
import type { Log } from '../log.ts';
import { fileToUse } from './fileToUse.ts';
import { hashOf } from './hashOf.ts';
import { Lately } from './lately.ts';
import { exists } from './workspaceFiles.ts';
import { onAbort } from '../../onAbort.ts';

/** Images whose files are not where they were. */
export interface MissingImages {
  /**
   * Whether a user has no file of an image. A missing original is looked for soon, and the job changed when
   * it is found.
   */
  isMissing: (job: SavedJob) => Promise<boolean>;
  /** Looks for a file at once. @returns the image with its new place; undefined when it was not found */
  find: (job: SavedJob) => Promise<SavedJob | undefined>;
  dispose: () => void;
}

export interface MissingImagesContext {
  imageFiles: Pick<ImageFiles, 'relocate' | 'placesOf'>;
  log: Log;
}

const gatherMs = 150;
/** What was not found is not looked for again so soon, however often it is shown. */
const againMs = 60_000;
/** More than this is not looked through. */
const maxListed = 20_000;
/** So many are looked for together; the others are looked for when they are shown again. */
const maxTogether = 500;

export function createMissingImages({ imageFiles, log }: MissingImagesContext): MissingImages {
  const shutdown = new AbortController();
  const due = new Map<string, SavedJob>();
  /** Those that were looked for, by their ids and places. */
  const lately = new Lately(againMs);
  let isLooking = false;
  let timer: NodeJS.Timeout | undefined;

  function lookFor(job: SavedJob): void {
    if (lately.has(keyOf(job)) || due.size >= maxTogether || shutdown.signal.aborted) return;
    due.set(job.id, job);
    if (!isLooking) timer ??= setTimeout(() => void look(), gatherMs);
  }

  async function look(): Promise<void> {
    timer = undefined;
    isLooking = true;
    const jobs = [...due.values()];
    due.clear();
    for (const job of jobs) lately.add(keyOf(job));
    try {
      await find(jobs);
    } catch (thrown) {
      if (!shutdown.signal.aborted) log.error(`Looking for images failed: ${String(thrown)}`);
    }
    isLooking = false;
    if (due.size > 0 && !shutdown.signal.aborted) timer = setTimeout(() => void look(), gatherMs);
  }

  async function isMissing(job: SavedJob): Promise<boolean> {
    if (await exists(vscode.Uri.parse(job.uri))) return false;
    lookFor(job);
    return !(await exists(await fileToUse(job)));
  }

  async function find(jobs: readonly SavedJob[]): Promise<SavedJob[]> {
    const areGone = await Promise.all(jobs.map(({ uri }) => isGone(vscode.Uri.parse(uri))));
    const gone = jobs.filter((_, index) => areGone[index]);
    if (gone.length === 0) return [];
    const places = { ...placesInEditor, placesOf: imageFiles.placesOf };
    const found = await findByContent(gone, places, shutdown.signal);
    const moved: SavedJob[] = [];
    for (const job of gone) {
      const place = found.get(job.id);
      // Each looks through the store, and others have their turn in between.
      if (place !== undefined) await nextTurn();
      const after = place === undefined ? undefined : await imageFiles.relocate(job, place);
      if (after) moved.push(after);
    }
    return moved;
  }

  const listening = vscode.workspace.onDidChangeWorkspaceFolders(() => lately.clear());
  return {
    isMissing,
    find: async (job) => (await find([job])).at(0),
    dispose() {
      shutdown.abort();
      clearTimeout(timer);
      listening.dispose();
    },
  };
}

function keyOf({ id, uri }: SavedJob): string {
  return `${id} ${uri}`;
}

/** Whether nothing is there; a drive or a file system that does not answer says nothing of its files. */
async function isGone(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return false;
  } catch (thrown) {
    return thrown instanceof vscode.FileSystemError && thrown.code === 'FileNotFound';
  }
}

const placesInEditor: Omit<Places, 'placesOf'> = {
  async listFolder(folderUri) {
    const folder = vscode.Uri.parse(folderUri);
    const entries = await Promise.resolve(vscode.workspace.fs.readDirectory(folder)).catch(
      () => [],
    );
    return entries
      .filter(([name]) => hasExtension(name, imageExtensions))
      .slice(0, maxListed)
      .map(([name]) => vscode.Uri.joinPath(folder, name).toString());
  },
  async listWorkspace(signal) {
    const token = new vscode.CancellationTokenSource();
    const stop = onAbort(signal, () => token.cancel());
    try {
      const excluded = '**/node_modules/**';
      const found = await vscode.workspace.findFiles(imageGlob, excluded, maxListed, token.token);
      return found.map(String);
    } finally {
      stop();
      token.dispose();
    }
  },
  async stat(uri) {
    const parsed = vscode.Uri.parse(uri);
    // The editor answers for one file at a time, which takes seconds for ten thousand.
    if (parsed.scheme === 'file') {
      const { size, mtimeMs } = await stat(parsed.fsPath);
      return { sizeBytes: size, changedAt: mtimeMs };
    }
    const { size, mtime } = await vscode.workspace.fs.stat(parsed);
    return { sizeBytes: size, changedAt: mtime };
  },
  hash: (uri) => hashOf(vscode.Uri.parse(uri)),
};
