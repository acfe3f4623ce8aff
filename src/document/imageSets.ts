import { posix } from 'node:path';

/** One of the files of an image. */
export interface SetFile {
  path: string;
  width: number;
}

/** The files of one image, of which a browser takes the one that it likes best. */
export interface ImageSet {
  /** In the format that every browser shows, in ascending order; the link's own file is the last. */
  files: readonly SetFile[];
  /** The same image in better formats, the best first. */
  sources: readonly { type: string; files: readonly SetFile[] }[];
}

/** A file as it is linked; see `ImageLink`. */
interface LinkedFile {
  path: string;
  alt: string;
  size?: { width: number; height: number };
}

/** An image, and its other files where there are some. */
export interface LinkedImage extends LinkedFile {
  set?: ImageSet;
}

type SizedFile = Required<LinkedFile>;

/** The best for a page first; those that every browser shows are the last. */
const types = ['image/avif', 'image/webp', 'image/png', 'image/jpeg'] as const;
type Type = (typeof types)[number];
const isShownEverywhere = (type: Type) => type === 'image/png' || type === 'image/jpeg';
const typeOfExtension: Readonly<Record<string, Type>> = {
  avif: 'image/avif',
  webp: 'image/webp',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
};

/**
 * Images with those of them as one that are files of one image, as _Convert Image_ makes and names them:
 * `hero.png`, `hero.webp`, `hero-640.webp`. Only of these formats and proportions, and only where each
 * file is another format or width.
 */
export function withSets(links: readonly LinkedFile[]): LinkedImage[] {
  const groups = new Map<string, LinkedFile[]>();
  for (const [index, link] of links.entries()) {
    const key = stemOf(link) ?? `\0${String(index)}`;
    groups.set(key, [...(groups.get(key) ?? []), link]);
  }
  const bySet = new Map<LinkedFile, LinkedImage>();
  const others = new Set<LinkedFile>();
  for (const group of groups.values()) {
    const [first, ...rest] = group;
    const set = first && rest.length > 0 ? asSet(group.filter(isSized)) : undefined;
    if (!first || !set) continue;
    bySet.set(first, set);
    for (const each of rest) others.add(each);
  }
  return links.filter((each) => !others.has(each)).map((each) => bySet.get(each) ?? each);
}

function isSized(link: LinkedFile): link is SizedFile {
  return link.size !== undefined;
}

function typeOf({ path }: LinkedFile): Type | undefined {
  const extension = posix.extname(path).slice(1).toLowerCase();
  return Object.hasOwn(typeOfExtension, extension) ? typeOfExtension[extension] : undefined;
}

/** A path without the parts that tell one file of an image from another. */
function stemOf(link: LinkedFile): string | undefined {
  const { dir, name } = posix.parse(link.path);
  if (!link.size || !typeOf(link)) return undefined;
  const plain = name.replace(/\.[\da-f]{8}$/, '');
  const end = `-${String(link.size.width)}`;
  const stem = plain.endsWith(end) && plain !== end ? plain.slice(0, -end.length) : plain;
  return posix.join(dir, stem);
}

function asSet(links: readonly SizedFile[]): LinkedImage | undefined {
  const byWidth = links.toSorted((one, other) => one.size.width - other.size.width);
  const widest = byWidth.at(-1);
  if (!widest || !byWidth.every((each) => isAlike(each, widest))) return undefined;
  const ofType = (type: Type) => byWidth.filter((each) => typeOf(each) === type);
  const found = types.map((type) => ({ type, links: ofType(type) })).filter(({ links: [a] }) => a);
  const isTwice = found.some(
    ({ links: same }) => new Set(same.map(({ size }) => size.width)).size < same.length,
  );
  if (isTwice) return undefined;
  const fallback = fallbackOf(found);
  const own = fallback?.links.at(-1);
  if (!fallback || !own) return undefined;
  const alt = links.find((each) => each.alt !== '')?.alt ?? '';
  const sources = found
    .filter((each) => each !== fallback)
    .map(({ type, links: files }) => ({ type, files: files.map(toFile) }));
  return { ...own, alt, set: { files: fallback.links.map(toFile), sources } };
}

interface OfType {
  type: Type;
  links: readonly SizedFile[];
}

/** The widest of the formats that every browser shows; else the one that most of them do. */
function fallbackOf(found: readonly OfType[]): OfType | undefined {
  const widthOf = ({ links }: OfType) => links.at(-1)?.size.width ?? 0;
  const safe = found
    .filter(({ type }) => isShownEverywhere(type))
    .toSorted((one, other) => widthOf(other) - widthOf(one));
  return safe[0] ?? found.at(-1);
}

/** Sides are whole pixels, so that scaled ones are off by less than one. */
function isAlike({ size: one }: SizedFile, { size: other }: SizedFile): boolean {
  const difference = Math.abs(one.width * other.height - other.width * one.height);
  return difference <= Math.max(one.width, other.width);
}

function toFile({ path, size }: SizedFile): SetFile {
  return { path, width: size.width };
}
