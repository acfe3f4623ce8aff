import * as vscode from 'vscode';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import type { TextPlace } from '../editor/files/textPlaces.ts';
import { fileOf } from '../editor/files/documentFile.ts';
import { displayPath } from '../editor/files/workspaceFiles.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import type { ImageLink } from './imageMarkup.ts';
import { hasTagPlaces, isPage, tagPlacesOf } from './blocks/tagPlaces.ts';
import { insertionAt, type Insertion } from './linkPlace.ts';
import type { Parsers } from './links/linksOf.ts';
import { loadParsers } from './links/loadParsers.ts';
import { maskExpressions } from './links/maskExpressions.ts';
import { folderOfBase } from './links/pageBase.ts';
import { doAll } from './links/steps.ts';
import type { pathOnPage } from './pathOnPage.ts';
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
  /** How paths are written on a page whose links may start elsewhere. */
  pathOnPage?: typeof pathOnPage;
}

const hasBase = /<base\b/i;

/** A longer text is not read at once. */
const maxReadChars = 300_000;

export async function formsFor(document: vscode.TextDocument): Promise<Forms> {
  const template = templateOf(document);
  const language = languageOfText(document);
  if (!language) return { template };
  const project = template ? undefined : await findProject(document);
  const text = document.getText();
  const isRead = (project ?? hasTagPlaces(language)) && text.length <= maxReadChars;
  const forms = {
    template,
    project,
    ...(isRead && { parsers: await loadParsers(language, text) }),
  };
  if (!isRead || !isPage(language) || !hasBase.test(text)) return forms;
  const { pathOnPage } = await import('./imageLinks.ts');
  return { ...forms, pathOnPage };
}

/**
 * How images are linked from a place of a text as it is now. @throws LocalizedError where no link of a
 * page leads to one
 */
export function insertionIn(
  document: vscode.TextDocument,
  place: { offset: number; stood: TextPlace['stood'] },
  links: readonly ImageLink[],
  { template, project, parsers, pathOnPage }: Forms,
): Insertion {
  const language = languageOfText(document);
  const text = document.getText();
  const documentPath = fileOf(document)?.path;
  const whole = { text, documentPath };
  const inTags = language && parsers && tagPlacesOf(language, parsers);
  // How a language writes images is not how its style sheets do.
  const isInPart = inTags?.partAt(text, place.offset) !== undefined;
  if (template && !isInPart) {
    // The user says how each image is written, also what it stands in.
    const places = inTags && { ...inTags, takesBlocks: () => false };
    return insertionAt(language, whole, place, linksOnPage(), templateForm(template), places);
  }
  if (!project || !language || documentPath === undefined || !parsers || isInPart)
    return insertionAt(language, whole, place, linksOnPage(), undefined, inTags);
  const at = { text, documentPath, offset: place.offset };
  const own = pipelineForm(language, at, project, parsers);
  const written = own ? links : linksOnPage();
  const insertion = insertionAt(language, whole, place, written, own?.form, inTags);
  const imports = own?.imports();
  return imports ? { ...insertion, imports } : insertion;

  /** Modules are found from their file; what a page links to, from its `<base>`. */
  function linksOnPage(): readonly ImageLink[] {
    if (!parsers || !pathOnPage) return links;
    const base = folderOfBase(doAll(parsers.readTags(maskExpressions(text))));
    if (base === undefined) return links;
    return links.map((link) => {
      const path = pathOnPage(document, base, link.path);
      if (path === undefined) throw leadsElsewhere(document, base);
      return { ...link, path };
    });
  }
}

function leadsElsewhere({ uri }: vscode.TextDocument, base: string): LocalizedError {
  const sentence = fillIn(
    vscode.l10n.t(
      'Nothing is inserted: the links of {0} start from its <base>, {1}, and none leads to the image.',
    ),
    displayPath(uri),
    base,
  );
  return new LocalizedError('badRequest', sentence);
}
