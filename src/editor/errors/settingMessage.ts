import * as vscode from 'vscode';
import type { RequestProblem } from '../../requests/requestError.ts';
import { fullSettingName } from '../settings.ts';
import { fillIn } from '../say/fillIn.ts';

type OtherKind = 'option' | 'value' | 'outsideWorkspace' | 'noImage';
type SettingProblem = Exclude<RequestProblem, { kind: OtherKind }>;

/** What is wrong with the text of a setting that a request needs, as one sentence. */
export function settingMessage(problem: SettingProblem): string {
  switch (problem.kind) {
    case 'unknownVariable':
      return fillIn(
        vscode.l10n.t('The setting {0} speaks of {1}, which does not exist. Use {2}.'),
        fullSettingName(problem.setting),
        `\${${problem.variable}}`,
        problem.known.map((name) => `\${${name}}`).join(', '),
      );
    case 'unknownFolder':
      return fillIn(
        vscode.l10n.t('The setting {0} speaks of the folder {1}, which is not open. Use {2}.'),
        fullSettingName(problem.setting),
        problem.folder,
        problem.known.map((name) => `\${workspaceFolder:${name}}`).join(', '),
      );
    case 'unsetEnvironment':
      return fillIn(
        vscode.l10n.t('The setting {0} speaks of the environment variable {1}, which is not set.'),
        fullSettingName(problem.setting),
        problem.variable,
      );
    case 'badTransform':
      return problem.fault === 'slow'
        ? fillIn(
            vscode.l10n.t('The expression of {1} in the setting {0} takes too long.'),
            fullSettingName(problem.setting),
            problem.variable,
          )
        : fillIn(
            vscode.l10n.t('The expression of {1} in the setting {0} is not a regular expression.'),
            fullSettingName(problem.setting),
            problem.variable,
          );
    case 'notFirst':
      return fillIn(
        vscode.l10n.t('The setting {0} has to begin with {1}, which stands for a whole path.'),
        fullSettingName(problem.setting),
        problem.variable,
      );
    case 'notExpanded':
      return fillIn(
        vscode.l10n.t('The setting {0} has {1}, which only a shell fills in. Use {2}.'),
        fullSettingName(problem.setting),
        problem.part,
        problem.instead,
      );
    case 'noSuchRoot':
      return fillIn(
        vscode.l10n.t('The setting {0} begins with {1}, which is no folder of this system.'),
        fullSettingName(problem.setting),
        problem.part,
      );
    case 'badCharacter':
      return fillIn(
        vscode.l10n.t('The setting {0} contains {1}, which no folder here can have in its name.'),
        fullSettingName(problem.setting),
        characterName(problem.character),
      );
    case 'badName':
      return fillIn(
        vscode.l10n.t(
          'The setting {0} leads to a folder named "{1}", which Windows does not take.',
        ),
        fullSettingName(problem.setting),
        problem.name,
      );
    case 'notAFolder':
      return fillIn(
        vscode.l10n.t('The setting {0} leads to the document, which is not a folder. Use {1}.'),
        fullSettingName(problem.setting),
        problem.instead,
      );
    case 'braceInTransform':
      return fillIn(
        vscode.l10n.t(
          'The setting {0} has an expression with a brace, which ends the variable at {1}. Write it without braces.',
        ),
        fullSettingName(problem.setting),
        problem.variable,
      );
    case 'tooLongPath':
      return fillIn(
        vscode.l10n.t('The folder of the setting {0} has too long a name or path.'),
        fullSettingName(problem.setting),
      );
  }
}

/** A control character shows nothing of itself. */
function characterName(character: string): string {
  if (character > ' ') return `"${character}"`;
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
