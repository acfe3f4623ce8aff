import { hasExtension, imageExtensions } from '../images/imageExtensions.ts';
import { withoutBackslashes, type FoundLink, type LinkForm, type Near } from './linkText.ts';

const restOfString = /^(?:"((?:\\.|[^"\\\n])*)"|'((?:\\.|[^'\\\n])*)'|`((?:\\.|[^`$\\\n])*)`)/;

export const scriptForms: readonly LinkForm[] = [[/(?<!\\)["'`]/g, stringOfPath]];
/** In a page only imports are certain to be paths; what its other strings are, nobody knows. */
export const importForms: readonly LinkForm[] = [
  [/(?<=\b(?:from|import|require\()[ \t]{0,4})["']/g, stringOfPath],
];

/** A string that is the path of an image, as in `import hero from './hero.png'`. */
function stringOfPath({ text, cursor }: Near, { index }: RegExpExecArray): FoundLink | undefined {
  const [whole = '', ...values] = restOfString.exec(text.slice(index)) ?? [];
  if (cursor > index + whole.length) return undefined;
  const target = withoutBackslashes(values.find(Boolean) ?? '');
  const isPath = [target, target.replace(/[?#].*/s, '')].some((path) =>
    hasExtension(path, imageExtensions),
  );
  return isPath ? { target, isImage: false, isPath } : undefined;
}
