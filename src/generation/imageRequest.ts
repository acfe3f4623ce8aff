import * as v from 'valibot';
import * as vscode from 'vscode';
import { askForFolder } from '../editor/files/askForFolder.ts';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { currentFolder, findLocation, type OutputLocation, locationIn } from './destination.ts';
import { type ImageDefaults, readImageDefaults, fullSettingName } from '../editor/settings.ts';
import { type OptionProblem, optionMessage, problemMessage } from '../editor/errors/messages.ts';
import { findProblems, type Problem } from '../evolink/models.ts';
import { isWebUrl } from '../evolink/webUrl.ts';
import { maxImagesPerRequest } from '../shared/limits.ts';
import type { NewJob } from '../jobs/job.ts';

/** Messages of the schema are what `optionSentence` makes a sentence of. */
const code = (problem: OptionProblem): OptionProblem => problem;
const uri = v.custom<vscode.Uri>((value) => value instanceof vscode.Uri, code('uri'));
const text = v.string(code('text'));
const count = v.pipe(
  v.number(code('number')),
  v.integer(code('wholeNumber')),
  v.minValue(1, code('tooFew')),
  v.maxValue(maxImagesPerRequest, code('tooMany')),
);

const fields = {
  prompt: v.optional(text),
  size: v.optional(text),
  quality: v.optional(text),
  count: v.optional(count),
  references: v.optional(v.array(v.union([uri, text], code('uriOrText')), code('list'))),
  output: v.optional(uri),
  open: v.optional(v.boolean(code('flag'))),
};
const optionsSchema = v.object(fields, code('options'));

/** What a caller may say of the image it wants. */
export type RequestOptions = v.InferOutput<typeof optionsSchema>;

/** A caller's arguments. @throws CodedError `badRequest` naming the field. */
export function parseOptions(given: unknown): RequestOptions {
  if (given === undefined || given === null) return {};
  const parsed = v.safeParse(optionsSchema, given);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const field = v.getDotPath(issue) ?? 'options';
  const message = optionMessage(field, issue.message as OptionProblem, maxImagesPerRequest);
  throw new LocalizedError('badRequest', message);
}

export interface ImageRequest extends ImageDefaults {
  prompt: string;
  count: number;
  references: readonly string[];
  place: OutputLocation;
}

/** One job for each variation. */
export function toJobs(request: ImageRequest): NewJob[] {
  const { place, count, prompt, model, size, quality, references } = request;
  return Array.from({ length: count }, (_, index) => ({
    prompt,
    model,
    size,
    quality,
    references,
    ...place,
    variation: index + 1,
  }));
}

/** A Uri as the engine keeps it. The query of a web address may be signed, and stays as it is. */
export function referenceOf(uri: vscode.Uri): string {
  const plain = uri.toString(true);
  return isWebUrl(plain) ? plain : uri.toString();
}

/** A reference as the engine keeps it: the address of a web image or of a file. */
export function toReference(reference: vscode.Uri | string): string {
  if (typeof reference !== 'string') return referenceOf(reference);
  if (isWebUrl(reference)) return reference;
  if (/^[a-z][\w+.-]+:/i.test(reference)) return parseUri(reference).toString();
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!folder || /^([\\/]|[a-z]:[\\/])/i.test(reference))
    return vscode.Uri.file(reference).toString();
  return vscode.Uri.joinPath(folder, reference).toString();
}

function parseUri(reference: string): vscode.Uri {
  try {
    return vscode.Uri.parse(reference, true);
  } catch {
    const problem = { field: 'references', kind: 'notAUrl', value: reference } as const;
    throw new LocalizedError('badRequest', problemMessage(problem));
  }
}

/** @throws CodedError `badRequest` naming the first field that is wrong, and its setting. */
export function checkRequest(request: Omit<ImageRequest, 'place'>, given: RequestOptions): void {
  const [problem] = findProblems(request);
  if (!problem) return;
  throw new LocalizedError('badRequest', problemMessage(problem), settingToMend(problem, given));
}

/** A wrong value that the caller did not give comes from a setting. */
function settingToMend(problem: Problem, given: RequestOptions): string | undefined {
  const { field } = problem;
  if (field === 'model') return fullSettingName(field);
  if ((field === 'size' || field === 'quality') && given[field] === undefined)
    return fullSettingName(field);
  return undefined;
}

/** By the settings of the folder that the image belongs to. */
export function defaultsFor(given: RequestOptions, source?: vscode.Uri): ImageDefaults {
  const settings = readImageDefaults(given.output ?? source ?? currentFolder()?.uri);
  return {
    model: settings.model,
    size: given.size ?? settings.size,
    quality: given.quality ?? settings.quality,
  };
}

/**
 * Where the images go. Asks for a folder when none is open and `mayAsk`.
 * @throws CodedError `noWorkspace` when none can be found, `cancelled` when the user gave none.
 */
export async function requireLocation(
  given: RequestOptions,
  mayAsk: boolean,
): Promise<OutputLocation> {
  const place = await findLocation(given.output);
  if (place) return place;
  const message = vscode.l10n.t('No folder is open to save the image in.');
  if (!mayAsk) throw new LocalizedError('noWorkspace', message);
  const title = vscode.l10n.t('No folder is open. Where should the image be saved?');
  const folder = await askForFolder(title);
  if (!folder) throw new LocalizedError('cancelled', vscode.l10n.t('Cancelled.'));
  return locationIn(folder);
}
