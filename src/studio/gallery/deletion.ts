import { chmod, copyFile, mkdir, rm, stat, utimes } from 'node:fs/promises';
import { extname, join } from 'node:path';
import * as vscode from 'vscode';
import { hashOf } from '../../editor/files/missingImages.ts';
import { exists } from '../../editor/files/workspaceFiles.ts';
import type { ImageFiles } from '../../jobs/imageFiles/imageFiles.ts';
import type { SavedJob } from '../../jobs/job.ts';
import { ownFileMode, ownFolderMode } from '../../jobs/ownFiles.ts';
import type { PlacedImage } from '../../jobs/store/filePlaces.ts';
import type { GalleryRow } from '../../jobs/store/gallery.ts';
import type { Store } from '../../jobs/store/store.ts';
import { placeToRestore } from './placeToRestore.ts';

export interface Deletion {
  /** Moves files to the trash and hides their images. @returns the rows that were removed. */
  remove: (rows: readonly GalleryRow[]) => Promise<GalleryRow[]>;
  /** Keeps copies of files that the editor is about to delete, so that they can be restored. */
  keepCopies: (images: readonly PlacedImage[]) => Promise<void>;
  /** Whether all of these can be restored. */
  areKept: (keys: readonly number[]) => boolean;
  /** Restores what was removed in this window. */
  restore: (keys: readonly number[]) => Promise<void>;
}

/** The editor's own deletion waits for no more copies than these. */
const maxKept = 100;
const maxKeptBytes = 200_000_000;

/** The editor cannot restore files from the trash, so a copy is kept, which `sweepStorage` removes. */
export function createDeletion(
  folder: string,
  gallery: Store['gallery'],
  imageFiles: Pick<ImageFiles, 'isTaken' | 'relocate'>,
): Deletion {
  const removed = new Map<number, { job: SavedJob; copyPath: string; mode: number | undefined }>();

  async function removeFile(key: number, job: SavedJob): Promise<void> {
    const uri = vscode.Uri.parse(job.uri);
    if (!(await exists(uri))) return;
    await keep(key, job);
    await moveToTrash(uri);
  }

  async function keep(key: number, job: SavedJob): Promise<void> {
    const uri = vscode.Uri.parse(job.uri);
    await mkdir(folder, { recursive: true, mode: ownFolderMode });
    const copyPath = join(folder, `${crypto.randomUUID()}${extname(uri.path)}`);
    const mode = uri.scheme === 'file' ? (await stat(uri.fsPath)).mode : undefined;
    await keepCopy(uri, copyPath);
    removed.set(key, { job, copyPath, mode });
  }

  async function remove(rows: readonly GalleryRow[]): Promise<GalleryRow[]> {
    const done: GalleryRow[] = [];
    try {
      for (const row of rows) {
        if (row.job.state === 'saved') await removeFile(row.key, row.job);
        done.push(row);
      }
    } finally {
      gallery.setHidden(
        done.map((row) => row.key),
        Date.now(),
      );
    }
    return done;
  }

  async function keepCopies(images: readonly PlacedImage[]): Promise<void> {
    const bytes = images.reduce((sum, { job }) => sum + job.sizeBytes, 0);
    if (images.length > maxKept || bytes > maxKeptBytes) return;
    for (const { key, job } of images) await keep(key, job);
  }

  const areKept = (keys: readonly number[]) => keys.every((key) => removed.has(key));

  async function restore(keys: readonly number[]): Promise<void> {
    for (const key of keys) {
      const file = removed.get(key);
      // The editor's own undo may have brought it back before.
      if (!file || gallery.read([key]).length > 0) continue;
      const { job, copyPath, mode } = file;
      const copy = vscode.Uri.file(copyPath);
      // A file that was created there meanwhile is not replaced.
      const place = await placeToRestore(job.uri, {
        exists: (uri) => exists(vscode.Uri.parse(uri)),
        isSame: async (uri) =>
          (await hashOf(copy)) === (await hashOf(vscode.Uri.parse(uri)).catch(() => undefined)),
        isTaken: imageFiles.isTaken,
      });
      const uri = vscode.Uri.parse(place.uri);
      if (!place.isThere) {
        await vscode.workspace.fs.copy(copy, uri);
        if (mode !== undefined) await chmod(uri.fsPath, mode).catch(() => undefined);
      }
      if (place.uri !== job.uri) await imageFiles.relocate(job, place.uri);
      await rm(copyPath, { force: true });
      removed.delete(key);
    }
    gallery.setHidden(keys, undefined);
  }

  return { remove, keepCopies, areKept, restore };
}

async function keepCopy(uri: vscode.Uri, path: string): Promise<void> {
  if (uri.scheme === 'file') await copyFile(uri.fsPath, path);
  else await vscode.workspace.fs.copy(uri, vscode.Uri.file(path));
  // The copy concerns nobody else on this machine, whoever may see the original.
  await chmod(path, ownFileMode);
  // Some systems copy the file's age, but this copy's time begins now.
  await utimes(path, new Date(), new Date());
}

/** Deletes the file where the file system has no trash; its copy can be restored. */
async function moveToTrash(uri: vscode.Uri): Promise<void> {
  try {
    await vscode.workspace.fs.delete(uri, { useTrash: true });
  } catch {
    await vscode.workspace.fs.delete(uri, { useTrash: false });
  }
}
