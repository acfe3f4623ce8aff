import * as vscode from 'vscode';
import { fileOf } from '../editor/files/documentFile.ts';
import { runForUser } from '../editor/errors/errorActions.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { warn } from '../editor/say/notifications.ts';
import { fullSettingName, openSetting, readTemplates } from '../editor/settings.ts';
import {
  parseTemplates,
  templateFor,
  templatePlaceholders,
  type Template,
  type TemplateProblem,
} from './templates.ts';
import { languageOfText } from './textLanguage.ts';

/** What was told is not told again until it is changed. */
const told = new Set<string>();
const maxTold = 100;

/** The user's template for a text. One that is wrong is named, and not used. */
export function templateOf(document: vscode.TextDocument): Template | undefined {
  const file = fileOf(document);
  const templates = parseTemplates(readTemplates(file));
  const { languageId, uri } = document;
  const path = uri.scheme === 'vscode-notebook-cell' ? undefined : uri.path;
  for (const problem of templates.problems) tell(problem);
  return templateFor(templates, languageId, path, languageOfText(document));
}

function tell(problem: TemplateProblem): void {
  const sentence = sentenceOf(problem);
  if (told.has(sentence) || told.size >= maxTold) return;
  told.add(sentence);
  const setting = fullSettingName('document.templates');
  const open = vscode.l10n.t('Open Settings');
  void warn(sentence, open).then((chosen) => {
    if (chosen === open) runForUser(() => openSetting(setting));
  });
}

function sentenceOf({ language, kind, placeholder = '' }: TemplateProblem): string {
  const setting = `${fullSettingName('document.templates')}.${language}`;
  switch (kind) {
    case 'noText':
      return fillIn(vscode.l10n.t('The template {0} is not used: it is not a text.'), setting);
    case 'tooLong':
      return fillIn(vscode.l10n.t('The template {0} is not used: it is too long.'), setting);
    case 'noLink':
      return fillIn(
        vscode.l10n.t('The template {0} is not used: it has no {1}.'),
        setting,
        '${link}',
      );
    case 'placeholder':
      return fillIn(
        vscode.l10n.t('The template {0} is not used: it has {1}, and only {2} are known.'),
        setting,
        `\${${placeholder}}`,
        templatePlaceholders.map((name) => `\${${name}}`).join(', '),
      );
  }
}
