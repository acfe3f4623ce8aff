import * as vscode from 'vscode';
import { cancelled } from '../appError.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { ask } from '../editor/say/notifications.ts';
import type { ImageRequest } from '../requests/imageRequest.ts';

/**
 * Asks whether a program's request may be paid, where the workspace is not trusted: the editor makes
 * links that run commands of what a workspace is called, and one click would order any images.
 * @throws AppError `cancelled` unless the user agrees
 */
export async function ensureMayPay(
  request: ImageRequest,
  beforeAsking: () => Promise<void>,
): Promise<void> {
  if (vscode.workspace.isTrusted) return;
  await beforeAsking();
  const generate = vscode.l10n.t('Generate');
  if ((await ask(question(request), [generate], ...details(request))) !== generate)
    throw cancelled();
}

function question({ count, model }: ImageRequest): string {
  return count === 1
    ? fillIn(vscode.l10n.t('Generate 1 image with {0}?'), model)
    : fillIn(vscode.l10n.t('Generate {0} images with {1}?'), count, model);
}

function details({ prompt }: ImageRequest): string[] {
  return [
    fillIn(vscode.l10n.t('Prompt: {0}'), prompt),
    vscode.l10n.t(
      'This comes from another extension, a key binding or a link, and the workspace is not trusted. Each image is paid.',
    ),
  ];
}
