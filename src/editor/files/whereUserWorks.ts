/** What an editor in front shows. */
export type InFront<Uri> =
  /** A text or notebook. One that was never saved has no `uri`. */
  | { kind: 'document'; uri?: Uri }
  /** An image, or another file that no text is about. */
  | { kind: 'file'; uri: Uri }
  /** A page such as the Studio or a preview, a terminal, or nothing. */
  | { kind: 'page' };

/** Where the user works. */
export interface Place<Uri, Folder> {
  /** The text or notebook that variables of settings speak of. */
  document?: Uri;
  /** Undefined when no workspace folder is open. */
  folder?: Folder;
}

export interface PlaceFacts<Uri, Folder> {
  inFront: InFront<Uri>;
  /** The document that was in front last, as long as it is open. */
  lastDocument?: Uri | undefined;
  /** The folder that the user was in before; kept when its document is closed. */
  lastFolder?: Folder | undefined;
  folders: readonly Folder[];
  folderOf: (uri: Uri) => Folder | undefined;
}

/**
 * Where the user works: in the document in front. Who looks at an image or a page works in the last
 * document still, unless the image is of another folder.
 */
export function whereUserWorks<Uri, Folder>(facts: PlaceFacts<Uri, Folder>): Place<Uri, Folder> {
  const { inFront, lastDocument, folders, folderOf } = facts;
  const home = lastDocument && folderOf(lastDocument);
  const lastFolder = home ?? facts.lastFolder;
  const known = lastFolder && folders.includes(lastFolder) ? lastFolder : folders[0];
  const here = inFront.kind === 'page' || !inFront.uri ? undefined : folderOf(inFront.uri);
  const folder = here ?? known;
  const isElsewhere = home !== undefined && home !== folder;
  const last = inFront.kind === 'document' || isElsewhere ? undefined : lastDocument;
  const document = inFront.kind === 'document' ? inFront.uri : last;
  return { ...(document && { document }), ...(folder && { folder }) };
}
