import {
  foundLink,
  withoutBackslashes,
  type FoundLink,
  type LinkForm,
  type Near,
} from './linkText.ts';

const afterUrl = /^\s*(?:"((?:\\.|[^"\\\n])*)"|'((?:\\.|[^'\\\n])*)'|((?:\\.|[^\s"'()\\])+))\s*\)/;

export const cssForms: readonly LinkForm[] = [[/\burl\(/gi, cssUrl]];

/** `url(target)`, which may be a font. */
function cssUrl({ text, cursor }: Near, { index }: RegExpExecArray): FoundLink | undefined {
  const from = index + 'url('.length;
  const [whole = '', ...targets] = afterUrl.exec(text.slice(from)) ?? [];
  if (cursor > from + whole.length) return undefined;
  return foundLink(withoutBackslashes(targets.find(Boolean) ?? ''), false);
}
