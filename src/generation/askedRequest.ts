import * as vscode from 'vscode';
import type { TextPlace } from '../editor/files/textPlaces.ts';
import type { UserPlace } from '../editor/files/workplace.ts';
import { type ImageDefaults, readImageDefaults, readModels } from '../editor/settings.ts';
import {
  type Adjustment,
  type Choices,
  choicesAsGiven,
  choicesFor,
} from '../evolink/models/choices.ts';
import { findModel } from '../evolink/models/shippedModels.ts';
import { type Pixels, sizeLike } from '../evolink/models/sizes.ts';
import { isWebUrl } from '../evolink/webUrl.ts';
import type { ImageRequest, OutputLocation } from '../requests/imageRequest.ts';
import { referenceKind } from '../requests/referenceKind.ts';
import { RequestError } from '../requests/requestError.ts';
import { parseCommandOptions, type RequestOptions } from '../requests/requestSchema.ts';
import { maxUriChars } from '../shared/limits.ts';
import type { FollowedShape } from './followedShape.ts';

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
  /** The very file to make, in the format that its name says. Its folder's settings count. */
  file?: vscode.Uri;
  /** Where in a text the images are asked for: where the user is, if it is not said. */
  textPlace?: TextPlace;
  /** The proportions that the images should have, where no size is given. */
  shape?: FollowedShape;
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

/** The images to work from: those to change, or those that a request refers to. */
export function referencesOf({ options, images }: AskedRequest): readonly string[] {
  return images ?? (options.references ?? []).map(toReference);
}

/**
 * The whole request, by the settings of the folder the user is in where nothing was said; the size
 * by the proportions of `source`, where there is one. `onAdjusted` is told of a setting that another
 * model takes, and this one does not.
 */
export function fillInDefaults(
  asked: AskedRequest,
  place: UserPlace,
  source: Pixels | undefined,
  onAdjusted: (adjustment: Adjustment) => void = () => undefined,
): ImageRequest {
  const { options, suggestedPrompt = '' } = asked;
  const { background, outputFormat, seed } = options;
  const { adjustments, ...choices } = defaultsFor(options, place, scopeIn(asked), source);
  adjustments.forEach(onAdjusted);
  return {
    ...choices,
    ...(background !== undefined && { background }),
    ...(outputFormat !== undefined && { outputFormat }),
    ...(seed !== undefined && { seed }),
    prompt: options.prompt ?? suggestedPrompt,
    count: options.count ?? 1,
    references: [...referencesOf(asked)],
  };
}

/**
 * Model and choices by the settings of the folder that the image belongs to, as far as the model
 * takes them. The size of an edit is the nearest to the shape of its source.
 */
export function defaultsFor(
  options: EditorOptions,
  place: UserPlace,
  source?: vscode.Uri,
  shape?: Pixels,
): Choices & { model: string; adjustments: Adjustment[] } {
  const settings = readImageDefaults(scopeOf(options, place, source));
  const rows = readModels();
  const model = options.model ?? settings.model;
  const row = findModel(model, rows);
  // The check refuses a model that there is not.
  if (!row) return { model, ...choicesAsGiven(options, settings), adjustments: [] };
  const otherwise = shape ? { ...settings, size: sizeLike(row.sizes, shape) } : settings;
  return { model, ...choicesFor(row, rows, options, otherwise) };
}

/** The settings that count for what was asked: those of the folder that the image belongs to. */
export function settingsFor(asked: AskedRequest, place: UserPlace): ImageDefaults {
  return readImageDefaults(scopeOf(asked.options, place, scopeIn(asked)));
}

/** What a request names as a file: the one to make, or the first one to change. */
function scopeIn({ file, images }: AskedRequest): vscode.Uri | undefined {
  return file ?? (images && sourceOf(images));
}

function scopeOf({ output }: EditorOptions, place: UserPlace, source?: vscode.Uri) {
  return output ?? source ?? place.folder?.uri;
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
