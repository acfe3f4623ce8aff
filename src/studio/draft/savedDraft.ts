import { type Draft, parseDraft } from '../../shared/studio/draft.ts';
import { emptyDraft, modelOf } from '../state.ts';
import type { StudioDeps } from '../studioDeps.ts';
import { fitDraft } from './fitDraft.ts';

/** The draft of this workspace, in its memento. */
export interface SavedDraft {
  read: () => Draft;
  /** @returns whether it is newer than the one that was kept before */
  keep: (draft: Draft) => boolean;
}

const draftKey = 'studio.draft';

/**
 * `onOtherFolder` is called when the draft's folder changes, `onOtherReferences` with its references
 * when they do.
 */
export function createSavedDraft(
  { memento, workplace }: Pick<StudioDeps, 'memento' | 'workplace'>,
  onOtherFolder: () => void,
  onOtherReferences: (references: readonly string[]) => void,
): SavedDraft {
  function read(): Draft {
    const empty = emptyDraft(workplace);
    const draft = parseDraft({ ...empty, ...memento.get<object>(draftKey) }) ?? empty;
    // The models and the settings may have changed since.
    return fitDraft(modelOf(draft, workplace), draft);
  }

  return {
    read,
    keep(draft) {
      const last = read();
      // A reloaded page may send a draft older than one it sent before.
      if (draft.writtenAt < last.writtenAt) return false;
      void memento.update(draftKey, draft);
      if (draft.folderUri !== last.folderUri) onOtherFolder();
      if (draft.references.join('\n') !== last.references.join('\n'))
        onOtherReferences(draft.references);
      return true;
    },
  };
}
