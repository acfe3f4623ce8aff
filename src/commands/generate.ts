import * as vscode from 'vscode';
import { toldToPerson } from '../editor/errors/errorActions.ts';
import { askAndDraw } from '../generation/promptAndGenerate.ts';
import type { CommandDeps } from './commandDeps.ts';
import {
  checkRequest,
  defaultsFor,
  type ImageRequest,
  parseOptions,
  type RequestOptions,
  requirePlace,
  toReference,
} from '../generation/imageRequest.ts';
import { type DrawResult, runRequest } from '../generation/runRequest.ts';

const nothing: DrawResult = { images: [], failures: [] };

/** Draws an image from words. With `prompt` it asks nothing. */
export async function generate(deps: CommandDeps, given?: unknown): Promise<DrawResult> {
  const options = parseOptions(given);
  if (options.prompt !== undefined) return await generateSilently(deps, options, options.prompt);
  return await toldToPerson(() => generateWithPerson(deps, options), nothing);
}

/** For other extensions, agents and key bindings. @throws Error with a code of the contract. */
async function generateSilently(
  deps: CommandDeps,
  options: RequestOptions,
  prompt: string,
): Promise<DrawResult> {
  const request = withoutPlace(options, prompt);
  checkRequest(request, options);
  const place = await requirePlace(options, false);
  return await runRequest(
    deps,
    { ...request, place },
    { isInteractive: false, open: options.open },
  );
}

async function generateWithPerson(deps: CommandDeps, options: RequestOptions): Promise<DrawResult> {
  return await askAndDraw(deps, {
    draft: withoutPlace(options, selectedText()),
    given: options,
    place: () => requirePlace(options, true),
    open: options.open,
  });
}

function withoutPlace(options: RequestOptions, prompt: string): Omit<ImageRequest, 'place'> {
  return {
    ...defaultsFor(options),
    prompt,
    count: options.count ?? 1,
    references: (options.references ?? []).map(toReference),
  };
}

/** A person who selected words means them; a whole selected file is an accident. */
function selectedText(): string {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.selection.isEmpty) return '';
  const text = editor.document.getText(editor.selection).replace(/\s+/g, ' ').trim();
  return text.length <= 4_000 ? text : '';
}
