import type * as vscode from 'vscode';
import type { TextPlace } from '../editor/files/textPlaces.ts';
import { fileOf } from '../editor/files/documentFile.ts';
import type { ImageLink } from './imageMarkup.ts';
import { hasTagPlaces, tagPlacesOf } from './blocks/tagPlaces.ts';
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
export interface Forms {
  template?: Template | undefined;
  project?: Project | undefined;
  /** Those of the language, where something is to be read of the text. */
  parsers?: Parsers;
}

/** A longer text is not read at once. */
const maxReadChars = 300_000;

export async function formsFor(document: vscode.TextDocument): Promise<Forms> {
  const template = templateOf(document);
  const language = languageOfText(document);
  if (!language) return { template };
  const project = template ? undefined : await findProject(document);
  const text = document.getText();
  const isRead = (project ?? hasTagPlaces(language)) && text.length <= maxReadChars;
  return {
    template,
    project,
    ...(isRead && { parsers: await loadParsers(language, text) }),
  };
}

/** How images are linked from a place of a text as it is now. */
export function insertionIn(
  document: vscode.TextDocument,
  place: { offset: number; stood: TextPlace['stood'] },
  links: readonly ImageLink[],
  { template, project, parsers }: Forms,
): Insertion {
  const language = languageOfText(document);
  const text = document.getText();
  const documentPath = fileOf(document)?.path;
  const whole = { text, documentPath };
  const inTags = language && parsers && tagPlacesOf(language, parsers);
  if (template) {
    // The user says how each image is written, also what it stands in.
    const places = inTags && { ...inTags, takesBlocks: () => false };
    return insertionAt(language, whole, place, links, templateForm(template), places);
  }
  if (!project || !language || documentPath === undefined || !parsers)
    return insertionAt(language, whole, place, links, undefined, inTags);
  const at = { text, documentPath, offset: place.offset };
  const own = pipelineForm(language, at, project, parsers);
  const insertion = insertionAt(language, whole, place, links, own?.form, inTags);
  const imports = own?.imports();
  return imports ? { ...insertion, imports } : insertion;
}
