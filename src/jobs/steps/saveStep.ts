import { exactName, fileNameOf } from '../../images/fileName.ts';
import { nameConverted } from '../../images/convert/nameConverted.ts';
import { drawnType } from '../../images/imageExtensions.ts';
import type { ImageFacts } from '../../images/imageFacts.ts';
import type { DownloadingJob, Job, SavedJob } from '../job.ts';
import type { ConversionFault, Destination, SavedImage, Target } from '../resultFiles.ts';
import type { Store } from '../store/store.ts';
import { PlaceTakenError } from '../store/storeErrors.ts';
import type { Platform } from '../platform.ts';
import { type ConvertContext, createConvertStep, type WholeFile } from './convertStep.ts';
import type { TemporaryNotes } from './leftovers.ts';
import { splitUri } from '../fileUri.ts';
import { removeKept } from './tempFiles.ts';

export interface PlaceRequest {
  sourcePath: string;
  sha256: string;
  folderUri: string;
  /** Without extension. */
  name: string;
  /** With its dot. */
  extension: string;
  jobId: string;
  earlierUri?: string;
  /**
   * To be called with a free place before the file appears there. @returns whether it may go
   * there: no other job has chosen that place.
   */
  choose: (uri: string) => boolean;
  /** Told of every temporary file of this machine that is made beside the image. */
  temporaries?: TemporaryNotes;
}

/** Puts a whole file in its place, over no other. @returns its uri. */
export type PlaceImage = (request: PlaceRequest) => Promise<string>;

export interface SaveContext extends ConvertContext {
  store: Pick<Store, 'get'>;
  place: PlaceImage;
  /** See PlaceRequest. */
  temporaries?: TemporaryNotes;
  /** Told of a result whose signed record of its origin the file made of it cannot carry on. */
  onProvenanceLost?: ((job: SavedJob) => void) | undefined;
  /** Told of a result that was saved without the file that was to be made of it. */
  onUnconverted?: ((job: SavedJob) => void) | undefined;
  platform: Platform;
}

/** From a whole image in the temporary folder to the files in their places. */
export function createSaveStep(context: SaveContext) {
  const { move, tempFolder, platform } = context;
  const { files, clock } = platform;
  const { now } = clock;
  const convertStep = createConvertStep(context);

  /**
   * Puts the result in its place, and then the file that is to be made of it beside it; or that file in
   * its place, and the result only where it cannot be made.
   */
  return async function save(
    job: DownloadingJob,
    result: WholeFile,
    signal: AbortSignal,
  ): Promise<Job> {
    const { conversion } = job.destination;
    const early = conversion?.replacesOriginal ? undefined : await place(job, result);
    const made = await convertStep(job, result, signal);
    const isMade = made !== undefined && 'path' in made;
    // A conversion takes a while, in which a user may have named another folder.
    const current = context.store.get(job.id);
    const going = current?.state === 'downloading' ? current : job;
    const image = early ?? (await place(going, isMade ? made : result));
    const beside = isMade && early ? await placeBeside(job, made, early) : undefined;
    const fault = made && 'fault' in made ? made.fault : beside?.fault;
    const saved = move(job.id, {
      type: 'saved',
      image,
      at: now(),
      ...(beside?.image && { converted: beside.image }),
      ...(isMade && !early && { isConverted: true }),
      ...(fault && { conversionFault: fault }),
    });
    // What cannot be removed now is swept when a window starts.
    await removeKept(tempFolder, job.id, files).catch(() => undefined);
    if (saved.state !== 'saved') return saved;
    if (fault) context.onUnconverted?.(saved);
    if (isMade && made.losesProvenance) context.onProvenanceLost?.(saved);
    return saved;
  };

  async function place(job: DownloadingJob, file: WholeFile): Promise<SavedImage> {
    const earlierUri = job.target?.uri;
    const { sha256, sizeBytes, width, height } = file;
    const uri = await context.place({
      sourcePath: file.path,
      sha256,
      folderUri: job.destination.folderUri,
      name: nameFor(job),
      extension: `.${extensionFor(job.destination, file.type)}`,
      jobId: job.id,
      ...(earlierUri !== undefined && { earlierUri }),
      choose: (chosen) => isChosen(job.id, { uri: chosen, sha256 }),
      ...(context.temporaries && { temporaries: context.temporaries }),
    });
    return { uri, sha256, sizeBytes, width, height };
  }

  /** The result is in its place by now, so that a folder that refuses this costs no image. */
  async function placeBeside(
    job: DownloadingJob,
    file: WholeFile,
    result: SavedImage,
  ): Promise<{ image?: SavedImage; fault?: ConversionFault }> {
    const earlierUri = job.convertedTarget?.uri;
    const { sha256, sizeBytes, width, height } = file;
    const extension = `.${extensionFor(job.destination, file.type)}`;
    const { folderUri, name: resultName } = splitUri(result.uri);
    const sourcePath = `/${decoded(resultName)}`;
    const fileName = nameConverted({
      // The very file that was asked for; else as the result is called, with its number.
      targetPath: job.destination.isExactName ? `/${nameFor(job)}${extension}` : sourcePath,
      sourcePath,
      extension,
      scaledWidth: width,
    });
    let lost: unknown;
    const choose = (chosen: string) => {
      try {
        return isChosen(job.id, { uri: chosen, sha256 }, true);
      } catch (thrown) {
        lost = thrown;
        throw thrown;
      }
    };
    try {
      const uri = await context.place({
        sourcePath: file.path,
        sha256,
        folderUri,
        name: fileName.slice(0, -extension.length),
        extension,
        jobId: job.id,
        ...(earlierUri !== undefined && { earlierUri }),
        choose,
        ...(context.temporaries && { temporaries: context.temporaries }),
      });
      return { image: { uri, sha256, sizeBytes, width, height } };
    } catch (thrown) {
      // The job is another's now, or the store cannot be written: no folder has refused anything.
      if (thrown === lost) throw thrown;
      context.log?.(`Job ${job.id}: the converted file is not placed: ${String(thrown)}`);
      return { fault: 'unwritable' };
    }
  }

  function isChosen(id: string, target: Target, isConverted = false): boolean {
    try {
      move(id, { type: 'placing', target, ...(isConverted && { isConverted }) });
      return true;
    } catch (thrown) {
      if (thrown instanceof PlaceTakenError) return false;
      throw thrown;
    }
  }

  function nameFor(job: DownloadingJob): string {
    const { name, isExactName } = job.destination;
    if (isExactName) return exactName(name);
    const at = new Date(job.createdAt);
    return fileNameOf(name, { ...job, jobId: job.id, at });
  }
}

/** What the bytes are counts, whatever name was asked for. */
function extensionFor({ extension }: Destination, type: ImageFacts['type']): string {
  return extension !== undefined && drawnType(extension) === type ? extension : type;
}

/** Names of others may have a sign that stands for none. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
