import * as vscode from 'vscode';
import { isForeseen, toLocalizedError } from '../../editor/errors/errorActions.ts';
import { displayPath, exists } from '../../editor/files/workspaceFiles.ts';
import { findLocation } from '../../generation/outputLocation.ts';
import { fileNameOf, numberedName } from '../../images/fileName.ts';
import type { Draft } from '../../shared/studioProtocol.ts';
import { modelOf } from '../state.ts';
import type { StudioDeps } from '../studioDeps.ts';
import { readStyles, withStyle } from './styles.ts';

/** Where the image of a draft will be, as a user reads it; or why it can be nowhere. */
export interface NextImage {
  path?: string;
  problem?: string;
}

/** What is not known before the image is made. */
const unknown = '…';
/** The type of most images. One that is sent in another gets the extension of that. */
const usualExtension = '.png';
/** So many images of one name are looked for. */
const maxTaken = 50;

/** The file of the first image that the draft would make now; nothing for a draft without words. */
export async function nextImage(
  { workplace }: Pick<StudioDeps, 'workplace'>,
  draft: Draft,
): Promise<NextImage> {
  const { folderUri, size, quality } = draft;
  try {
    const output = folderUri === undefined ? undefined : vscode.Uri.parse(folderUri);
    const location = await findLocation(workplace.now(), output);
    const style = readStyles().find(({ name }) => name === draft.style);
    const prompt = withStyle(draft.prompt, style);
    if (!location || prompt.trim() === '') return {};
    const { id: model } = modelOf(draft, workplace);
    const ids = { taskId: unknown, jobId: unknown };
    const facts = { prompt, model, size, quality, variation: 1, at: new Date(), ...ids };
    const { name, folderUri: folder } = location.destination;
    const file = await freeFile(vscode.Uri.parse(folder, true), fileNameOf(name, facts));
    return { path: displayPath(file) };
  } catch (thrown) {
    if (!isForeseen(thrown)) throw thrown;
    return { problem: toLocalizedError(thrown).message };
  }
}

async function freeFile(folder: vscode.Uri, name: string): Promise<vscode.Uri> {
  for (let attempt = 1; ; attempt += 1) {
    const file = vscode.Uri.joinPath(folder, numberedName(name, attempt) + usualExtension);
    if (attempt > maxTaken || !(await exists(file))) return file;
  }
}
