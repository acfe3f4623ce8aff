import { posix } from 'node:path';
import * as vscode from 'vscode';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import type { ModelRow } from '../evolink/models/modelRow.ts';
import { findModel } from '../evolink/models/shippedModels.ts';
import { formatOfExtension } from '../images/convert/outputFormat.ts';
import { extensionOf } from '../images/imageExtensions.ts';
import type { ImageRequest } from '../requests/imageRequest.ts';

/**
 * A request for the very file, in the format that its name says: asked of the model where that has
 * several; else the result is converted.
 * @param isLinked whether a link leads to the file, and no caller named it
 * @throws LocalizedError for a format that is not written here
 */
export function inFormatOf<Request extends ImageRequest>(
  file: vscode.Uri | undefined,
  request: Request,
  rows: readonly ModelRow[],
  isLinked: boolean,
): Request {
  const row = findModel(request.model, rows);
  // The check refuses a model that there is not.
  if (!file || !row) return request;
  const format = formatOfExtension(extensionOf(file.path));
  if (!format) throw notWritten(posix.basename(file.path), isLinked);
  const { outputFormats: known = [] } = row;
  // The check refuses a format that the model has not.
  const { outputFormat } = request;
  const isKnown = outputFormat === undefined || known.some((each) => each === outputFormat);
  return isKnown && known.includes(format) ? { ...request, outputFormat: format } : request;
}

function notWritten(name: string, isLinked: boolean): LocalizedError {
  const sentence = isLinked
    ? fillIn(
        vscode.l10n.t(
          'No image is made in the format of {0}. Let the link lead to a PNG, JPEG or WebP.',
        ),
        name,
      )
    : fillIn(
        vscode.l10n.t('No image is made in the format of {0}. Name a PNG, JPEG or WebP.'),
        name,
      );
  return new LocalizedError('badRequest', sentence);
}
