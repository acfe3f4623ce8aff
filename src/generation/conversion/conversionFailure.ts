import * as vscode from 'vscode';
import { type AppError, cancelled, type ErrorCode, toAppError } from '../../appError.ts';
import { LocalizedError } from '../../editor/errors/localizedError.ts';
import { fillIn, nested } from '../../editor/say/fillIn.ts';
import { displayPath } from '../../editor/files/workspaceFiles.ts';
import { ConversionError, type ConversionProblem } from '../../images/convert/conversionError.ts';
import type { SavedJob } from '../../jobs/job.ts';
import type { ConversionFault } from '../../jobs/resultFiles.ts';
import {
  formatNames,
  isOutputFormat,
  type OutputFormat,
} from '../../images/convert/outputFormat.ts';

/** Why a file was not made of a result, which is saved as it came. */
export function unconvertedMessage(job: SavedJob): string {
  const { uri, destination, conversionFault = 'unavailable' } = job;
  const sentence = sentenceOf(conversionFault, displayPath(uri), destination.conversion?.format);
  return fillIn(vscode.l10n.t('{0} It is saved as it came.'), nested(sentence));
}

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
    return new LocalizedError(
      codes[problem],
      sentenceOf(problem, displayPath(source), format),
      undefined,
      thrown,
    );
  }
  if (thrown instanceof vscode.FileSystemError) {
    const text = fillIn(vscode.l10n.t('{0} cannot be read.'), displayPath(source));
    return new LocalizedError('badImage', text, undefined, thrown);
  }
  return toAppError(thrown);
}

function sentenceOf(
  problem: ConversionFault,
  name: string,
  format: OutputFormat | undefined,
): string {
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
    case 'interrupted':
      return fillIn(
        vscode.l10n.t(
          'The editor ended each time that {0} was converted, so it is not tried again.',
        ),
        name,
      );
    case 'unwritable':
      return fillIn(vscode.l10n.t('The file that was made of {0} cannot be written.'), name);
    case 'unavailable':
      return unavailable(name);
    case 'unencodable':
      // A later version may have asked for a format that this one does not know.
      return isOutputFormat(format)
        ? fillIn(vscode.l10n.t('{0} cannot be written as {1}.'), name, formatNames[format])
        : unavailable(name);
  }
}

function unavailable(name: string): string {
  return fillIn(vscode.l10n.t('Nothing here can convert {0}.'), name);
}
