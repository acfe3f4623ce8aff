import type { ConversionProblem } from '../images/convert/conversionError.ts';
import type { OutputFormat } from '../images/convert/outputFormat.ts';

/** Where a result goes. Its extension follows its bytes; a taken name is numbered. */
export interface Destination {
  readonly folderUri: string;
  /** Without extension. A template (see `fileNameOf`), unless `isExactName`. */
  readonly name: string;
  readonly isExactName?: true;
  /** Without its dot: how the name is spelled, such as `jpeg`, when the bytes are of that format. */
  readonly extension?: string;
  /** The file to be made of the result; the result itself when absent. */
  readonly conversion?: ResultConversion;
}

/** A file of another format or width, to be made of a result. */
export interface ResultConversion {
  /** That of the result when absent. */
  readonly format?: OutputFormat;
  /** 1–100. */
  readonly quality: number;
  /** In pixels. A narrower result keeps its width. */
  readonly maxWidth?: number;
  /** The result itself is saved only where that file cannot be made. */
  readonly replacesOriginal?: true;
}

/** Why a result has no such file. */
export type ConversionFault =
  | ConversionProblem
  /** The editor or the machine ended each time that it was begun. */
  | 'interrupted'
  /** The disk refuses it. */
  | 'unwritable'
  /** Nothing here can make it. */
  | 'unavailable';

/** A file's place, chosen and written down before the file is put there. */
export interface Target {
  readonly uri: string;
  readonly sha256: string;
}

/** What a finished image is. */
export interface SavedImage {
  readonly uri: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly width: number;
  readonly height: number;
}
