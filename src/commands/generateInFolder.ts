import * as vscode from 'vscode';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import type { GenerationResult } from '../generation/generationResult.ts';
import type { CommandDeps } from './commandDeps.ts';
import { generate } from './generate.ts';

/** Makes images in a folder of the explorer, after asking for the prompt. */
export async function generateInFolder(
  deps: CommandDeps,
  folder?: unknown,
): Promise<GenerationResult> {
  if (folder === undefined || folder === null) return await generate(deps);
  if (!(folder instanceof vscode.Uri))
    throw new LocalizedError('badRequest', vscode.l10n.t('Only a folder by its Uri can be used.'));
  return await generate(deps, { output: folder });
}
