import * as vscode from 'vscode';
import type { RowProblem } from '../evolink/models/modelRow.ts';
import { runForUser } from './errors/errorActions.ts';
import { fillIn } from './say/fillIn.ts';
import { warn } from './say/notifications.ts';
import { fullSettingName, openSetting, readOwnModels } from './settings.ts';

/** More than that is mended one by one. */
const maxTold = 3;

/** Tells of rows of the setting for models that are left out, now and when the setting changes. */
export function registerModelRowNotices(): vscode.Disposable {
  const setting = fullSettingName('models');
  tell();
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(setting)) tell();
  });

  function tell(): void {
    const open = vscode.l10n.t('Open Settings');
    for (const problem of readOwnModels().problems.slice(0, maxTold))
      void warn(sentenceOf(problem, setting), open).then((chosen) => {
        if (chosen === open) runForUser(() => openSetting(setting));
      });
  }
}

function sentenceOf({ row, field, kind }: RowProblem, setting: string): string {
  switch (kind) {
    case 'form':
      return field === ''
        ? fillIn(
            vscode.l10n.t('Row {0} of the setting {1} is left out: it is not an object.'),
            row,
            setting,
          )
        : fillIn(
            vscode.l10n.t(
              'Row {0} of the setting {1} is left out: its field {2} is missing, unknown, or has a value that cannot be.',
            ),
            row,
            setting,
            field,
          );
    case 'shipped':
      return fillIn(
        vscode.l10n.t(
          'Row {0} of the setting {1} is left out: a model of Image Studio has the same id.',
        ),
        row,
        setting,
      );
    case 'twice':
      return fillIn(
        vscode.l10n.t('Row {0} of the setting {1} is left out: an earlier row has the same id.'),
        row,
        setting,
      );
  }
}
