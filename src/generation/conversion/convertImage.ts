import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import * as vscode from 'vscode';
import { displayPath } from '../../editor/files/workspaceFiles.ts';
import type { Log } from '../../editor/log.ts';
import { ConversionError } from '../../images/convert/conversionError.ts';
import type { Conversion } from '../../images/convert/convertPixels.ts';
import type { Converter } from '../../images/convert/converter.ts';
import {
  defaultQuality,
  extensionOfFormat,
  type OutputFormat,
} from '../../images/convert/outputFormat.ts';
import { maxImageBytes } from '../../images/imageLimits.ts';
import { toWriteError } from '../../jobs/jobError.ts';
import { ownFileMode, ownFolderMode } from '../../jobs/ownFiles.ts';
import type { PlaceImage } from '../../jobs/steps/saveStep.ts';
import { toConversionFailure } from './conversionFailure.ts';
import { nameConverted } from '../../images/convert/nameConverted.ts';
import { decodeByPage } from './pageCodecs.ts';

/** What a conversion may use. */
export interface ConversionDeps {
  converter: Converter;
  /** Puts a whole file in its folder, over no other. */
  placeImage: PlaceImage;
  extensionUri: vscode.Uri;
  /** A folder of this machine for files on their way. */
  folder: string;
  log: Log;
  /** Told of a source whose signed record of its origin no copy can carry on. */
  onProvenanceLost: (source: vscode.Uri) => void;
}

export interface ConvertOrder {
  source: vscode.Uri;
  /**
   * The file to be made; the extension of the format is put in place of another. Where it is taken,
   * by anything but these very bytes, a number is added. Beside the source when absent.
   */
  target?: vscode.Uri | undefined;
  format: OutputFormat;
  /** 1–100, of JPEG and WebP; 82 when absent. */
  quality?: number | undefined;
  /** In pixels. A narrower image keeps its width. */
  maxWidth?: number | undefined;
  signal: AbortSignal;
}

/** A file that was made. */
export interface ConvertedImage {
  uri: vscode.Uri;
  width: number;
  height: number;
  sizeBytes: number;
  sha256: string;
}

/**
 * Makes a file of another format or width of an image: upright, with its colour profile, and without
 * its other metadata. The source stays, and no file is overwritten; asked twice, the second time finds
 * what the first one made. Works in a thread, one image at a time.
 * @throws LocalizedError saying what is wrong with the image or the folder; AppError `cancelled`
 */
export async function convertImage(
  deps: ConversionDeps,
  { maxWidth, ...order }: ConvertOrder,
): Promise<ConvertedImage> {
  const [made] = await convertToWidths(deps, {
    ...order,
    widths: [maxWidth],
    isHashed: false,
    isSet: false,
  });
  if (!made) throw new Error('One width makes one image');
  return made;
}

/**
 * The same for several widths of one image, which is decoded once. By `isHashed`, the names contain
 * the beginning of the content's hash.
 */
export async function convertToWidths(
  deps: ConversionDeps,
  order: Omit<ConvertOrder, 'maxWidth'> & {
    widths: readonly (number | undefined)[];
    isHashed: boolean;
    /** The files are for one `srcset`: each is named after its width, and near-equal ones are left out. */
    isSet: boolean;
    /** Told of each file as soon as it is there: what comes after it may fail. */
    onMade?: (image: ConvertedImage) => void;
  },
): Promise<ConvertedImage[]> {
  const { source, target = source, format, isHashed, isSet, signal, onMade } = order;
  try {
    const { images } = await encode(deps, order);
    const made: ConvertedImage[] = [];
    for (const { bytes, sha256, width, height } of images) {
      signal.throwIfAborted();
      const name = nameConverted({
        targetPath: target.path,
        sourcePath: source.path,
        extension: extensionOfFormat(format),
        ...(isSet && { width }),
        scaledWidth: width,
        ...(isHashed && { sha256 }),
      });
      const uri = await place(deps, bytes, sha256, vscode.Uri.joinPath(target, '..'), name);
      const image = { uri, width, height, sizeBytes: bytes.length, sha256 };
      made.push(image);
      onMade?.(image);
    }
    return made;
  } catch (thrown) {
    throw toConversionFailure(thrown, source, format, signal);
  }
}

/** The bytes alone, of an image wherever it is. @throws ConversionError */
export async function encode(
  deps: ConversionDeps,
  order: Pick<ConvertOrder, 'source' | 'format' | 'quality' | 'signal'> & {
    widths: readonly (number | undefined)[];
    isSet?: boolean;
  },
): Promise<Conversion> {
  const { source, format, quality = defaultQuality, widths, isSet, signal } = order;
  const bytes = await readSource(source);
  const asked = { bytes, format, quality, widths, isSet };
  const page = { extensionUri: deps.extensionUri, name: displayPath(source), signal };
  const done = await convertAnywhere(deps, asked, page);
  if (done.losesProvenance) deps.onProvenanceLost(source);
  return done;
}

/** What only a browser reads becomes a PNG there first. */
async function convertAnywhere(
  { converter }: ConversionDeps,
  order: Parameters<Converter['convert']>[0],
  page: Parameters<typeof decodeByPage>[1],
): Promise<Conversion> {
  try {
    return await converter.convert(order, page.signal);
  } catch (thrown) {
    const isForBrowser = thrown instanceof ConversionError && thrown.problem === 'needsBrowser';
    if (!isForBrowser) throw thrown;
  }
  const bytes = await decodeByPage(order.bytes, page);
  return await converter.convert({ ...order, bytes }, page.signal);
}

async function readSource(source: vscode.Uri): Promise<Uint8Array> {
  const { size } = await vscode.workspace.fs.stat(source);
  if (size > maxImageBytes) throw new ConversionError('tooLarge');
  return await vscode.workspace.fs.readFile(source);
}

/** @returns where the file is now. */
async function place(
  { placeImage, folder }: ConversionDeps,
  bytes: Uint8Array,
  sha256: string,
  targetFolder: vscode.Uri,
  fileName: string,
): Promise<vscode.Uri> {
  const id = `converted-${randomUUID()}`;
  const sourcePath = join(folder, id);
  await mkdir(folder, { recursive: true, mode: ownFolderMode });
  try {
    await writeFile(sourcePath, bytes, { mode: ownFileMode });
    const { name, ext } = posix.parse(fileName);
    const uri = await placeImage({
      sourcePath,
      sha256,
      folderUri: targetFolder.toString(),
      name,
      extension: ext,
      jobId: id,
      // The same bytes under this name are what was asked for.
      earlierUri: vscode.Uri.joinPath(targetFolder, fileName).toString(),
      choose: () => true,
    });
    return vscode.Uri.parse(uri, true);
  } catch (thrown) {
    throw toWriteError(thrown, displayPath(targetFolder));
  } finally {
    await rm(sourcePath, { force: true }).catch(() => undefined);
  }
}
