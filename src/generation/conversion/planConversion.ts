import { posix } from 'node:path';
import * as vscode from 'vscode';
import { LocalizedError } from '../../editor/errors/localizedError.ts';
import { isFolder } from '../../editor/files/workspaceFiles.ts';
import { fillIn, nested } from '../../editor/say/fillIn.ts';
import { readOutputQuality, readResultConversion } from '../../editor/settings.ts';
import {
  extensionOfFormat,
  formatOfExtension,
  maxWidthPx,
  type OutputFormat,
  outputFormats,
} from '../../images/convert/outputFormat.ts';
import { maxWidths } from '../../images/convert/srcset.ts';
import { extensionOf } from '../../images/imageExtensions.ts';
import type { ConversionOptions } from '../../requests/conversionSchema.ts';
import { fileNameOfOutput } from '../../requests/outputRules.ts';

/** What is to be made of one image. */
export interface ConversionPlan {
  source: vscode.Uri;
  /** See `ConvertOrder`. */
  target: vscode.Uri;
  format: OutputFormat;
  quality: number;
  /** Undefined for its own width. */
  widths: readonly (number | undefined)[];
  isHashed: boolean;
  isSet: boolean;
}

/** What cannot be written, as a drawing or an animation, becomes what loses nothing. */
const otherFormat: OutputFormat = 'png';

/**
 * What the options mean for each image, with the settings of its folder where they say nothing.
 * @throws LocalizedError `badRequest` for an option or a setting that cannot be used
 */
export async function planConversions(
  sources: readonly vscode.Uri[],
  options: ConversionOptions<vscode.Uri>,
): Promise<ConversionPlan[]> {
  const { output, maxWidth, widths, hash = false } = options;
  const isFile =
    output !== undefined &&
    fileNameOfOutput(output.path) !== undefined &&
    !(await isFolder(output));
  const named = isFile ? formatOfExtension(extensionOf(output.path)) : undefined;
  if (isFile && (sources.length > 1 || !named)) throw wrongOption('output');
  return sources.map((source) => ({
    source,
    target: isFile || !output ? (output ?? source) : inFolder(output, source),
    format:
      options.format ??
      named ??
      readResultConversion(source)?.format ??
      formatOfExtension(extensionOf(source.path)) ??
      otherFormat,
    quality: options.quality ?? readOutputQuality(source),
    widths: widths ?? [maxWidth],
    isHashed: hash,
    isSet: widths !== undefined,
  }));
}

function inFolder(folder: vscode.Uri, source: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(folder, posix.basename(source.path));
}

/** @param field its path, such as `widths.0`; empty when all of the options are wrong */
export function wrongOption(field: string): LocalizedError {
  const [name = ''] = field.split('.');
  const allowed = allowedAs(name);
  const text = allowed
    ? fillIn(vscode.l10n.t('The option {0} of a conversion must be {1}.'), name, nested(allowed))
    : vscode.l10n.t('The options of a conversion must be an object.');
  return new LocalizedError('badRequest', text);
}

function allowedAs(name: string): string | undefined {
  switch (name) {
    case 'format':
      return fillIn(vscode.l10n.t('one of {0}'), outputFormats.join(', '));
    case 'quality':
      return fillIn(vscode.l10n.t('a whole number from {0} to {1}'), 1, 100);
    case 'maxWidth':
      return fillIn(vscode.l10n.t('a whole number from {0} to {1}'), 1, maxWidthPx);
    case 'widths':
      return fillIn(
        vscode.l10n.t('a list of 1 to {0} whole numbers from 1 to {1}'),
        maxWidths,
        maxWidthPx,
      );
    case 'hash':
      return vscode.l10n.t('true or false');
    case 'output':
      return fillIn(
        vscode.l10n.t('the Uri of a folder or, for one image, of a file that ends in {0}'),
        outputFormats.map(extensionOfFormat).join(', '),
      );
    default:
      return undefined;
  }
}
