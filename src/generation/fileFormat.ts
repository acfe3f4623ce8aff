import { posix } from 'node:path';
import * as vscode from 'vscode';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import type { ModelRow } from '../evolink/models/modelRow.ts';
import { findModel } from '../evolink/models/shippedModels.ts';
import { drawnType, extensionOf } from '../images/imageExtensions.ts';
import type { ImageRequest } from '../requests/imageRequest.ts';

/**
 * A request for the very file, in the format that its name says: asked of the model where that has
 * several, and PNG otherwise. @throws LocalizedError for a format in which the model does not draw.
 */
export function inFormatOf<Request extends ImageRequest>(
  file: vscode.Uri | undefined,
  request: Request,
  rows: readonly ModelRow[],
): Request {
  const row = findModel(request.model, rows);
  // The check refuses a model that there is not.
  if (!file || !row) return request;
  const type = drawnType(extensionOf(file.path));
  const format = type === 'jpg' ? 'jpeg' : type;
  if (row.outputFormats && format && row.outputFormats.includes(format))
    return { ...request, outputFormat: format };
  if (!row.outputFormats && format === 'png') return request;
  throw new LocalizedError(
    'badRequest',
    fillIn(
      vscode.l10n.t(
        '{0} does not draw in the format of {1}. Choose another model, such as {2}, or let the link lead to a PNG.',
      ),
      row.id,
      posix.basename(file.path),
      rows.find(({ outputFormats }) => format && outputFormats?.includes(format))?.id ?? '–',
    ),
  );
}
