import * as v from 'valibot';
import * as vscode from 'vscode';
import { settingsPrefix } from '../editor/contributions.ts';
import type { Style } from '../shared/studioProtocol.ts';

/** Kept by name in the workspace's settings, so that a team shares them. */
const stylesSchema = v.record(
  v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(60)),
  v.object({ before: v.optional(v.string()), after: v.optional(v.string()) }),
);

export function readStyles(): Style[] {
  const parsed = v.safeParse(
    stylesSchema,
    vscode.workspace.getConfiguration(settingsPrefix).get<unknown>('styles'),
  );
  if (!parsed.success) return [];
  return Object.entries(parsed.output).map(([name, words]) => ({ name, ...words }));
}

/** Adds or replaces one; without `words` takes it away. */
export async function writeStyle(name: string, words: Omit<Style, 'name'> | undefined) {
  const configuration = vscode.workspace.getConfiguration(settingsPrefix);
  const hasWorkspace = vscode.workspace.workspaceFolders !== undefined;
  const inspected = configuration.inspect<Record<string, unknown>>('styles');
  // Where it is now is where it is changed.
  const isWorkspaces =
    hasWorkspace && (words !== undefined || name in (inspected?.workspaceValue ?? {}));
  const { Workspace, Global } = vscode.ConfigurationTarget;
  const before = isWorkspaces ? inspected?.workspaceValue : inspected?.globalValue;
  const { [name]: _, ...others } = before ?? {};
  const next = words === undefined ? others : { ...others, [name]: words };
  const isEmpty = Object.keys(next).length === 0;
  await configuration.update(
    'styles',
    isEmpty ? undefined : next,
    isWorkspaces ? Workspace : Global,
  );
}

/** A prompt with the words of a style around it. */
export function withStyle(prompt: string, style: Style | undefined): string {
  return [style?.before, prompt, style?.after]
    .map((part) => part?.trim() ?? '')
    .filter((part) => part !== '')
    .join(' ');
}
