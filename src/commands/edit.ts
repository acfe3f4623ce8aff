import { posix } from 'node:path';
import * as vscode from 'vscode';
import { CodedError } from '../editor/codedError.ts';
import type { Place } from '../editor/destination.ts';
import type { CommandDeps } from './commandDeps.ts';
import { tellPerson } from './generate.ts';
import {
  checkRequest,
  defaultsFor,
  type ImageRequest,
  parseOptions,
  type RequestOptions,
  requirePlace,
} from './imageRequest.ts';
import { askForPrompt } from './promptInput.ts';
import { type DrawResult, runRequest } from './runRequest.ts';

/** Changes images by words. The result lies beside the first of them. */
export async function edit(
  deps: CommandDeps,
  resource?: unknown,
  selected?: unknown,
  given?: unknown,
): Promise<DrawResult> {
  const options = parseOptions(given);
  const images = imagesOf(resource, selected);
  if (options.prompt !== undefined)
    return await editSilently(deps, images, options, options.prompt);
  try {
    return await editWithPerson(deps, images, options);
  } catch (thrown) {
    return tellPerson(thrown);
  }
}

async function editSilently(
  deps: CommandDeps,
  images: readonly vscode.Uri[],
  options: RequestOptions,
  prompt: string,
): Promise<DrawResult> {
  const request = requestFor(images, options, prompt);
  checkRequest(request, options);
  const place = await placeBeside(images, options);
  return await runRequest(
    deps,
    { ...request, place },
    { isInteractive: false, open: options.open },
  );
}

async function editWithPerson(
  deps: CommandDeps,
  images: readonly vscode.Uri[],
  options: RequestOptions,
): Promise<DrawResult> {
  const request = requestFor(images, options, options.draft ?? '');
  checkRequest({ ...request, prompt: 'any' }, options);
  const answer = await askForPrompt(deps.memento, request, titleFor(images));
  if (!answer) return { images: [], failures: [] };
  const place = await placeBeside(images, options);
  return await runRequest(
    deps,
    { ...request, ...answer, place },
    { isInteractive: true, open: options.open },
  );
}

function titleFor(images: readonly vscode.Uri[]): string {
  const [first] = images;
  return images.length === 1 && first
    ? vscode.l10n.t('Edit {0}', posix.basename(first.path))
    : vscode.l10n.t('Edit {0} images', images.length);
}

function requestFor(
  images: readonly vscode.Uri[],
  options: RequestOptions,
  prompt: string,
): Omit<ImageRequest, 'place'> {
  if (images.length === 0)
    throw new CodedError('badRequest', vscode.l10n.t('Choose an image to edit in the explorer.'));
  const references = images.map((uri) => uri.toString());
  return { ...defaultsFor(options), prompt, count: options.count ?? 1, references };
}

/** What was selected, in its order; else the one clicked; else the image in front. */
function imagesOf(resource: unknown, selected: unknown): vscode.Uri[] {
  const many = Array.isArray(selected) ? selected.filter((uri) => uri instanceof vscode.Uri) : [];
  if (many.length > 0) return many;
  if (resource instanceof vscode.Uri) return [resource];
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom ? [input.uri] : [];
}

async function placeBeside(images: readonly vscode.Uri[], options: RequestOptions): Promise<Place> {
  const [first] = images;
  if (options.output || !first) return await requirePlace(options, false);
  const folder = vscode.workspace.getWorkspaceFolder(first);
  const name = posix.basename(first.path).replace(/\.[^.]*$/, '');
  return {
    destination: {
      folderUri: vscode.Uri.joinPath(first, '..').toString(),
      name: `${name}.edit`,
      isExactName: true,
    },
    ...(folder && { workspaceUri: folder.uri.toString() }),
  };
}
