import type * as vscode from 'vscode';
import { type Draft, parseDraft } from '../../shared/studioProtocol.ts';
import { emptyDraft } from '../state.ts';

/** The draft of this workspace, in its memento. */
export interface SavedDraft {
  read: () => Draft;
  keep: (draft: Draft) => void;
}

const draftKey = 'studio.draft';

/**
 * `onOtherFolder` is called when the draft's folder changes, `onOtherReferences` with its references
 * when they do.
 */
export function createSavedDraft(
  memento: vscode.Memento,
  onOtherFolder: () => void,
  onOtherReferences: (references: readonly string[]) => void,
): SavedDraft {
  function read(): Draft {
    const empty = emptyDraft();
    return parseDraft({ ...empty, ...memento.get<object>(draftKey) }) ?? empty;
  }

  return {
    read,
    keep(draft) {
      const last = read();
      // A reloaded page may send a draft older than one it sent before.
      if (draft.writtenAt < last.writtenAt) return;
      void memento.update(draftKey, draft);
      if (draft.folderUri !== last.folderUri) onOtherFolder();
      if (draft.references.join('\n') !== last.references.join('\n'))
        onOtherReferences(draft.references);
    },
  };
}
