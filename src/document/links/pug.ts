import { linksOfForms, reachChars, type Form } from './forms.ts';
import type { Steps } from './steps.ts';
import { linkOfTag } from './tags.ts';
import type { TagAttribute } from './parsers/htmlTokenizer.ts';
import type { WrittenLink } from './writtenLink.ts';

/** What stands in the brackets of a tag: strings whole, so that a bracket in them closes nothing. */
const inBrackets = /^((?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[^)"'])*)\)/;
/** A name and its expression, which ends at white space or at a comma. */
const attribute =
  /(?:^|[\s,])([\w:@.-]{1,100})[ \t]{0,20}!?=[ \t]{0,20}("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[^`]*`|[^\s,"'`]{1,1000})/g;

const forms: readonly Form[] = [
  [/(?:#\[)?\b(?:img|source|image|video|link|meta)[\w.#-]{0,100}\(/g, tag],
];

/** The links of Pug: `img(src="target" alt="…")`, where each value is an expression. */
export function linksOfPug(text: string, plain: string): Steps<WrittenLink[]> {
  return linksOfForms(text, plain, forms);
}

function tag(text: string, { index, 0: opening }: RegExpExecArray): WrittenLink | undefined {
  const from = index + opening.length;
  const [whole, inside] = inBrackets.exec(text.slice(from, from + reachChars)) ?? [];
  if (whole === undefined || inside === undefined) return undefined;
  const attributes = [...inside.matchAll(attribute)].map((found): TagAttribute => {
    const { index: at, 0: all, 1: name = '', 2: value = '' } = found;
    const to = from + at + all.length;
    // A bound name is what makes its value an expression.
    return {
      name: `:${name}`,
      from: from + at,
      to,
      value,
      valueFrom: to - value.length,
      valueTo: to,
    };
  });
  const name = /[a-z]+/.exec(opening)?.[0] ?? '';
  const end = from + whole.length;
  // `#[img()]` stands in a line of text.
  const to = opening.startsWith('#[') && text.charAt(end) === ']' ? end + 1 : end;
  const link = linkOfTag(text, { name, from: index, to, attributes });
  return link && { ...link, family: 'pug' };
}
