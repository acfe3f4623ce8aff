import * as vscode from 'vscode';
import { type AppError, cancelled, type ErrorCode, toAppError } from '../../appError.ts';
import { LocalizedError } from '../../editor/errors/localizedError.ts';
import { fillIn } from '../../editor/say/fillIn.ts';
import { displayPath } from '../../editor/files/workspaceFiles.ts';
import { ConversionError, type ConversionProblem } from '../../images/convert/conversionError.ts';
import { formatNames, type OutputFormat } from '../../images/convert/outputFormat.ts';

const codes: Readonly<Record<ConversionProblem, ErrorCode>> = {
  notWhole: 'badImage',
  undecodable: 'badImage',
  needsBrowser: 'badImage',
  animated: 'badRequest',
  tooLarge: 'tooLarge',
  tooSlow: 'timeout',
  unencodable: 'badRequest',
};

/** A conversion that failed, in one sentence; other failures stay what they are. */
export function toConversionFailure(
  thrown: unknown,
  source: vscode.Uri,
  format: OutputFormat,
  signal: AbortSignal,
): AppError {
  if (signal.aborted) return cancelled(thrown);
  if (thrown instanceof ConversionError) {
    const { problem } = thrown;
    return new LocalizedError(codes[problem], sentence(problem, source, format), undefined, thrown);
  }
  if (thrown instanceof vscode.FileSystemError) {
    const text = fillIn(vscode.l10n.t('{0} cannot be read.'), displayPath(source));
    return new LocalizedError('badImage', text, undefined, thrown);
  }
  return toAppError(thrown);
}

function sentence(problem: ConversionProblem, source: vscode.Uri, format: OutputFormat): string {
  const name = displayPath(source);
  switch (problem) {
    case 'notWhole':
      return fillIn(vscode.l10n.t('{0} is not a whole image, and cannot be converted.'), name);
    case 'undecodable':
    case 'needsBrowser':
      return fillIn(vscode.l10n.t('The pixels of {0} cannot be read here.'), name);
    case 'animated':
      return fillIn(vscode.l10n.t('{0} is animated; only still images can be converted.'), name);
    case 'tooLarge':
      return fillIn(vscode.l10n.t('{0} is too large to be converted.'), name);
    case 'tooSlow':
      return fillIn(vscode.l10n.t('Converting {0} took too long, and was given up.'), name);
    case 'unencodable':
      return format === 'avif'
        ? vscode.l10n.t('This editor cannot write AVIF. Choose WebP, which is nearly as small.')
        : fillIn(vscode.l10n.t('{0} cannot be written as {1}.'), name, formatNames[format]);
  }
}
