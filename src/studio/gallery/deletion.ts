import { chmod, copyFile, mkdir, rm, stat, utimes } from 'node:fs/promises';
import { extname, join } from 'node:path';
import * as vscode from 'vscode';
import { hashOf } from '../../editor/files/hashOf.ts';
import { convertedFile } from '../../editor/files/convertedFile.ts';
import { exists, isInside } from '../../editor/files/workspaceFiles.ts';
import type { Engine } from '../../jobs/engine.ts';
import type { ImageFiles } from '../../jobs/imageFiles/imageFiles.ts';
import type { SavedJob } from '../../jobs/job.ts';
import { ownFileMode, ownFolderMode } from '../../jobs/ownFiles.ts';
import type { PlacedImage } from '../../jobs/store/filePlaces.ts';
import type { GalleryRow } from '../../jobs/store/gallery.ts';
import type { Store } from '../../jobs/store/store.ts';
import { placeToRestore } from './placeToRestore.ts';

export interface Deletion {
  /**
   * Moves files to the trash, also those that were made of them, and hides their images. One that fails is reported, and the others go.
   * @returns the rows that were removed, so that they can be restored
   * @throws when none of them was
   */
  remove: (rows: readonly GalleryRow[]) => Promise<GalleryRow[]>;
  /**
   * Keeps copies of files that the editor is about to delete, of those that can be read.
   * @param uris the files and folders that it deletes
   */
  keepCopies: (images: readonly PlacedImage[], uris: readonly string[]) => Promise<void>;
  /** Whether it can be restored with its file. */
  isKept: (key: number) => boolean;
  /**
   * Restores what was removed in this window.
   * @throws what the first that failed did, after all others are restored
   */
  restore: (keys: readonly number[]) => Promise<void>;
}

export interface DeletionContext {
  /** Where copies are kept. */
  folder: string;
  gallery: Pick<Store['gallery'], 'read' | 'setHidden'>;
  engine: Pick<Engine, 'whenFree'>;
  imageFiles: Pick<ImageFiles, 'isTaken' | 'relocate'>;
  /** Shows the user what failed beside others that did not. */
  report: (thrown: unknown) => void;
}

interface RemovedFile {
  /** Where it was. */
  uri: string;
  copyPath: string;
  /** Its permissions, on this machine. */
  mode: number | undefined;
}

/** An image, and the file that was made of it beside it. */
interface RemovedImage {
  job: SavedJob;
  image: RemovedFile | undefined;
  made: RemovedFile | undefined;
}

/** Those of them that are to be kept. */
interface KeptPlaces {
  image?: string;
  made?: string | undefined;
}

/** The editor's own deletion waits for no more copies than these. */
const maxKept = 100;
const maxKeptBytes = 200_000_000;

/** The editor cannot restore files from the trash, so a copy is kept, which `sweepStorage` removes. */
export function createDeletion({
  folder,
  gallery,
  engine,
  imageFiles,
  report,
}: DeletionContext): Deletion {
  const removed = new Map<number, RemovedImage>();

  async function removeFiles(key: number, job: SavedJob): Promise<void> {
    const image = vscode.Uri.parse(job.uri);
    const made = await convertedFile(job);
    if (await exists(image)) {
      await keep(key, job, { image: job.uri, made });
      await moveToTrash(image);
    } else if (made !== undefined) await keep(key, job, { made });
    if (made === undefined) return;
    // The image is gone by now, and stays so.
    await moveToTrash(vscode.Uri.parse(made)).catch(report);
  }

  async function keep(key: number, job: SavedJob, { image, made }: KeptPlaces): Promise<void> {
    await mkdir(folder, { recursive: true, mode: ownFolderMode });
    const kept = {
      job,
      image: image === undefined ? undefined : await keepFile(image),
      made: made === undefined ? undefined : await keepFile(made),
    };
    removed.set(key, kept);
  }

  async function keepFile(place: string): Promise<RemovedFile> {
    const uri = vscode.Uri.parse(place);
    const copyPath = join(folder, `${crypto.randomUUID()}${extname(uri.path)}`);
    const mode = uri.scheme === 'file' ? (await stat(uri.fsPath)).mode : undefined;
    await keepCopy(uri, copyPath);
    return { uri: place, copyPath, mode };
  }

  async function remove(rows: readonly GalleryRow[]): Promise<GalleryRow[]> {
    const { done, failures } = await forEach(rows, async ({ key, job }) => {
      if (job.state === 'saved') await removeFiles(key, job);
    });
    const keys = done.map(({ key }) => key);
    await setHidden(keys, Date.now());
    if (failures.length > 0 && done.length === 0) throw failures[0];
    if (failures.length > 0) report(failures[0]);
    return done;
  }

  async function setHidden(keys: readonly number[], atMs: number | undefined): Promise<void> {
    await engine.whenFree(() => {
      gallery.setHidden(keys, atMs);
    });
  }

  async function keepCopies(
    images: readonly PlacedImage[],
    uris: readonly string[],
  ): Promise<void> {
    const bytes = images.reduce((sum, { job }) => sum + job.sizeBytes, 0);
    if (images.length > maxKept || bytes > maxKeptBytes) return;
    // What cannot be copied, as its file is missing, takes the undo from no other.
    await forEach(images, async ({ key, job }) => {
      const made = await convertedFile(job);
      const isGoing = made !== undefined && uris.some((uri) => isWithin(made, uri));
      await keep(key, job, { image: job.uri, made: isGoing ? made : undefined });
    });
  }

  async function restore(keys: readonly number[]): Promise<void> {
    const { failures } = await forEach(keys, async (key) => {
      // The editor's own undo may have brought it back before.
      const isHidden = await engine.whenFree(() => gallery.read([key]).length === 0);
      const kept = removed.get(key);
      if (kept && isHidden) await restoreFiles(kept);
      await setHidden([key], undefined);
      if (!kept) return;
      for (const file of [kept.image, kept.made])
        if (file) await rm(file.copyPath, { force: true });
      removed.delete(key);
    });
    if (failures.length > 0) throw failures[0];
  }

  async function restoreFiles({ job, image, made }: RemovedImage): Promise<void> {
    const place = image && (await restoreFile(image));
    if (place !== undefined && place !== job.uri) await imageFiles.relocate(job, place);
    if (made) await restoreFile(made);
  }

  /** @returns where it is */
  async function restoreFile({ uri: last, copyPath, mode }: RemovedFile): Promise<string> {
    const copy = vscode.Uri.file(copyPath);
    // A file that was created there meanwhile is not replaced.
    const place = await placeToRestore(last, {
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
    return place.uri;
  }

  return { remove, keepCopies, isKept: (key) => removed.has(key), restore };
}

function isWithin(place: string, folder: string): boolean {
  return isInside(vscode.Uri.parse(place), vscode.Uri.parse(folder));
}

/** One after the other, so that one that fails keeps no other from its turn. */
async function forEach<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<{ done: T[]; failures: unknown[] }> {
  const [done, failures]: [T[], unknown[]] = [[], []];
  for (const item of items) {
    try {
      await work(item);
      done.push(item);
    } catch (thrown) {
      failures.push(thrown);
    }
  }
  return { done, failures };
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
