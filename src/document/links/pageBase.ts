import { mask } from './maskExpressions.ts';
import type { Tag } from './parsers/htmlTokenizer.ts';
import type { WrittenLink, WrittenTarget } from './writtenLink.ts';

/** Addresses, and paths from the root or from what a build names, start from nowhere else. */
const isWhole = /^(?:[a-z][\w+.-]*:|[/\\#?]|~|@)/i;

/**
 * What the `<base>` of a page says: the folder that links start from, or the address of one; nothing
 * where there is none, or where only a program knows it.
 */
export function folderOfBase(tags: readonly Tag[]): string | undefined {
  const href = hrefOf(tags);
  if (href === undefined || isComputed(href)) return undefined;
  const folder = folderOf(href);
  return folder === '' ? undefined : folder;
}

/** The links of a page from where its `<base href>` says that they start; modules do not. */
export function fromBase(links: WrittenLink[], tags: readonly Tag[]): WrittenLink[] {
  const href = hrefOf(tags);
  if (href === undefined) return links;
  const isUnknown = isComputed(href);
  const folder = folderOf(href);
  if (folder === '' && !isUnknown) return links;
  const based = <Target extends WrittenTarget>(target: Target): Target =>
    target.target === '' || isWhole.test(target.target)
      ? target
      : { ...target, target: folder + target.target };
  return links.map((link) => {
    if ((link.family !== 'tag' && link.family !== 'css') || link.target.isPath === true)
      return link;
    const target = based(link.target);
    if (target === link.target) return link;
    if (isUnknown) return { ...link, hasVariable: true };
    const candidates = link.candidates.map((each) => ({ ...each, target: based(each.target) }));
    return { ...link, target, candidates };
  });
}

function isComputed(href: string): boolean {
  return href.includes(mask) || /[{}]|<[%?]/.test(href);
}

function folderOf(href: string): string {
  const plain = href.replace(/[?#].*$/s, '');
  return plain.slice(0, plain.lastIndexOf('/') + 1);
}

/** Of the first tag that has one. */
function hrefOf(tags: readonly Tag[]): string | undefined {
  for (const { name, attributes } of tags) {
    if (name.toLowerCase() !== 'base') continue;
    const href = attributes.find((each) => /^(?::|\[)?href\]?$/i.test(each.name));
    if (href) return /^\w/.test(href.name) ? href.value?.trim() : mask;
  }
  return undefined;
}
