import { posix } from 'node:path';
import { numberedName } from '../../images/fileName.ts';

export interface PlacesNow {
  /** Whether a file is there. */
  exists: (uri: string) => Promise<boolean>;
  /** Whether the file there, if any, has the bytes that are to be restored. */
  isSame: (uri: string) => Promise<boolean>;
  /** Whether an image of the gallery has this place. */
  isTaken: (uri: string) => boolean;
}

/**
 * Where a deleted image is to stand again: at its own place, or beside what has come there meanwhile,
 * which may be another paid image. `isThere`: its file is there by now.
 */
export async function placeToRestore(
  uri: string,
  { exists, isSame, isTaken }: PlacesNow,
): Promise<{ uri: string; isThere: boolean }> {
  const isFree = async (place: string) => !(await exists(place)) && !isTaken(place);
  if (await isFree(uri)) return { uri, isThere: false };
  // Two entries must not have one file, whatever its bytes are.
  if (!isTaken(uri) && (await isSame(uri))) return { uri, isThere: true };
  const extension = posix.extname(uri);
  const base = uri.slice(0, uri.length - extension.length);
  for (let attempt = 2; ; attempt += 1) {
    const place = numberedName(base, attempt) + extension;
    if (await isFree(place)) return { uri: place, isThere: false };
  }
}
