import { hasExtension, resultExtensions } from '../../images/imageExtensions.ts';
import { pathOfLink, pathsOfLink, type LinkPlace } from '../linkTargets.ts';
import type { WrittenLink } from './writtenLink.ts';

/** Why no image can be made for a link. */
export type Ineligible =
  'variable' | 'elsewhere' | 'outsideFolder' | 'noExtension' | 'formatNotDrawn' | 'noFolder';

export type Eligibility = { path: string } | { reason: Ineligible };

/** Whether an image can be made where a link leads to; `path` is absolute, with forward slashes. */
export function eligibilityOf(link: WrittenLink, place: LinkPlace): Eligibility {
  const { target } = link;
  if (link.hasVariable || target.target === '' || /\{\{|\{%|\$\{|<[%?]/.test(target.target))
    return { reason: 'variable' };
  const written = pathOfLink(target.target);
  if (written === undefined || /^[a-z]:|^~\//i.test(target.target)) return { reason: 'elsewhere' };
  const { folderPath } = place;
  if (folderPath === undefined) return { reason: 'noFolder' };
  const [path] = pathsOfLink(target, place);
  if (path === undefined) return { reason: 'elsewhere' };
  const folder = folderPath.replace(/\/$/, '');
  if (!path.startsWith(`${folder}/`) || path.includes('\0')) return { reason: 'outsideFolder' };
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!/.\.[^.]/.test(name)) return { reason: 'noExtension' };
  return hasExtension(path, resultExtensions) ? { path } : { reason: 'formatNotDrawn' };
}

/** A size in pixels; one side is missing where nothing says it. */
export interface AskedSize {
  width?: number;
  height?: number;
}

/** The size that a link, or the name of its file, asks for. */
export function askedSize(link: WrittenLink, path: string): AskedSize | undefined {
  const width = link.width?.pixels;
  const height = link.height?.pixels;
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const scale = Number(/@([2-4])x\./.exec(name)?.[1] ?? 1);
  if (width !== undefined || height !== undefined)
    return {
      ...(width !== undefined && { width: width * scale }),
      ...(height !== undefined && { height: height * scale }),
    };
  const [, wide, high] = /(\d{2,4})x(\d{2,4})/.exec(name) ?? [];
  if (wide !== undefined && high !== undefined)
    return { width: Number(wide) * scale, height: Number(high) * scale };
  const [, side] = /(?:icon|favicon|logo|avatar)[-_]?(\d{2,4})(?!\d)/.exec(name) ?? [];
  if (side !== undefined) return { width: Number(side) * scale, height: Number(side) * scale };
  if (/^(?:og|twitter|social)[-_.]/.test(name)) return { width: 1200, height: 630 };
  return name.startsWith('favicon') ? { width: 32, height: 32 } : undefined;
}
