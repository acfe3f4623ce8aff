import { cancelled } from '../../appError.ts';
import { checkImageFile } from '../../images/checkImage.ts';
import { ConversionError } from '../../images/convert/conversionError.ts';
import type { Converter } from '../../images/convert/converter.ts';
import { formatOfExtension, type OutputFormat } from '../../images/convert/outputFormat.ts';
import type { ImageFacts } from '../../images/imageFacts.ts';
import { sha256OfFile } from '../../images/sha256.ts';
import type { DownloadingJob, Job } from '../job.ts';
import type { JobEvent } from '../transition.ts';
import type { ConversionFault, ResultConversion } from '../resultFiles.ts';
import { createLimiter } from '../async/limiter.ts';
import { ownFileMode } from '../ownFiles.ts';
import type { Platform } from '../platform.ts';
import { syncFile, syncFolder } from './durableFiles.ts';
import { isFileError, whileBusy } from './fileErrors.ts';
import { convertedPath, newPartPath } from './tempFiles.ts';

export interface ConvertContext {
  /** Absent where no other formats can be made. */
  converter?: Converter | undefined;
  tempFolder: string;
  platform: Pick<Platform, 'files' | 'clock' | 'randomId'>;
  move: (id: string, event: JobEvent) => Job;
  log?: ((line: string) => void) | undefined;
}

/** A whole image in the temporary folder, that was read back from there. */
export interface WholeFile extends ImageFacts {
  path: string;
  sha256: string;
  sizeBytes: number;
}

export interface ConvertedFile extends WholeFile {
  /** The result carries a signed record of its origin, and this file cannot. */
  losesProvenance?: boolean;
}

/** A conversion as it is done. */
type FullConversion = ResultConversion & { readonly format: OutputFormat };

/** A conversion that ended the whole process so often is not begun again. */
const maxTries = 3;

const typeOf: Readonly<Record<OutputFormat, ImageFacts['type']>> = {
  png: 'png',
  jpeg: 'jpg',
  webp: 'webp',
};

/** Makes the file that the destination of a job asks for of its result, beside it in the temporary folder. */
export function createConvertStep(context: ConvertContext) {
  const { converter, tempFolder, platform, move } = context;
  const { files, clock } = platform;
  /** What waits is not begun: a conversion that ends the process must not count against all others. */
  const turn = createLimiter(1);

  /**
   * What was made before is not made again: a store that is locked, or a window that was killed, costs
   * no second conversion. Nothing that is wrong with a conversion keeps the result from being saved.
   * @returns undefined where the result is what is asked for
   * @throws AppError `cancelled` by the signal; what the store says; what the disk says of a file that
   * is to be saved in the place of the result
   */
  return async function convertStep(
    job: DownloadingJob,
    result: WholeFile,
    signal: AbortSignal,
  ): Promise<ConvertedFile | { fault: ConversionFault } | undefined> {
    const conversion = fullConversion(job.destination.conversion, result);
    if (!conversion || isAsAsked(result, conversion)) return undefined;
    if (job.conversionFault) return { fault: job.conversionFault };
    const made =
      (await readBack(convertedPath(tempFolder, job.id), conversion)) ??
      (await turn.run(() => make(job, result, conversion, signal), signal));
    // Before the result has its place: it would be left there when a later try makes the file.
    if ('fault' in made) move(job.id, { type: 'unconvertible', fault: made.fault });
    return made;
  };

  async function make(
    job: DownloadingJob,
    result: WholeFile,
    conversion: FullConversion,
    signal: AbortSignal,
  ): Promise<ConvertedFile | { fault: ConversionFault }> {
    if (!converter) return { fault: 'unavailable' };
    const before = job.conversionTries ?? 0;
    if (before >= maxTries) return { fault: 'interrupted' };
    // Written first: the conversion may end the process.
    move(job.id, { type: 'converting', tries: before + 1 });
    const path = convertedPath(tempFolder, job.id);
    try {
      const bytes = await read(result);
      const { image, losesProvenance } = await convert(converter, bytes, conversion, signal);
      await write(image, job.id, path);
      const made = await readBack(path, conversion);
      return made ? { ...made, losesProvenance } : { fault: 'unencodable' };
    } catch (thrown) {
      const isEnding = signal.aborted;
      // The job waits for a disk with room, as it does for the result itself.
      if (isEnding || (isFileError(thrown) && conversion.replacesOriginal)) {
        uncount(job.id, before);
        throw isEnding ? cancelled(thrown) : thrown;
      }
      context.log?.(`Job ${job.id}: the result was not converted: ${String(thrown)}`);
      // All else here is done with files.
      return { fault: thrown instanceof ConversionError ? thrown.problem : 'unwritable' };
    }
  }

  /** @throws ConversionError, whatever it is that fails */
  async function convert(
    { convert: run }: Converter,
    bytes: Uint8Array,
    { format, quality, maxWidth }: FullConversion,
    signal: AbortSignal,
  ): Promise<{ image: Uint8Array; losesProvenance: boolean }> {
    try {
      const { images, losesProvenance } = await run(
        { bytes, format, quality, widths: [maxWidth] },
        signal,
      );
      const [image] = images;
      if (!image) throw new ConversionError('unencodable');
      return { image: image.bytes, losesProvenance };
    } catch (thrown) {
      if (thrown instanceof ConversionError) throw thrown;
      // Its thread could not be started.
      throw new ConversionError('unencodable', thrown);
    }
  }

  /** The work that ends in order is no reason to give a conversion up. */
  function uncount(id: string, tries: number): void {
    try {
      move(id, { type: 'converting', tries });
    } catch (thrown) {
      context.log?.(`Job ${id}: the conversion counts as begun: ${String(thrown)}`);
    }
  }

  async function read({ path, sizeBytes }: WholeFile): Promise<Uint8Array> {
    const file = await files.open(path, 'r');
    try {
      const bytes = new Uint8Array(sizeBytes);
      for (let at = 0; at < sizeBytes;) {
        const { bytesRead } = await file.read(bytes, at, sizeBytes - at, at);
        if (bytesRead === 0) throw new ConversionError('notWhole');
        at += bytesRead;
      }
      return bytes;
    } finally {
      await file.close();
    }
  }

  /** It has its name only when it is whole, also after a power cut. */
  async function write(bytes: Uint8Array, jobId: string, path: string): Promise<void> {
    const part = newPartPath(tempFolder, jobId, platform.randomId());
    try {
      const file = await files.open(part, 'w', ownFileMode);
      try {
        await file.writeFile(bytes);
      } finally {
        await file.close();
      }
      await syncFile(files, part);
      await whileBusy(clock, () => files.rename(part, path));
      await syncFolder(files, tempFolder);
    } finally {
      await files.rm(part, { force: true }).catch(() => undefined);
    }
  }

  /** Undefined for what is not there, cannot be read, or is not what is asked for. */
  async function readBack(
    path: string,
    conversion: FullConversion,
  ): Promise<WholeFile | undefined> {
    const facts = await readWhole(path, files.open).catch(() => undefined);
    return facts && isAsAsked(facts, conversion) ? facts : undefined;
  }
}

/** An image in the temporary folder. @throws BadImageError; what the system says */
export async function readWhole(path: string, open: Platform['files']['open']): Promise<WholeFile> {
  const facts = await checkImageFile(path, open);
  return { ...facts, path, sha256: await sha256OfFile(path, open) };
}

/** What is only to be narrower keeps its format. */
function fullConversion(
  conversion: ResultConversion | undefined,
  { type }: ImageFacts,
): FullConversion | undefined {
  const format = conversion?.format ?? formatOfExtension(type);
  return conversion && format && { ...conversion, format };
}

function isAsAsked({ type, width }: ImageFacts, { format, maxWidth }: FullConversion): boolean {
  return type === typeOf[format] && (maxWidth === undefined || width <= maxWidth);
}
