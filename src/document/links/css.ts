import type { CSSToken } from '@csstools/css-tokenizer';
import type { Steps } from './steps.ts';
import {
  writtenLink,
  writtenSize,
  type Candidate,
  type WrittenLink,
  type WrittenSize,
  type WrittenTarget,
} from './writtenLink.ts';

/** Reads a style sheet, or a part of one, as tokens. */
export type ReadTokens = (css: string) => () => CSSToken;

/** A rule that is being read: what it says of the size of its images. */
interface Rule {
  links: WrittenLink[];
  width?: WrittenSize;
  height?: WrittenSize;
}

const tokensOfStep = 1_000;
/** `#{…}` and `$name` of Sass, `@{…}` of Less, and what templates and build tools put in. */
const hole = /[#@$]\{|\{\{|\$\w|__\w{1,100}__|<[%?]/;
const urlFunction = /(?:^|-)url$/i;
const setFunction = /(?:^|-)image-set$/i;
const sizeProperty = /^(?:(?:min-|max-)?(width|height)|background-size|(?:inline|block)-size)$/i;

/**
 * The links of a style sheet: `url(target)`, which may be a font, and the images of an `image-set()`.
 * Sass and Less have the same tokens, and comments that end with their line.
 * @param offset where the style sheet begins in its document
 */
export function* linksOfCss(
  css: string,
  offset: number,
  readTokens: ReadTokens,
): Steps<WrittenLink[]> {
  const links: WrittenLink[] = [];
  const rules: Rule[] = [{ links: [] }];
  const add = (link: WrittenLink): void => {
    links.push(link);
    rules.at(-1)?.links.push(link);
  };
  /** What an open `url(` or `image-set(` holds until it is closed. */
  const calls: Call[] = [];
  let property = '';
  let word = '';
  let count = 0;
  for (const token of tokensWithoutComments(css, readTokens)) {
    if ((count += 1) % tokensOfStep === 0) yield;
    const { type, from, to, value, raw } = token;
    const call = calls.at(-1);
    if (type === 'url-token') {
      const written = raw.slice(raw.indexOf('(') + 1).replace(/\)$/, '');
      const begin = from + raw.indexOf('(') + 1 + written.length - written.trimStart().length;
      const target = targetOf(css, begin, begin + written.trim().length, value, offset);
      const isInSet = call?.isSet === true;
      if (target.written !== '' && isInSet)
        call.candidates.push(candidateOf(target, from, to, offset));
      else if (target.written !== '') add(linkOf(target, from, to, offset));
    } else if (type === 'function-token') {
      calls.push({
        from,
        isSet: setFunction.test(value),
        isUrl: urlFunction.test(value),
        candidates: [],
      });
    } else if (type === '(-token') {
      calls.push({ from, isSet: false, isUrl: false, candidates: [] });
    } else if (type === 'string-token') {
      const target = targetOf(css, from + 1, to - 1, value, offset);
      if (call?.isUrl === true) call.url ??= target;
      else if (call?.isSet === true) call.candidates.push(candidateOf(target, from, to, offset));
    } else if (type === ')-token') {
      endCall(calls.pop(), to);
    } else if (type === 'dimension-token') {
      const candidate = call?.isSet === true ? call.candidates.at(-1) : undefined;
      if (candidate) {
        candidate.descriptor = raw;
        candidate.whole = [candidate.whole[0], to + offset];
      } else if (calls.length === 0) size(raw, from, to);
    } else if (type === '{-token') {
      rules.push({ links: [] });
      property = '';
    } else if (type === '}-token') {
      endRule(rules.length > 1 ? rules.pop() : undefined);
      property = '';
      calls.length = 0;
    } else if (type === 'colon-token') property = word;
    else if (type === 'semicolon-token') property = '';
    if (type === 'ident-token') word = value;
    else if (type !== 'whitespace-token' && type !== 'colon-token') word = '';
  }
  while (rules.length > 0) endRule(rules.pop());
  return links.toSorted((one, other) => one.whole[0] - other.whole[0]);

  function endCall(call: Call | undefined, to: number): void {
    if (!call) return;
    const outer = calls.at(-1);
    if (call.isUrl && call.url && call.url.written !== '') {
      if (outer?.isSet) outer.candidates.push(candidateOf(call.url, call.from, to, offset));
      else add(linkOf(call.url, call.from, to, offset));
    } else if (call.isSet && call.candidates.length > 0) {
      const [{ target }] = call.candidates as [Candidate];
      add({ ...linkOf(target, call.from, to, offset), candidates: call.candidates });
    }
  }

  function size(raw: string, from: number, to: number): void {
    const [, named] = sizeProperty.exec(property) ?? [];
    const rule = rules.at(-1);
    if (!rule || !sizeProperty.test(property) || !/px$/i.test(raw)) return;
    const written = writtenSize({ span: [from + offset, to + offset], text: raw });
    if (named !== undefined) rule[named.toLowerCase() as 'width' | 'height'] ??= written;
    else if (rule.width === undefined) rule.width = written;
    else rule.height ??= written;
  }

  function endRule(rule: Rule | undefined): void {
    for (const link of rule?.links ?? []) {
      if (rule?.width) link.width ??= rule.width;
      if (rule?.height) link.height ??= rule.height;
    }
  }
}

interface Call {
  from: number;
  isSet: boolean;
  isUrl: boolean;
  url?: WrittenTarget;
  candidates: Candidate[];
}

interface Token {
  type: string;
  raw: string;
  from: number;
  to: number;
  /** With its escapes undone. */
  value: string;
}

/** The tokens, without what stands behind `//`, which is a comment in Sass and Less. */
function* tokensWithoutComments(css: string, readTokens: ReadTokens): Generator<Token> {
  let begin = 0;
  while (begin < css.length) {
    const next = readTokens(css.slice(begin));
    let slashAt = -2;
    let restart: number | undefined;
    while (restart === undefined) {
      const [kind, raw, first, last, facts] = next();
      const type: string = kind;
      if (type === 'EOF-token') return;
      const from = begin + first;
      if (type === 'delim-token' && raw === '/') {
        if (slashAt === from - 1) restart = lineEnd(css, from);
        slashAt = from;
      } else if (type !== 'comment')
        yield { type, raw, from, to: begin + last + 1, value: valueOf(facts) };
    }
    begin = restart;
  }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function valueOf(facts: unknown): string {
  const value = (facts as { value?: unknown } | undefined)?.value;
  return typeof value === 'string' ? value : '';
}

function targetOf(
  css: string,
  from: number,
  to: number,
  value: string,
  offset: number,
): WrittenTarget {
  return {
    span: [from + offset, to + offset],
    written: css.slice(from, to),
    target: value,
    isImage: false,
  };
}

function linkOf(target: WrittenTarget, from: number, to: number, offset: number): WrittenLink {
  const parts = { hasVariable: hole.test(target.written) };
  return writtenLink('css', [from + offset, to + offset], target, parts);
}

function candidateOf(target: WrittenTarget, from: number, to: number, offset: number): Candidate {
  return { whole: [from + offset, to + offset], target, descriptor: '' };
}
