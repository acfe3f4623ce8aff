import type { Log } from '../../editor/log.ts';
import { fileMoves, type FileMove } from '../../jobs/imageFiles/fileMoves.ts';
import type { ImageFiles } from '../../jobs/imageFiles/imageFiles.ts';
import type { StudioPage } from '../studioPage.ts';
import type { SavedDraft } from '../draft/savedDraft.ts';
import { draftAfterMoves } from '../draft/draftAfterMoves.ts';

export interface FollowedFiles {
  /** Files and folders were renamed or moved in the editor, at the same time. */
  moved: (moves: readonly FileMove[]) => Promise<void>;
}

export interface FollowFilesContext {
  log: Log;
  imageFiles: ImageFiles;
  /** The draft as it is kept. */
  draft: SavedDraft;
  forEachPage: (call: (page: StudioPage) => void) => void;
}

/** What the editor does with files is done to jobs, to the draft, and to what the pages show. */
export function followFiles({
  log,
  imageFiles,
  draft,
  forEachPage,
}: FollowFilesContext): FollowedFiles {
  async function moved(moves: readonly FileMove[]): Promise<void> {
    const places = fileMoves(moves);
    const after = draftAfterMoves(draft.read(), places);
    if (after) draft.keep(after);
    forEachPage((page) => page.filesMoved(places));
    try {
      await imageFiles.moved(moves);
    } catch (thrown) {
      // Found by their content when they are looked for.
      log.error(`Files that moved could not be followed: ${String(thrown)}`);
    }
    forEachPage((page) => page.galleryChanged());
  }

  return { moved };
}
