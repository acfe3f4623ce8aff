import { Disposable, languages } from 'vscode';
import { draggedImages } from '../shared/draggedImages.ts';
import {
  chosen,
  dropEdits,
  editKind,
  insertKind,
  pasteEdits,
  uriList,
  type PlaceImages,
} from './dropAndPaste.ts';

/** Images that are dropped or pasted into texts can be linked there, or edited when they are pasted. */
export function registerDropAndPaste(placeImages: PlaceImages): Disposable {
  return Disposable.from(
    languages.registerDocumentDropEditProvider(
      '*',
      {
        provideDocumentDropEdits: (...asked) => dropEdits(placeImages, ...asked),
      },
      { dropMimeTypes: [draggedImages, uriList], providedDropEditKinds: [insertKind] },
    ),
    languages.registerDocumentPasteEditProvider(
      '*',
      {
        provideDocumentPasteEdits: (document, ranges, data, _context, token) =>
          pasteEdits(placeImages, document, ranges, data, token),
        resolveDocumentPasteEdit: chosen,
      },
      { pasteMimeTypes: [uriList], providedPasteEditKinds: [insertKind, editKind] },
    ),
  );
}
