import type * as vscode from 'vscode';
import type { ApiKey } from '../editor/apiKey.ts';
import type { JobActions } from '../editor/jobUi/jobActions.ts';
import type { Log } from '../editor/log.ts';
import type { Client } from '../evolink/client.ts';
import type { Engine } from '../jobs/engine.ts';
import type { Job } from '../jobs/job.ts';
import type { Store } from '../jobs/store/store.ts';

/** A request of the Studio: several images of one prompt. */
export interface StudioOrder {
  prompt: string;
  size: string;
  quality: string;
  count: number;
  references: readonly string[];
  /** The folder chosen instead of the one of the settings. */
  folder?: vscode.Uri;
}

/** What the Studio may use. */
export interface StudioDeps {
  engine: Engine;
  gallery: Store['gallery'];
  client: Pick<Client, 'credits'>;
  apiKey: Pick<ApiKey, 'read' | 'onDidChange'>;
  actions: JobActions;
  log: Log;
  /** Keeps the draft, for this workspace. */
  memento: vscode.Memento;
  extensionUri: vscode.Uri;
  /** A folder of this machine for small images, pasted ones, and copies of deleted ones. */
  folder: string;
  /** Submits a request. @throws LocalizedError before anything is submitted */
  order: (order: StudioOrder) => Promise<Job[]>;
  /** Asks the user for images. @returns their URIs or web addresses */
  chooseImages: (maxImages: number) => Promise<string[]>;
}
