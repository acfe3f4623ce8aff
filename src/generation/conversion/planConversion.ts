import { posix } from 'node:path';
import * as vscode from 'vscode';
import { LocalizedError } from '../../editor/errors/localizedError.ts';
import { isFolder } from '../../editor/files/workspaceFiles.ts';
import { fillIn } from '../../editor/say/fillIn.ts';
import { readOutputQuality, readResultConversion } from '../../editor/settings.ts';
import { formatOfExtension, type OutputFormat } from '../../images/convert/outputFormat.ts';
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

/** @param field empty when all of the options are wrong */
export function wrongOption(field: string): LocalizedError {
  const text = field
    ? fillIn(vscode.l10n.t('The option {0} of a conversion cannot be used.'), field)
    : vscode.l10n.t('The options of a conversion cannot be used.');
  return new LocalizedError('badRequest', text);
}
