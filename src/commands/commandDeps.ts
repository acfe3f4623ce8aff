import type * as vscode from 'vscode';
import type { JobActions } from '../editor/jobUi/jobActions.ts';
import type { ListUnknownTasks } from '../editor/jobUi/unknownTasks.ts';
import type { Client } from '../evolink/client.ts';
import type { History } from '../jobs/history.ts';
import type { GenerationResult } from '../generation/generationResult.ts';
import type { GenerationDeps } from '../generation/generationDeps.ts';

/** What a command may use. */
export interface CommandDeps extends GenerationDeps {
  client: Client;
  actions: JobActions;
  unknownTasks: ListUnknownTasks;
  history: History;
  /** The image that the link at the cursor leads to. */
  imageAtCursor: () => Promise<vscode.Uri | undefined>;
  /** Links images in a text. The arguments are parsed there. */
  insertImage: (...given: unknown[]) => Promise<void>;
  /** Links the files of one image at the cursor; where a language takes one alone, the last. */
  insertFilesOfImage: (files: readonly vscode.Uri[]) => Promise<void>;
  /** Makes the images that are missing in a document. The arguments are parsed there. */
  generateMissing: (document?: unknown, which?: unknown) => Promise<GenerationResult>;
  /** Shows the Studio, with images for its tray. */
  showStudio: (uris: readonly vscode.Uri[]) => void;
  showStudioInSideBar: () => Promise<void>;
}

/** A command, given what it may use. Its arguments come from anywhere, so they are unknown. */
export type Command = (deps: CommandDeps, ...args: unknown[]) => unknown;
