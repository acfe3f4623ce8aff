import type { SavedJob } from '../job.ts';

/** An image whose file is not where it was. */
export type MissingImage = Pick<SavedJob, 'id' | 'uri' | 'sha256' | 'sizeBytes'>;

/** What the search reads of the places where files may be. */
export interface Places {
  /** All images in a folder; none of one that is not there. */
  listFolder: (folderUri: string) => Promise<readonly string[]>;
  /** All images in the workspace, or some thousands of them. */
  listWorkspace: (signal: AbortSignal) => Promise<readonly string[]>;
  /** Undefined for what cannot be read. */
  stat: (uri: string) => Promise<{ sizeBytes: number; changedAt: number } | undefined>;
  /** The SHA-256 of a file, in lower-case hexadecimal. */
  hash: (uri: string) => Promise<string>;
  /** Where images of this content are, as far as the gallery has them. */
  placesOf: (sha256: string) => readonly string[];
}

interface Candidate {
  uri: string;
  sizeBytes: number;
  changedAt: number;
}

const readsAtOnce = 16;
/** A folder of images that all have one size, as BMPs have, is not read as a whole. */
const maxHashedBytes = 1024 ** 3;

/**
 * Looks for files by their content: first in the folder where each was, and where files have its name;
 * then everywhere. Of equal files the one with the same name is meant, else the newest; never one that
 * another image has. @returns the new places by the ids of the images. Ends early by the signal.
 */
export async function findByContent(
  missing: readonly MissingImage[],
  places: Places,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const hashes = new Map<string, string | undefined>();
  const seen = new Set<string>();
  const candidates: Candidate[] = [];
  let hashedBytes = 0;

  async function hashOf({ uri, sizeBytes }: Candidate): Promise<string | undefined> {
    if (hashes.has(uri)) return hashes.get(uri);
    if (hashedBytes + sizeBytes > maxHashedBytes || signal.aborted) return undefined;
    hashedBytes += sizeBytes;
    const hash = await places.hash(uri).catch(() => undefined);
    hashes.set(uri, hash);
    return hash;
  }

  /** Looks at files not seen before, and then for the images that are still missing. */
  async function lookIn(uris: readonly string[]): Promise<void> {
    const fresh = uris.filter((uri) => !seen.has(uri));
    for (const uri of fresh) seen.add(uri);
    const sizes = new Set(missing.map(({ sizeBytes }) => sizeBytes));
    candidates.push(...(await sizedLike(sizes, fresh, places.stat, signal)));
    for (const image of missing) {
      if (found.has(image.id) || signal.aborted) continue;
      const place = await placeOf(image);
      if (place !== undefined) found.set(image.id, place);
    }
  }

  async function placeOf(image: MissingImage): Promise<string | undefined> {
    const taken = new Set([...places.placesOf(image.sha256), ...found.values()]);
    const likely = candidates
      .filter(({ uri, sizeBytes }) => sizeBytes === image.sizeBytes && !taken.has(uri))
      .toSorted((one, other) => rank(other, image) - rank(one, image) || newer(one, other));
    for (const candidate of likely)
      if ((await hashOf(candidate)) === image.sha256) return candidate.uri;
    return undefined;
  }

  for (const folder of new Set(missing.map(({ uri }) => folderOf(uri))))
    await lookIn(signal.aborted ? [] : await places.listFolder(folder));
  const isAllFound = () => missing.every(({ id }) => found.has(id));
  if (isAllFound() || signal.aborted) return found;
  const all = await places.listWorkspace(signal);
  const names = new Set(missing.map(({ uri }) => nameOf(uri)));
  await lookIn(all.filter((uri) => names.has(nameOf(uri))));
  if (!isAllFound()) await lookIn(all);
  return found;
}

/** Those of the files that have one of the sizes. */
async function sizedLike(
  sizes: ReadonlySet<number>,
  uris: readonly string[],
  stat: Places['stat'],
  signal: AbortSignal,
): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  let next = 0;
  async function readOn(): Promise<void> {
    for (let uri = uris[next++]; uri !== undefined && !signal.aborted; uri = uris[next++]) {
      const facts = await stat(uri).catch(() => undefined);
      if (facts && sizes.has(facts.sizeBytes)) candidates.push({ uri, ...facts });
    }
  }
  await Promise.all(Array.from({ length: readsAtOnce }, readOn));
  return candidates;
}

function rank({ uri }: Candidate, image: MissingImage): number {
  return nameOf(uri) === nameOf(image.uri) ? 1 : 0;
}

function newer(one: Candidate, other: Candidate): number {
  return other.changedAt - one.changedAt;
}

function nameOf(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}

function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf('/'));
}
