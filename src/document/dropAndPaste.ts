import {
  commands,
  DocumentDropEdit,
  DocumentDropOrPasteEditKind,
  DocumentPasteEdit,
  l10n,
  type CancellationToken,
  type DataTransfer,
  type Position,
  type Range,
  type TextDocument,
  Uri,
  type WorkspaceEdit,
} from 'vscode';
import { canChange } from '../editor/files/documentFile.ts';
import { hasExtension, imageExtensions } from '../images/imageExtensions.ts';
import { draggedImages, maxDraggedImages } from '../shared/draggedImages.ts';

/**
 * Links images at a position of a text, as Insert does. @param isChosen whether a user has chosen that,
 * and is told why it cannot be done
 */
export type PlaceImages = (
  document: TextDocument,
  position: Position,
  images: readonly Uri[],
  isChosen: boolean,
) => Promise<WorkspaceEdit | undefined>;

const maxListChars = 100_000;
const momentMs = 3_000;
/** How files are named that are dragged or copied. */
export const uriList = 'text/uri-list';
export const insertKind = DocumentDropOrPasteEditKind.Empty.append('imageStudio', 'insert');
export const editKind = DocumentDropOrPasteEditKind.Empty.append('imageStudio', 'edit');
/** What the editor, or another extension, does with files comes first. */
const others = [
  DocumentDropOrPasteEditKind.Text,
  ...['uri', 'markdown', 'html', 'css'].map((kind) =>
    DocumentDropOrPasteEditKind.Empty.append(kind),
  ),
];

/** What becomes of an edit when a user has chosen it. */
type Chosen = () => Promise<WorkspaceEdit | undefined>;
/** The editor keeps the edits, and hands back the one that was chosen. */
const chosenEdits = new WeakMap<DocumentPasteEdit, Chosen>();

/**
 * Images can be linked that are dropped from the explorer, after what the editor offers; those dragged
 * out of the Studio are linked at once. The editor tells nobody what was chosen of what is dropped, so
 * the link is written before; what else is offered does not wait for it longer than a moment.
 */
export async function dropEdits(
  placeImages: PlaceImages,
  document: TextDocument,
  position: Position,
  data: DataTransfer,
  token: CancellationToken,
): Promise<DocumentDropEdit | undefined> {
  const images = await imagesOf(data, document, token);
  if (images.length === 0) return undefined;
  const isOurs = data.get(draggedImages) !== undefined;
  const additionalEdit = await withinMoment(placeImages(document, position, images, isOurs));
  if (!additionalEdit) return undefined;
  const insert = new DocumentDropEdit('', insertTitle(), insertKind);
  insert.additionalEdit = additionalEdit;
  if (!isOurs) insert.yieldTo = others;
  return insert;
}

/** @returns undefined when it takes longer, or fails */
async function withinMoment<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), momentMs);
  });
  try {
    return await Promise.race([work, over]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** Images that are pasted can be linked, or edited. Nothing that is selected is replaced. */
export async function pasteEdits(
  placeImages: PlaceImages,
  document: TextDocument,
  [range]: readonly Range[],
  data: DataTransfer,
  token: CancellationToken,
): Promise<DocumentPasteEdit[] | undefined> {
  const images = range ? await imagesOf(data, document, token) : [];
  if (!range || images.length === 0) return undefined;
  const insert = new DocumentPasteEdit('', insertTitle(), insertKind);
  chosenEdits.set(insert, () => placeImages(document, range.end, images, true));
  insert.yieldTo = others;
  const edit = new DocumentPasteEdit('', editTitle(), editKind);
  chosenEdits.set(edit, () => editImages(images));
  edit.yieldTo = [...others, insertKind];
  return [insert, edit];
}

/** The editor asks this of what a user has chosen, and only of that. */
export async function chosen(edit: DocumentPasteEdit): Promise<DocumentPasteEdit> {
  const additionalEdit = await chosenEdits.get(edit)?.();
  if (additionalEdit) edit.additionalEdit = additionalEdit;
  return edit;
}

const insertTitle = () => l10n.t('Insert with Image Studio');
const editTitle = () => l10n.t('Edit with Image Studio…');

/** The editor need not wait until the image is made. */
function editImages(images: readonly Uri[]): Promise<undefined> {
  const [first] = images;
  void commands.executeCommand('imageStudio.edit', first, images);
  return Promise.resolve(undefined);
}

/** The images that are dropped or pasted; none when something else is among them. */
async function imagesOf(
  data: DataTransfer,
  document: TextDocument,
  token: CancellationToken,
): Promise<Uri[]> {
  if (!canChange(document.uri)) return [];
  const given = data.get(draggedImages) ?? data.get(uriList);
  const list = (await given?.asString()) ?? '';
  return token.isCancellationRequested || list.length > maxListChars ? [] : imagesIn(list);
}

function imagesIn(list: string): Uri[] {
  const lines = list.split(/\r?\n/);
  const uris = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (uris.length > maxDraggedImages || !uris.every((uri) => /^[a-z][\w+.-]*:/i.test(uri)))
    return [];
  const parsed = uris.map((uri) => Uri.parse(uri));
  const isImage = ({ scheme, path }: Uri) =>
    !/^(?:https?|data)$/.test(scheme) && hasExtension(path, imageExtensions);
  return parsed.every(isImage) ? parsed : [];
}
