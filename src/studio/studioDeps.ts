import type * as vscode from 'vscode';
import type { JobActions } from '../editor/jobUi/jobActions.ts';
import type { MissingImages } from '../editor/files/missingImages.ts';
import type { Workplace } from '../editor/files/workplace.ts';
import type { Client } from '../evolink/client.ts';
import type { GenerationDeps } from '../generation/generationDeps.ts';
import type { ImageFiles } from '../jobs/imageFiles/imageFiles.ts';
import type { Store } from '../jobs/store/store.ts';

/** What the Studio may use. */
export interface StudioDeps extends GenerationDeps {
  gallery: Store['gallery'];
  imageFiles: ImageFiles;
  missingImages: Pick<MissingImages, 'isMissing'>;
  workplace: Workplace;
  client: Pick<Client, 'credits'>;
  actions: JobActions;
  extensionUri: vscode.Uri;
  /** A folder of this machine for small images, pasted ones, and copies of deleted ones. */
  folder: string;
  /** Called when images were removed from the history, in this window or another. */
  onDidClearHistory: (listener: () => void) => () => void;
  /** Tells the draft of this workspace from those of others; see `draftId`. */
  draftId: string;
  /** Notes which of our own files the draft of this workspace uses, so that they are kept. */
  noteDraft: (references: readonly string[]) => void;
}
