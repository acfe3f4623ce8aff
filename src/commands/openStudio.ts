import * as vscode from 'vscode';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { maxReferenceUris } from '../shared/limits.ts';
import type { CommandDeps } from './commandDeps.ts';

/** Opens the Studio; images given are put into its tray. The explorer gives one, and all selected. */
export function openStudio({ showStudio }: CommandDeps, ...given: unknown[]): void {
  const [resource, selected] = given;
  const all = Array.isArray(selected) ? (selected as unknown[]) : given;
  const uris = all.filter((uri) => uri instanceof vscode.Uri);
  const isOther = (uri: unknown) =>
    !(uri === undefined || uri === null || uri instanceof vscode.Uri);
  if (all.some(isOther) || isOther(resource))
    throw new LocalizedError(
      'badRequest',
      vscode.l10n.t('Only images by their Uri can be referred to.'),
    );
  showStudio(uris.slice(0, maxReferenceUris));
}
