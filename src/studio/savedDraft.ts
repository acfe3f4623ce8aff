import type * as vscode from 'vscode';
import type { Draft } from '../shared/studioProtocol.ts';
import { emptyDraft } from './state.ts';

/** What is being written, kept for this workspace. */
export interface SavedDraft {
  read: () => Draft;
  keep: (draft: Draft) => void;
}

const draftKey = 'studio.draft';

/** `onOtherFolder` is told when images are to be saved elsewhere from now on. */
export function createSavedDraft(memento: vscode.Memento, onOtherFolder: () => void): SavedDraft {
  function read(): Draft {
    return { ...emptyDraft(), ...memento.get<Draft>(draftKey) };
  }

  return {
    read,
    keep(draft) {
      const last = read();
      // A page that was reloaded may bring one that is older than what it told before.
      if (draft.writtenAt < last.writtenAt) return;
      void memento.update(draftKey, draft);
      if (draft.folderUri !== last.folderUri) onOtherFolder();
    },
  };
}
