import * as vscode from 'vscode';
import { createLimiter } from '../jobs/async/limiter.ts';
import { languageFiles, languageIds } from './languageIds.ts';
import { isNamedIn } from './linksTo.ts';

/** Texts of the workspace that may link to an image. */
export interface FoundTexts {
  /** A notebook as its cells. */
  documents: vscode.TextDocument[];
  /** Files that name the image, and that the editor does not open as texts. */
  unread: vscode.Uri[];
  /** Whether there are more files than were looked at. */
  isCut: boolean;
}

/** More texts than any user writes. */
export const maxFiles = 20_000;
/** Larger files are data, not texts that somebody writes. */
const maxFileBytes = 2_000_000;
const readsAtOnce = 16;
const excluded = '**/{node_modules,.git}/**';
/** The languages in which images are linked, as VS Code names their files; extensions add others. */
const usual = `markdown md mkd mdwn mdown mdtxt mdtext htm html shtml xhtml xht php php4 php5 phtml hbs
  handlebars ejs jade pug js mjs cjs es6 jsx ts mts cts tsx css scss less tex ltx sty cls bib ipynb`;

/** The texts that have the name of an image in them; the editor opens no others. */
export async function textsNaming(
  image: vscode.Uri,
  most: number,
  token: vscode.CancellationToken,
): Promise<FoundTexts> {
  const { findFiles } = vscode.workspace;
  const files = await findFiles(`**/*.{${extensions().join(',')}}`, excluded, most + 1, token);
  const found: FoundTexts = { documents: [], unread: [], isCut: files.length > most };
  const limiter = createLimiter(readsAtOnce);
  const { signal } = new AbortController();
  const read = async (uri: vscode.Uri): Promise<vscode.TextDocument[]> => {
    if (token.isCancellationRequested || !(await mayName(uri, image))) return [];
    try {
      return await textsOf(uri);
    } catch {
      found.unread.push(uri);
      return [];
    }
  };
  const each = files.slice(0, most).map((uri) => limiter.run(() => read(uri), signal));
  found.documents.push(...(await Promise.all(each)).flat());
  return found;
}

/** The ends of the names of files in whose languages images are linked, also as the user names them. */
function extensions(): string[] {
  const ids = new Set(Object.values(languageIds).join(' ').split(' '));
  const contributed = vscode.extensions.all.flatMap(({ packageJSON }) => {
    const { contributes } = packageJSON as { contributes?: { languages?: unknown } };
    return Array.isArray(contributes?.languages) ? (contributes.languages as unknown[]) : [];
  });
  const ofExtensions = contributed.flatMap((language) => {
    const { id, extensions: ends } = language as { id?: unknown; extensions?: unknown };
    return ids.has(String(id)) && Array.isArray(ends) ? ends.map(String) : [];
  });
  const associations = vscode.workspace.getConfiguration('files').get<object>('associations') ?? {};
  const ofUser = Object.entries(associations).flatMap(([pattern, id]) =>
    ids.has(String(id)) ? (/^\*(\.[^*/]+)$/.exec(pattern)?.slice(1) ?? []) : [],
  );
  const ends = [...`${usual} ${Object.values(languageFiles).join(' ')}`.split(/\s+/)];
  const all = [...ends, ...[...ofExtensions, ...ofUser].map((end) => end.replace(/^\./, ''))];
  return [...new Set(all)].filter((end) => /^[\w.+-]+$/.test(end));
}

async function mayName(uri: vscode.Uri, image: vscode.Uri): Promise<boolean> {
  const { fs, textDocuments } = vscode.workspace;
  try {
    const open = textDocuments.find((each) => each.uri.toString() === uri.toString());
    if (open) return isNamedIn(open.getText(), image.path);
    const { size } = await fs.stat(uri);
    if (size > maxFileBytes) return false;
    const text = Buffer.from(await fs.readFile(uri)).toString('utf8');
    return !text.includes('\0') && isNamedIn(text, image.path);
  } catch {
    return false;
  }
}

/** A file as a text; a notebook as its cells. */
export async function textsOf(uri: vscode.Uri): Promise<vscode.TextDocument[]> {
  const isNotebook = uri.path.endsWith('.ipynb') && uri.scheme !== 'vscode-notebook-cell';
  if (!isNotebook) return [await vscode.workspace.openTextDocument(uri)];
  return cellsOf(await vscode.workspace.openNotebookDocument(uri));
}

function cellsOf(notebook: vscode.NotebookDocument): vscode.TextDocument[] {
  return notebook.getCells().map(({ document }) => document);
}

/** A text, or all cells of its notebook when it is one of them. */
export function cellsWith(document: vscode.TextDocument): vscode.TextDocument[] {
  const [notebook] = vscode.workspace.notebookDocuments
    .map(cellsOf)
    .filter((cells) => cells.includes(document));
  return notebook ?? [document];
}
