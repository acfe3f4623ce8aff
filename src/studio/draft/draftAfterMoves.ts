import type { FileMoves } from '../../jobs/imageFiles/fileMoves.ts';
import type { Draft } from '../../shared/studio/draft.ts';

/** A draft with its references and its folder where they are now; undefined when none moved. */
export function draftAfterMoves(draft: Draft, moves: FileMoves): Draft | undefined {
  const references = draft.references.map((each) => moves.placeOf(each) ?? each);
  const folderUri = draft.folderUri === undefined ? undefined : moves.placeOf(draft.folderUri);
  const areMoved = references.some((each, index) => each !== draft.references[index]);
  if (!areMoved && folderUri === undefined) return undefined;
  const { following } = draft;
  const source = following?.source;
  return {
    ...draft,
    references,
    ...(folderUri !== undefined && { folderUri }),
    ...(following &&
      source !== undefined && {
        following: { ...following, source: moves.placeOf(source) ?? source },
      }),
    writtenAt: Math.max(Date.now(), draft.writtenAt + 1),
  };
}
