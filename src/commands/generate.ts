import * as vscode from 'vscode';
import { reportFailures } from '../editor/errors/errorActions.ts';
import { promptAndGenerate } from '../generation/promptAndGenerate.ts';
import type { CommandDeps } from './commandDeps.ts';
import {
  checkRequest,
  defaultsFor,
  type ImageRequest,
  parseOptions,
  type RequestOptions,
  requireLocation,
  toReference,
} from '../generation/imageRequest.ts';
import { type GenerationResult, runRequest } from '../generation/runRequest.ts';

const nothing: GenerationResult = { images: [], failures: [] };

/** Draws an image from words. With `prompt` it asks nothing. */
export async function generate(deps: CommandDeps, given?: unknown): Promise<GenerationResult> {
  const options = parseOptions(given);
  if (options.prompt !== undefined) return await generateSilently(deps, options, options.prompt);
  return await reportFailures(() => generateWithPrompt(deps, options), nothing);
}

/** For other extensions, agents and key bindings. @throws Error with a code of the contract. */
async function generateSilently(
  deps: CommandDeps,
  options: RequestOptions,
  prompt: string,
): Promise<GenerationResult> {
  const request = draftOf(options, prompt);
  checkRequest(request, options);
  const place = await requireLocation(options, false);
  return await runRequest(
    deps,
    { ...request, place },
    { isInteractive: false, open: options.open },
  );
}

async function generateWithPrompt(
  deps: CommandDeps,
  options: RequestOptions,
): Promise<GenerationResult> {
  return await promptAndGenerate(deps, {
    draft: draftOf(options, selectedText()),
    given: options,
    place: () => requireLocation(options, true),
    open: options.open,
  });
}

function draftOf(options: RequestOptions, prompt: string): Omit<ImageRequest, 'place'> {
  return {
    ...defaultsFor(options),
    prompt,
    count: options.count ?? 1,
    references: (options.references ?? []).map(toReference),
  };
}

/** A user who selected words means them; a whole selected file is an accident. */
function selectedText(): string {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.selection.isEmpty) return '';
  const text = editor.document.getText(editor.selection).replace(/\s+/g, ' ').trim();
  return text.length <= 4_000 ? text : '';
}
