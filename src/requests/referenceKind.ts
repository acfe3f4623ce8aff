import { isWebUrl } from '../evolink/webUrl.ts';

/**
 * How a reference is written: `web` is sent as it is, `uri` names its scheme, and paths are absolute
 * (also those of Windows) or begin at a folder that the caller knows.
 */
export type ReferenceKind = 'web' | 'uri' | 'absolutePath' | 'relativePath';

export function referenceKind(reference: string): ReferenceKind {
  if (isWebUrl(reference)) return 'web';
  // A single letter is a drive.
  if (/^[a-z][\w+.-]+:/i.test(reference)) return 'uri';
  return /^([\\/]|[a-z]:[\\/])/i.test(reference) ? 'absolutePath' : 'relativePath';
}
