import type { TextDocument, Uri } from 'vscode';
import type { TextPlace, TextPlaces } from '../editor/files/textPlaces.ts';

/** What can be done with images in the user's texts, each after a click. */
export interface ImagesInTexts {
  places: Pick<TextPlaces, 'here' | 'at' | 'release' | 'keep' | 'of'>;
  /** Links images where they were ordered from; without a place, at the cursor. */
  insert: (images: readonly Uri[], place: TextPlace | undefined) => Promise<void>;
  /** A text that the user has open, and that links to an image: `first` before others. */
  openTextWith: (image: Uri, first: Uri | undefined) => Promise<TextDocument | undefined>;
  /** Lets the links of one image in a text lead to another. */
  replaceIn: (document: TextDocument, image: Uri, other: Uri) => Promise<void>;
  /** The same in all files of the workspace, after a preview. */
  replaceEverywhere: (image: Uri, other: Uri) => Promise<void>;
}
