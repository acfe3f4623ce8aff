import { posix } from 'node:path';
import {
  drawnType,
  extensionOf,
  hasExtension,
  imageExtensions,
} from '../../images/imageExtensions.ts';
import {
  isAlias,
  pathOfLink,
  placeToMake,
  type LinkPlace,
  type PlaceToMake,
} from '../linkTargets.ts';
import type { WrittenLink } from './writtenLink.ts';

/** Why no image can be made for a link. */
export type Ineligible =
  | 'variable'
  | 'elsewhere'
  | 'noExtension'
  | 'formatNotDrawn'
  | 'nameTooLong'
  | 'noFolder'
  | 'startUnknown';

export type Eligibility = PlaceToMake | { reason: Ineligible };

/** What is longer was never meant to describe an image: it is looked at before it is sent. */
export const maxAltChars = 1_000;

/** Every file system takes so much, with a number for a name that is taken. */
const maxNameBytes = 240;

/** What templates and builds replace. The last sign of `%PUBLIC_URL%` begins no escape. */
const variable = /\{\{|\{%|\$\{|<[%?]|(?:^|\/)%[a-z_][\w.]{0,100}%(?![\da-f]{2})/i;

/** Whether a link is surely to an image, or its target is named as one, at least without an extension. */
export function isNamedAsImage({ target }: WrittenLink): boolean {
  const path = target.target.replace(/[?#].*/s, '');
  const mayLackExtension = target.extensions !== undefined && !/\.[^./]*$/.test(path);
  return target.isImage || mayLackExtension || hasExtension(path, imageExtensions);
}

/** Images that every installation of LaTeX has, for documents that have none yet. */
const ofInstallation = /^example-(?:image|grid)/;

/**
 * Whether an image can be made where a link leads to, if that lies in the workspace. Paths are
 * absolute, with forward slashes.
 */
export function eligibilityOf(link: WrittenLink, place: LinkPlace): Eligibility {
  const { target } = link;
  if (link.hasVariable || target.target === '' || variable.test(target.target))
    return { reason: 'variable' };
  if (pathOfLink(target.target) === undefined || /^(?:[a-z]:|~\/)/i.test(target.target))
    return { reason: 'elsewhere' };
  if (isOfBuild(link)) return { reason: 'elsewhere' };
  if (target.extensions && ofInstallation.test(target.target)) return { reason: 'elsewhere' };
  if (place.folderPath === undefined) return { reason: 'noFolder' };
  if (place.isStartUnknown === true && !target.target.startsWith('/'))
    return { reason: 'startUnknown' };
  const found = placeToMake(target, place);
  // On Windows a backslash, which may have been escaped, leads out of the folder again.
  if (!found || /[\0\\]/.test(found.path)) return { reason: 'elsewhere' };
  const name = posix.basename(found.path);
  if (found.path.endsWith('/') || !/.\.[^.]/.test(name)) return { reason: 'noExtension' };
  const extension = extensionOf(name);
  if (!drawnType(extension)) return { reason: 'formatNotDrawn' };
  // It would be shortened, and a file of another name would not be found by the link.
  return Buffer.byteLength(name) <= maxNameBytes ? found : { reason: 'nameTooLong' };
}

/** Whether only a build knows where it leads: to a package, or by a name that a project gives a folder. */
function isOfBuild({ family, isDefinition, target: { target } }: WrittenLink): boolean {
  if (isAlias(target)) return false;
  const isModule = isDefinition === true && (family === 'script' || family === 'import');
  return isModule ? !/^\.{0,2}\//.test(target) : /^[@~$][\w.-]+\//.test(target);
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
