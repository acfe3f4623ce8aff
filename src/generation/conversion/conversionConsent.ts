import { posix } from 'node:path';
import * as vscode from 'vscode';
import { cancelled } from '../../appError.ts';
import { fillIn } from '../../editor/say/fillIn.ts';
import { ask } from '../../editor/say/notifications.ts';
import type { ConversionPlan } from './planConversion.ts';

/**
 * Asks whether a program may make files, where the workspace is not trusted: the editor makes links
 * that run commands of what a workspace is called, and one click would fill its folders.
 * @throws AppError `cancelled` unless the user agrees
 */
export async function ensureMayConvert(plans: readonly ConversionPlan[]): Promise<void> {
  if (vscode.workspace.isTrusted) return;
  const convert = vscode.l10n.t('Convert');
  const detail = vscode.l10n.t(
    'This comes from another extension, a key binding or a link, and the workspace is not trusted. No file is overwritten.',
  );
  if ((await ask(question(plans), [convert], detail)) !== convert) throw cancelled();
}

function question(plans: readonly ConversionPlan[]): string {
  const files = plans.reduce((sum, { widths }) => sum + widths.length, 0);
  const [first] = plans;
  return plans.length === 1 && first
    ? fillIn(
        vscode.l10n.t('Convert {0} to up to {1} files?'),
        posix.basename(first.source.path),
        files,
      )
    : fillIn(vscode.l10n.t('Convert {0} images to up to {1} files?'), plans.length, files);
}
