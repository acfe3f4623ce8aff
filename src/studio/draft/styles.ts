import * as vscode from 'vscode';
import { settingsPrefix } from '../../editor/contributions.ts';
import type { Style } from '../../shared/studio/draft.ts';
import { parseStyles } from './parseStyles.ts';

/** In the workspace's settings by name, so that a team shares them. */
export function readStyles(): Style[] {
  return parseStyles(vscode.workspace.getConfiguration(settingsPrefix).get<unknown>('styles'));
}

/** Adds or replaces a style; without `texts` removes it. */
export async function writeStyle(name: string, texts: Omit<Style, 'name'> | undefined) {
  const configuration = vscode.workspace.getConfiguration(settingsPrefix);
  const hasWorkspace = vscode.workspace.workspaceFolders !== undefined;
  const inspected = configuration.inspect<Record<string, unknown>>('styles');
  // A style is removed where it is set.
  const isWorkspaces =
    hasWorkspace && (texts !== undefined || name in (inspected?.workspaceValue ?? {}));
  const { Workspace, Global } = vscode.ConfigurationTarget;
  const before = isWorkspaces ? inspected?.workspaceValue : inspected?.globalValue;
  const { [name]: _, ...others } = before ?? {};
  const next = texts === undefined ? others : { ...others, [name]: texts };
  const isEmpty = Object.keys(next).length === 0;
  await configuration.update(
    'styles',
    isEmpty ? undefined : next,
    isWorkspaces ? Workspace : Global,
  );
}

/** A prompt with the texts of a style around it. */
export function withStyle(prompt: string, style: Style | undefined): string {
  return [style?.before, prompt, style?.after]
    .map((part) => part?.trim() ?? '')
    .filter((part) => part !== '')
    .join(' ');
}
