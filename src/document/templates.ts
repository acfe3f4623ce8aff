import * as v from 'valibot';
import type { OwnForm } from './imageMarkup.ts';
import type { LanguageName } from './languageIds.ts';
import { languages, type AltSpelling } from './languages.ts';
import { spelledAlt } from './spelling.ts';

/** What a template may have in `${…}`; it has to have the link. */
export const templatePlaceholders = ['link', 'alt', 'width', 'height'] as const;
type Placeholder = (typeof templatePlaceholders)[number];

/** More languages than an editor knows. */
const maxTemplates = 200;
const maxNameChars = 60;
const maxTemplateChars = 2_000;

/** A piece of a template: text that is written as it stands, or what is put there. */
export type TemplatePiece = string | { placeholder: Placeholder };
export type Template = readonly TemplatePiece[];

/** Why a template is not used; `language` is the field of the setting. */
export interface TemplateProblem {
  language: string;
  kind: 'noText' | 'tooLong' | 'noLink' | 'placeholder';
  /** The one that is not known, or not closed. */
  placeholder?: string;
}

export interface Templates {
  byLanguage: ReadonlyMap<string, Template>;
  problems: readonly TemplateProblem[];
}

const textSchema = v.pipe(v.string(), v.trim(), v.minLength(1));

/** The templates of a setting, which may be anybody's: a wrong one is left out, and named. */
export function parseTemplates(setting: unknown): Templates {
  const byLanguage = new Map<string, Template>();
  const problems: TemplateProblem[] = [];
  if (typeof setting !== 'object' || setting === null || Array.isArray(setting))
    return { byLanguage, problems };
  for (const [name, value] of Object.entries(setting).slice(0, maxTemplates)) {
    const language = name.slice(0, maxNameChars);
    const parsed = parseTemplate(value);
    if ('kind' in parsed) problems.push({ language, ...parsed });
    else byLanguage.set(language, parsed.pieces);
  }
  return { byLanguage, problems };
}

function parseTemplate(value: unknown): { pieces: Template } | Omit<TemplateProblem, 'language'> {
  const text = v.safeParse(textSchema, value);
  if (!text.success) return { kind: 'noText' };
  if (text.output.length > maxTemplateChars) return { kind: 'tooLong' };
  const [first = '', ...others] = text.output.replace(/\r\n?/g, '\n').split('${');
  const pieces: TemplatePiece[] = [first];
  for (const other of others) {
    const end = other.indexOf('}');
    const name = other.slice(0, Math.max(0, end));
    const placeholder = templatePlaceholders.find((each) => each === name);
    if (placeholder === undefined)
      return { kind: 'placeholder', placeholder: (end < 0 ? other : name).slice(0, maxNameChars) };
    pieces.push({ placeholder }, other.slice(end + 1));
  }
  return hasPlaceholder(pieces, 'link') ? { pieces } : { kind: 'noLink' };
}

function hasPlaceholder(template: Template, ...wanted: Placeholder[]): boolean {
  return template.some((piece) => typeof piece !== 'string' && wanted.includes(piece.placeholder));
}

/**
 * The template for a text: by its language's id, by the end of its file's name, or by the language
 * that it is written as.
 */
export function templateFor(
  { byLanguage }: Templates,
  languageId: string,
  path: string | undefined,
  name: LanguageName | undefined,
): Template | undefined {
  const end = /\.([^./]+)$/.exec(path ?? '')?.[1];
  const names = [languageId, end, name].filter((each) => each !== undefined);
  return names.map((each) => byLanguage.get(each)).find((each) => each !== undefined);
}

/** Images are written so; those without a size as the language has it, when the template needs one. */
export function templateForm(template: Template): OwnForm {
  return (language, { size }, alt, link) => {
    if (!size && hasPlaceholder(template, 'width', 'height')) return undefined;
    const pieces = ownQuotes.has(languages[language].alt) ? withoutQuotes(template) : template;
    const values = {
      link,
      alt: spelledAlt[spellingIn(template, language)](alt),
      width: String(size?.width),
      height: String(size?.height),
    };
    return pieces
      .map((piece) => (typeof piece === 'string' ? piece : values[piece.placeholder]))
      .join('');
  };
}

/** Spellings that put the quotes themselves, or leave them out. */
const ownQuotes: ReadonlySet<AltSpelling> = new Set(['astro', 'asciidoc']);

function withoutQuotes(template: Template): Template {
  const pieces = [...template];
  for (const [index, piece] of pieces.entries()) {
    const [before, after] = [pieces[index - 1], pieces[index + 1]];
    if (typeof piece === 'string' || piece.placeholder !== 'alt') continue;
    if (typeof before !== 'string' || typeof after !== 'string') continue;
    const quote = before.slice(-1);
    if ((quote !== '"' && quote !== "'") || !after.startsWith(quote)) continue;
    pieces[index - 1] = before.slice(0, -1);
    pieces[index + 1] = after.slice(1);
  }
  return pieces;
}

/** In tags, and in what stands between them, words are spelled otherwise than in Markdown. */
function spellingIn(template: Template, name: LanguageName): AltSpelling {
  const { alt, links } = languages[name];
  if (alt === 'astro') return alt;
  const hasTags =
    links.includes('tag') &&
    template.some((piece) => typeof piece === 'string' && /<[a-z/!]/i.test(piece));
  return hasTags ? 'references' : alt;
}
