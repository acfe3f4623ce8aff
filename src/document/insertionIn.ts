import type * as vscode from 'vscode';
import type { TextPlace } from '../editor/files/textPlaces.ts';
import { fileOf } from '../editor/files/documentFile.ts';
import type { ImageLink } from './imageMarkup.ts';
import { insertionAt, type Insertion } from './linkPlace.ts';
import type { Parsers } from './links/linksOf.ts';
import { loadParsers } from './links/loadParsers.ts';
import { findProject } from './pipelines/findProject.ts';
import type { Project } from './pipelines/pipeline.ts';
import { pipelineForm } from './pipelines/pipelineForm.ts';
import { templateOf } from './templateOf.ts';
import { templateForm, type Template } from './templates.ts';
import { languageOfText } from './textLanguage.ts';

/** What decides how images are written in a text: the user's template, else the project. */
export type Forms = { template: Template } | { project: Project; parsers: Parsers } | undefined;

/** A longer script is not read at once. */
const maxScriptChars = 300_000;

export async function formsFor(document: vscode.TextDocument): Promise<Forms> {
  const template = templateOf(document);
  if (template) return { template };
  const language = languageOfText(document);
  const project = language && (await findProject(document));
  return project && { project, parsers: await loadParsers(language, document.getText()) };
}

/** How images are linked from a place of a text as it is now. */
export function insertionIn(
  document: vscode.TextDocument,
  place: { offset: number; stood: TextPlace['stood'] },
  links: readonly ImageLink[],
  forms: Forms,
): Insertion {
  const language = languageOfText(document);
  const text = document.getText();
  const documentPath = fileOf(document)?.path;
  const whole = { text, documentPath };
  if (forms && 'template' in forms)
    return insertionAt(language, whole, place, links, templateForm(forms.template));
  if (!forms || !language || documentPath === undefined || text.length > maxScriptChars)
    return insertionAt(language, whole, place, links);
  const { project, parsers } = forms;
  const at = { text, documentPath, offset: place.offset };
  const own = pipelineForm(language, at, project, parsers);
  const insertion = insertionAt(language, whole, place, links, own?.form);
  const imports = own?.imports();
  return imports ? { ...insertion, imports } : insertion;
}
