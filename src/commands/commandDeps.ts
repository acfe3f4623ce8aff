import type * as vscode from 'vscode';
import type { ApiKey } from '../editor/apiKey.ts';
import type { ConversionPlace } from '../generation/references/convertReference.ts';
import type { JobActions } from '../editor/jobUi/jobActions.ts';
import type { Log } from '../editor/log.ts';
import type { Client } from '../evolink/client.ts';
import type { Engine } from '../jobs/engine.ts';

/** What a command may use. */
export interface CommandDeps {
  engine: Engine;
  client: Client;
  apiKey: ApiKey;
  actions: JobActions;
  log: Log;
  conversion: ConversionPlace;
  /** Whether a reference has no address yet that the provider could fetch. */
  needsUpload: (reference: string) => Promise<boolean>;
  /** Small choices remembered for this workspace. */
  memento: vscode.Memento;
  /** Shows the Studio, with images for its tray. */
  showStudio: (uris: readonly vscode.Uri[]) => void;
}

/** A command, given what it may use. Its arguments come from anywhere, so they are unknown. */
export type Command = (deps: CommandDeps, ...args: unknown[]) => unknown;
