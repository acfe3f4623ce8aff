import { numberedName } from '../../images/fileName.ts';
import type { PlaceRequest } from '../../jobs/steps/saveStep.ts';

/** A virtual file system, as far as an image is put there. Errors carry the editor's codes. */
export interface VirtualFiles {
  join: (folderUri: string, name: string) => string;
  exists: (uri: string) => Promise<boolean>;
  read: (uri: string) => Promise<Uint8Array>;
  write: (uri: string, bytes: Uint8Array) => Promise<void>;
  /** Fails with `FileExists` when there is such a file. */
  rename: (from: string, to: string) => Promise<void>;
  remove: (uri: string) => Promise<void>;
  createFolder: (uri: string) => Promise<void>;
  /** The names in a folder. */
  list: (uri: string) => Promise<string[]>;
}

/**
 * Puts a result in a folder of a virtual file system. Those have no links: a whole file is renamed
 * to a name that must be free. @returns its uri.
 */
export async function placeVirtualFile(
  request: PlaceRequest,
  bytes: Uint8Array,
  files: VirtualFiles,
  randomId: () => string,
): Promise<string> {
  const { folderUri, jobId, earlierUri } = request;
  const isHere = earlierUri !== undefined && isIn(earlierUri, request, files);
  if (earlierUri !== undefined && (await holds(files, earlierUri, bytes, isHere))) {
    if (isHere) await removeTemps(files, request);
    return earlierUri;
  }
  await makeFolder(files, folderUri);
  await removeTemps(files, request);
  // A name of its own for each try: two windows must not write into one file.
  const temp = files.join(folderUri, `.${jobId}.${randomId()}.part`);
  try {
    await files.write(temp, bytes);
    for (const uri of possibleUris(request, files, isHere ? earlierUri : undefined)) {
      if ((await files.exists(uri)) || !request.choose(uri)) continue;
      if (await isMoved(files, temp, uri, bytes)) return uri;
    }
    throw new Error('There is always one more number');
  } finally {
    // The image is in its place all the same when this is refused.
    await files.remove(temp).catch(() => undefined);
  }
}

/** One that exists is fine, whatever the file system says of making it. */
async function makeFolder(files: VirtualFiles, folderUri: string): Promise<void> {
  try {
    await files.createFolder(folderUri);
  } catch (thrown) {
    const isThere = await files.list(folderUri).then(
      () => true,
      () => false,
    );
    if (!isThere) throw thrown;
  }
}

/** The earlier place first: a window that was held up there makes no second file. */
function* possibleUris(
  { folderUri, name, extension }: PlaceRequest,
  files: VirtualFiles,
  earlierUri: string | undefined,
): Generator<string, void> {
  if (earlierUri !== undefined) yield earlierUri;
  for (let attempt = 1; ; attempt += 1)
    yield files.join(folderUri, numberedName(name, attempt) + extension);
}

/** Whether an earlier place is one that the request might choose today. */
function isIn(uri: string, { folderUri, extension }: PlaceRequest, files: VirtualFiles): boolean {
  const inside = files.join(folderUri, 'x').slice(0, -1);
  return (
    uri.startsWith(inside) && !uri.slice(inside.length).includes('/') && uri.endsWith(extension)
  );
}

async function removeTemps(files: VirtualFiles, { folderUri, jobId }: PlaceRequest): Promise<void> {
  const names = await files.list(folderUri).catch(() => []);
  for (const name of names)
    if (name.startsWith(`.${jobId}.`) && name.endsWith('.part'))
      await files.remove(files.join(folderUri, name)).catch(() => undefined);
}

async function isMoved(
  files: VirtualFiles,
  temp: string,
  uri: string,
  bytes: Uint8Array,
): Promise<boolean> {
  try {
    await files.rename(temp, uri);
    return true;
  } catch (thrown) {
    // A remote file system may lose the answer to what it has done.
    if (await holds(files, uri, bytes, true)) return true;
    if (codeOf(thrown) === 'FileExists') return false;
    throw thrown;
  }
}

/**
 * Whether these bytes are there. Where the answer decides whether a second file is made, a file
 * system that is out of reach is no answer.
 */
async function holds(
  files: VirtualFiles,
  uri: string,
  bytes: Uint8Array,
  isAnswerNeeded: boolean,
): Promise<boolean> {
  try {
    return Buffer.compare(await files.read(uri), bytes) === 0;
  } catch (thrown) {
    const isOutOfReach = ['Unavailable', 'NoPermissions'].includes(codeOf(thrown));
    if (isAnswerNeeded && isOutOfReach) throw thrown;
    return false;
  }
}

function codeOf(thrown: unknown): string {
  const { code } = thrown as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
