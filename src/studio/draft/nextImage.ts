import { posix } from 'node:path';
import * as vscode from 'vscode';
import { isForeseen, toLocalizedError } from '../../editor/errors/errorActions.ts';
import { displayPath, exists } from '../../editor/files/workspaceFiles.ts';
import { locationFor } from '../../generation/outputLocation.ts';
import { extensionOfFormat } from '../../images/convert/outputFormat.ts';
import { fileNameOf, numberedName } from '../../images/fileName.ts';
import type { Destination } from '../../jobs/resultFiles.ts';
import type { Draft } from '../../shared/studio/draft.ts';
import { modelOf } from '../state.ts';
import type { StudioDeps } from '../studioDeps.ts';
import { extensionOf } from './extensionOf.ts';
import { readStyles, withStyle } from './styles.ts';

/** Where the image of a draft will be, as a user reads it; or why it can be nowhere. */
export interface NextImage {
  path?: string;
  problem?: string;
}

/** What is not known before the image is made. */
const unknown = '…';
/** So many of the last jobs tell the type of a model's images. */
const rememberedJobs = 200;
/** So many images of one name are looked for. */
const maxTaken = 50;

/** The file of the first image that the draft would make now; nothing for a draft without words. */
export async function nextImage(
  { workplace, ownFolder, engine }: Pick<StudioDeps, 'workplace' | 'ownFolder' | 'engine'>,
  draft: Draft,
): Promise<NextImage> {
  const { folderUri, references, size, quality } = draft;
  try {
    const output = folderUri === undefined ? undefined : vscode.Uri.parse(folderUri);
    const location = await locationFor({ references, output }, workplace.now(), ownFolder);
    const style = readStyles().find(({ name }) => name === draft.style);
    const prompt = withStyle(draft.prompt, style);
    if (!location || prompt.trim() === '') return {};
    const row = modelOf(draft, workplace);
    const model = row.id;
    const ids = { taskId: unknown, jobId: unknown };
    const facts = { prompt, model, size, quality, variation: 1, at: new Date(), ...ids };
    const drawn = extensionOf(row, engine.listRecent(rememberedJobs));
    const base = fileNameOf(location.destination.name, facts);
    return { path: displayPath(await nextFile(location.destination, base, drawn)) };
  } catch (thrown) {
    if (!isForeseen(thrown)) throw thrown;
    return { problem: toLocalizedError(thrown).message };
  }
}

/** The file that is made of the result where there is one: that is what was asked for. */
async function nextFile(
  { folderUri, conversion }: Destination,
  name: string,
  drawn: string,
): Promise<vscode.Uri> {
  const folder = vscode.Uri.parse(folderUri, true);
  if (!conversion) return await freeFile(folder, name, drawn);
  const asked = conversion.format ? extensionOfFormat(conversion.format) : drawn;
  if (conversion.replacesOriginal) return await freeFile(folder, name, asked);
  const original = await freeFile(folder, name, drawn);
  // A smaller one of the same format has its width in its name, which is not known yet.
  if (asked === drawn) return original;
  return await freeFile(folder, posix.parse(original.path).name, asked);
}

async function freeFile(folder: vscode.Uri, name: string, extension: string): Promise<vscode.Uri> {
  for (let attempt = 1; ; attempt += 1) {
    const file = vscode.Uri.joinPath(folder, numberedName(name, attempt) + extension);
    if (attempt > maxTaken || !(await exists(file))) return file;
  }
}
