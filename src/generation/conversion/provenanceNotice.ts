import * as vscode from 'vscode';
import { displayPath } from '../../editor/files/workspaceFiles.ts';
import { fillIn } from '../../editor/say/fillIn.ts';
import { inform } from '../../editor/say/notifications.ts';

const toldKey = 'conversion.provenanceTold';

/** Tells a user once, on this machine, that converted images carry no signed record of their origin. */
export function createProvenanceNotice(
  memento: vscode.Memento,
): (source: vscode.Uri | string) => void {
  return (source) => {
    if (memento.get(toldKey) === true) return;
    void memento.update(toldKey, true);
    const text = fillIn(
      vscode.l10n.t(
        '{0} carries a signed record of its origin (Content Credentials). A converted image cannot carry it, so keep the original where that matters.',
      ),
      displayPath(source),
    );
    void inform(text);
  };
}
