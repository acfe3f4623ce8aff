import { Disposable, window, type TextDocument } from 'vscode';
import { watchImages } from './fileOfLink.ts';
import type { LanguageName } from './languageIds.ts';
import { inMarkdown } from './links/inMarkdown.ts';
import type { LinkReader } from './links/linkReader.ts';
import type { WrittenLink } from './links/writtenLink.ts';
import { languageOfText } from './textLanguage.ts';

interface Read {
  version: number;
  languageId: string;
  links: readonly WrittenLink[];
}

interface Waiting {
  timer: NodeJS.Timeout;
  ending: AbortController;
  version: number;
}

/** A shorter document is read at once. Of a longer one, what is near the cursor. */
const maxCharsAtOnce = 30_000;
/** The part that is read begins where a step does, so that it is the same for cursors near each other. */
const linesOfStep = 32;
/** What stands in Markdown has fewer lines than elements with their attributes have. */
const linesOfMarkdownStep = 16;
const maxNearChars = 6_000;
const quietMs = 400;
/** As long as a slice takes, so that what is asked meanwhile is answered at once. */
const sliceRestMs = 8;

let loading: Promise<LinkReader> | undefined;
const known = new WeakMap<TextDocument, Read>();
const practised = new Set<LanguageName>();
const waiting = new WeakMap<TextDocument, Waiting>();

function reader(): Promise<LinkReader> {
  loading ??= import('./links/linkReader.ts').then(({ createLinkReader }) => createLinkReader());
  return loading;
}

/**
 * All links of a document, in its offsets; none in a language without links to images.
 * @param restMs between the slices in which it is read, when nobody waits for the links
 * @returns undefined for a document too long to be read
 * @throws the reason of the signal
 */
export async function linksIn(
  document: TextDocument,
  signal?: AbortSignal,
  restMs?: number,
): Promise<readonly WrittenLink[] | undefined> {
  const read = knownOf(document);
  if (read) return read.links;
  const language = languageOfText(document);
  if (language === undefined) return [];
  const { version, languageId } = document;
  const key = document.uri.toString();
  const links = await (await reader()).read(key, document.getText(), language, signal, restMs);
  if (links) known.set(document, { version, languageId, links });
  return links;
}

/**
 * The links around a place of a document, for whoever must not wait: what is known of the whole, else
 * what the lines around it say. The whole is read later.
 */
export async function linksNear(
  document: TextDocument,
  offset: number,
): Promise<readonly WrittenLink[]> {
  const read = knownOf(document);
  if (read) return read.links;
  const text = document.getText();
  try {
    if (text.length <= maxCharsAtOnce) return (await linksIn(document)) ?? [];
    const links = await readNear(document, text, offset);
    readWhenQuiet(document);
    return links;
  } finally {
    practiseOnce(languageOfText(document));
  }
}

/** After the first answer in a language, so that the next one is not waited for as long. */
function practiseOnce(language: LanguageName | undefined): void {
  if (language === undefined || practised.has(language)) return;
  practised.add(language);
  void reader()
    .then(({ practise }) => practise(language))
    .catch(() => undefined);
}

/**
 * Reads long documents when they come into view, so that much is known before somebody asks, and looks
 * again for the files of links when images come or go.
 */
export function watchTexts(): Disposable {
  const readVisible = (): void => {
    for (const { document } of window.visibleTextEditors)
      if (isLong(document) && !knownOf(document)) readWhenQuiet(document);
  };
  readVisible();
  return Disposable.from(watchImages(), window.onDidChangeVisibleTextEditors(readVisible));
}

/** Without joining its lines, which takes time. */
function isLong(document: TextDocument): boolean {
  const { end } = document.lineAt(document.lineCount - 1).range;
  return document.offsetAt(end) > maxCharsAtOnce;
}

function knownOf(document: TextDocument): Read | undefined {
  const read = known.get(document);
  const isSame = read?.version === document.version && read.languageId === document.languageId;
  return isSame ? read : undefined;
}

/** The whole is read when nobody has asked for a while, so that it is in the way of no answer. */
function readWhenQuiet(document: TextDocument): void {
  const last = waiting.get(document);
  clearTimeout(last?.timer);
  const isSame = last?.version === document.version;
  // What was begun for an older text is of no use.
  if (!isSame) last?.ending.abort();
  // Whoever asks again for the same text may end what was begun before.
  const ending = isSame ? last.ending : new AbortController();
  const timer = setTimeout(
    () => void linksIn(document, ending.signal, sliceRestMs).catch(() => undefined),
    quietMs,
  );
  waiting.set(document, { timer: timer.unref(), ending, version: document.version });
}

async function readNear(
  document: TextDocument,
  text: string,
  offset: number,
): Promise<readonly WrittenLink[]> {
  const language = languageOfText(document);
  if (language === undefined) return [];
  const { line } = document.positionAt(offset);
  const lines = inMarkdown.has(language) ? linesOfMarkdownStep : linesOfStep;
  const step = Math.floor(line / lines) * lines;
  const begin = lineOffset(document, step - lines);
  const from = Math.max(begin, offset - maxNearChars);
  const end = step + 2 * lines;
  const to = Math.min(
    end < document.lineCount ? lineOffset(document, end) : text.length,
    offset + maxNearChars,
  );
  return await (await reader()).readPart(document.uri.toString(), text, [from, to], language);
}

function lineOffset(document: TextDocument, line: number): number {
  return document.offsetAt(document.lineAt(Math.max(line, 0)).range.start);
}
