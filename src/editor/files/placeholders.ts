import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fileUriOf, isFileUri, pathOfFileUri } from '../../jobs/fileUri.ts';
import { isUnfinished, type Job } from '../../jobs/job.ts';
import { ownFileMode, ownFolderMode } from '../../jobs/ownFiles.ts';
import type { Destination } from '../../jobs/resultFiles.ts';
import type { PlaceImage } from '../../jobs/steps/saveStep.ts';
import { sha256OfBytes, sha256OfFile } from '../../images/sha256.ts';
import { removeIfSame } from './removeIfSame.ts';

/** A placeholder as it is noted down, for windows that come later. */
interface Note {
  path: string;
  sha256: string;
}

export interface PlaceholderDeps {
  /** For notes, of all windows. */
  folder: string;
  /** Jobs whose image is still to come, of all windows. */
  listUnfinished: () => readonly Job[];
  log: (line: string) => void;
}

export type Placeholders = ReturnType<typeof createPlaceholders>;

/** A note whose job is not in the store by then never gets one. */
const ageWithoutJobMs = 60_000;

/**
 * Files that stand where images will be, while these are made. A file is taken away only while it is what
 * was put there, byte by byte: what anybody else has written there stays.
 */
export function createPlaceholders({ folder, listUnfinished, log }: PlaceholderDeps) {
  let timer: NodeJS.Timeout | undefined;

  /**
   * Puts a placeholder where a job that is ordered next will put its image, over no file; before it is
   * ordered, because the image must never come between. @returns what takes it away again
   */
  async function put(
    path: string,
    bytes: Uint8Array,
    place: PlaceImage,
  ): Promise<() => Promise<void>> {
    const sha256 = sha256OfBytes(bytes);
    const id = `placeholder-${randomUUID()}`;
    const sourcePath = join(folder, id);
    await mkdir(folder, { recursive: true, mode: ownFolderMode });
    try {
      await writeFile(sourcePath, bytes, { mode: ownFileMode });
      await note({ path, sha256 });
      const extension = extname(path);
      await place({
        sourcePath,
        sha256,
        folderUri: fileUriOf(dirname(path)),
        name: basename(path, extension),
        extension,
        jobId: id,
        choose(uri) {
          // No other name will do: the link leads to this one.
          if (pathOfFileUri(uri) !== path) throw new Error(`${path} is taken`);
          return true;
        },
      });
      // Another window may have removed the note of a file that was not there yet.
      await note({ path, sha256 });
    } finally {
      await rm(sourcePath, { force: true });
    }
    return () => remove(path);
  }

  async function note(which: Note): Promise<void> {
    await writeFile(notePath(which), JSON.stringify(which), { mode: ownFileMode });
  }

  /** One for each try: who finds the place taken must not forget what another has put there. */
  function notePath({ path, sha256 }: Note): string {
    return join(folder, `${sha256OfBytes(Buffer.from(`${path}\n${sha256}`))}.json`);
  }

  /** Takes away the placeholders of a folder whose images are about to be placed. Never throws. */
  async function makeWay(folderUri: string): Promise<void> {
    try {
      if (!isFileUri(folderUri) || (await notes()).length === 0) return;
      const folderPath = pathOfFileUri(folderUri);
      for (const job of listUnfinished()) {
        const path = job.state === 'downloading' ? exactPathOf(job.destination) : undefined;
        if (path !== undefined && dirname(path) === folderPath) await remove(path);
      }
    } catch (thrown) {
      log(`A placeholder is in the way: ${String(thrown)}`);
    }
  }

  /** Takes away what stands for an image that does not come, or has come. Never throws. */
  async function onJob(job: Job): Promise<void> {
    const path = isUnfinished(job) ? undefined : exactPathOf(job.destination);
    if (path === undefined) return;
    try {
      if (!isAwaited(path)) await remove(path);
    } catch (thrown) {
      log(`A placeholder stays: ${String(thrown)}`);
    }
  }

  /** Takes away what a window left that was ended. Never throws. */
  async function sweep(): Promise<void> {
    try {
      let isYoung = false;
      for (const { path, notedAt } of await notes()) {
        if (isAwaited(path)) continue;
        if (Date.now() - notedAt < ageWithoutJobMs) isYoung = true;
        else await remove(path);
      }
      if (!isYoung || timer) return;
      timer = setTimeout(() => {
        timer = undefined;
        void sweep();
      }, ageWithoutJobMs);
      timer.unref();
    } catch (thrown) {
      log(`Placeholders could not be looked for: ${String(thrown)}`);
    }
  }

  function isAwaited(path: string): boolean {
    return listUnfinished().some(({ destination }) => exactPathOf(destination) === path);
  }

  /** A folder may have been renamed since, which its jobs follow: the content tells what is ours. */
  async function remove(path: string): Promise<void> {
    const all = await notes();
    const isOurs = (sha256: string | undefined) => all.some((each) => each.sha256 === sha256);
    const sha256 = all.length === 0 ? undefined : await hashOf(path);
    if (sha256 !== undefined && isOurs(sha256)) await removeIfSame(path, sha256);
    for (const each of all)
      if (each.path === path || each.sha256 === sha256) await rm(notePath(each), { force: true });
  }

  async function notes(): Promise<(Note & { notedAt: number })[]> {
    const names = await readdir(folder).catch(() => []);
    const found = await Promise.all(
      names.filter((name) => name.endsWith('.json')).map((name) => readNote(join(folder, name))),
    );
    return found.filter((each) => each !== undefined);
  }

  return {
    put,
    makeWay,
    onJob,
    sweep,
    dispose: () => clearTimeout(timer),
  };
}

/** The very file that a job makes on this machine, if it is one that was named. */
export function exactPathOf({ folderUri, name, isExactName, extension }: Destination) {
  const isNamed = isExactName && extension !== undefined && isFileUri(folderUri);
  return isNamed ? join(pathOfFileUri(folderUri), `${name}.${extension}`) : undefined;
}

async function readNote(path: string): Promise<(Note & { notedAt: number }) | undefined> {
  try {
    const { mtimeMs } = await stat(path);
    const { path: noted, sha256 } = JSON.parse(await readFile(path, 'utf8')) as Partial<Note>;
    const isNote = typeof noted === 'string' && typeof sha256 === 'string';
    return isNote ? { path: noted, sha256, notedAt: mtimeMs } : undefined;
  } catch {
    return undefined;
  }
}

async function hashOf(path: string): Promise<string | undefined> {
  try {
    return await sha256OfFile(path);
  } catch {
    return undefined;
  }
}
