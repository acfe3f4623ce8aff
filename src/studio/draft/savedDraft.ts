import { type Draft, parseDraft } from '../../shared/studio/draft.ts';
import { emptyDraft, modelOf } from '../state.ts';
import type { StudioDeps } from '../studioDeps.ts';
import { fitDraft } from './fitDraft.ts';
import type { SharedDraft } from './sharedDraft.ts';

/** The draft of this workspace: in its memento, and in a file that its other windows read. */
export interface SavedDraft {
  read: () => Draft;
  /** @returns whether it is newer than the one that was kept before */
  keep: (draft: Draft) => boolean;
}

const draftKey = 'studio.draft';

/** As this window kept it last. */
export function draftInMemento(memento: Pick<StudioDeps['memento'], 'get'>): object | undefined {
  return memento.get<object>(draftKey);
}

/**
 * `onOtherFolder` is called when the draft's folder changes, `onOtherReferences` with its references
 * when they do.
 */
export function createSavedDraft(
  { memento, workplace }: Pick<StudioDeps, 'memento' | 'workplace'>,
  shared: Pick<SharedDraft, 'latest' | 'write'>,
  onOtherFolder: () => void,
  onOtherReferences: (references: readonly string[]) => void,
): SavedDraft {
  function read(): Draft {
    const empty = emptyDraft(workplace);
    const own = parseDraft({ ...empty, ...draftInMemento(memento) }) ?? empty;
    const latest = shared.latest();
    const draft = latest && latest.writtenAt > own.writtenAt ? latest : own;
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
      void shared.write(draft);
      if (draft.folderUri !== last.folderUri) onOtherFolder();
      if (draft.references.join('\n') !== last.references.join('\n'))
        onOtherReferences(draft.references);
      return true;
    },
  };
}
