import type { Job } from '../job.ts';
import type { SavedImage } from '../resultFiles.ts';

/** A file, or a folder with all that is in it, that has another place now: URIs of the editor. */
export interface FileMove {
  readonly from: string;
  readonly to: string;
}

/** Files and folders that moved at the same time. */
export interface FileMoves {
  /** All that they were called begins with this; it has nothing that JSON would escape. */
  readonly commonStart: string;
  /** Where a file or a folder is now; undefined for one that did not move. */
  placeOf: (uri: string) => string | undefined;
}

export function fileMoves(moves: readonly FileMove[]): FileMoves {
  const places = new Map(moves.map(({ from, to }) => [from, to]));
  return {
    commonStart: commonStartOf([...places.keys()]),
    placeOf(uri) {
      // The innermost folder that moved decides.
      for (let end = uri.length; end > 0; end = uri.lastIndexOf('/', end - 1)) {
        const place = places.get(uri.slice(0, end));
        if (place !== undefined) return place + uri.slice(end);
      }
      return undefined;
    },
  };
}

/** What all URIs of files and folders begin with, as a job's row has it. */
export function commonStartOf(uris: readonly string[]): string {
  const [first = '', ...others] = uris;
  let length = first.length;
  for (const other of others) {
    length = Math.min(length, other.length);
    while (!other.startsWith(first.slice(0, length))) length -= 1;
  }
  const start = first.slice(0, length);
  const plain = Array.from(start).findIndex((each) => each === '"' || each === '\\' || each < ' ');
  return plain < 0 ? start : start.slice(0, plain);
}

/** A job with its image, its references and its destination where they are now; undefined when none moved. */
export function afterMoves(job: Job, moves: FileMoves): Job | undefined {
  const uri = job.state === 'saved' ? moves.placeOf(job.uri) : undefined;
  const references = job.references.map((each) => moves.placeOf(each) ?? each);
  const areMoved = references.some((each, index) => each !== job.references[index]);
  const folderUri = folderAfter(job, moves);
  const converted = convertedAfter(job, moves);
  if (!(uri ?? folderUri ?? converted) && !areMoved) return undefined;
  return {
    ...job,
    ...(uri !== undefined && { uri }),
    ...(converted && { converted }),
    ...(areMoved && { references }),
    ...(folderUri !== undefined && { destination: { ...job.destination, folderUri } }),
  };
}

function convertedAfter(job: Job, moves: FileMoves): SavedImage | undefined {
  const { converted } = job as { converted?: SavedImage };
  const uri = converted && moves.placeOf(converted.uri);
  return uri === undefined ? undefined : ({ ...converted, uri } as SavedImage);
}

/**
 * A job waits for its own workspace folder, and a place that it has chosen for its file is not
 * changed under it.
 */
function folderAfter(job: Job, moves: FileMoves): string | undefined {
  const folder = moves.placeOf(job.destination.folderUri);
  if (folder === undefined || 'target' in job) return undefined;
  const { workspaceUri } = job;
  const isInside = workspaceUri === undefined || folder.startsWith(`${workspaceUri}/`);
  return isInside ? folder : undefined;
}
