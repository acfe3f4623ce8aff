import * as vscode from 'vscode';
import { readImageDefaults } from '../editor/settings.ts';
import { isWebUrl } from '../evolink/webUrl.ts';
import type { ImageRequest, OutputLocation } from '../requests/imageRequest.ts';
import { referenceKind } from '../requests/referenceKind.ts';
import { RequestError } from '../requests/requestError.ts';
import { parseCommandOptions, type RequestOptions } from '../requests/requestSchema.ts';
import { maxUriChars } from '../shared/limits.ts';
import { currentFolder } from './outputLocation.ts';

/** What a caller in the editor may say of the images it wants. */
export type EditorOptions = RequestOptions<vscode.Uri>;

/** What was asked for, before anything is filled in. */
export interface AskedRequest {
  options: EditorOptions;
  /** The prompt to begin with, where a user is asked for it. */
  suggestedPrompt?: string;
  /** The images to change, as references; the result lies beside the first. Empty: not chosen yet. */
  images?: readonly string[];
  /** Where the results go while its workspace is open; otherwise where others go. */
  location?: OutputLocation;
  /** The document that variables of the output settings speak of. */
  document?: vscode.Uri | undefined;
  /** What the user is shown above the prompt. */
  title?: (references: readonly string[]) => string;
}

/** A command's arguments. @throws RequestError naming the field. */
export function parseOptions(given: unknown): EditorOptions {
  return parseCommandOptions(given, isUri);
}

function isUri(value: unknown): value is vscode.Uri {
  return value instanceof vscode.Uri && value.toString().length <= maxUriChars;
}

/** The whole request, by the settings where nothing was said. */
export function fillInDefaults(asked: AskedRequest): ImageRequest {
  const { options, images, suggestedPrompt = '' } = asked;
  return {
    ...defaultsFor(options, images && sourceOf(images)),
    prompt: options.prompt ?? suggestedPrompt,
    count: options.count ?? 1,
    references: images ?? (options.references ?? []).map(toReference),
  };
}

/** Model, size and quality by the settings of the folder that the image belongs to. */
export function defaultsFor(options: EditorOptions, source?: vscode.Uri) {
  const settings = readImageDefaults(options.output ?? source ?? currentFolder()?.uri);
  return {
    model: options.model ?? settings.model,
    size: options.size ?? settings.size,
    quality: options.quality ?? settings.quality,
  };
}

/** The first image when it is a file: its folder's settings count, and the result lies beside it. */
export function sourceOf([first]: readonly string[]): vscode.Uri | undefined {
  return first === undefined || isWebUrl(first) ? undefined : vscode.Uri.parse(first);
}

/** A reference as the engine keeps it: a web address, or the URI of a file. */
export function toReference(reference: vscode.Uri | string): string {
  if (typeof reference !== 'string') return referenceOf(reference);
  switch (referenceKind(reference)) {
    case 'web':
      return reference;
    case 'uri':
      return parseUri(reference).toString();
    case 'absolutePath':
      return vscode.Uri.file(reference).toString();
    case 'relativePath': {
      const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
      const uri = folder ? vscode.Uri.joinPath(folder, reference) : vscode.Uri.file(reference);
      return uri.toString();
    }
  }
}

/** A Uri as the engine keeps it. The query of a web address may be signed, and stays as it is. */
export function referenceOf(uri: vscode.Uri): string {
  const plain = uri.toString(true);
  return isWebUrl(plain) ? plain : uri.toString();
}

function parseUri(value: string): vscode.Uri {
  try {
    return vscode.Uri.parse(value, true);
  } catch {
    const problem = { field: 'references', kind: 'notAUrl', value } as const;
    throw new RequestError({ kind: 'value', problem });
  }
}
