import { Uri } from 'vscode';
import type { SavedJob } from '../../jobs/job.ts';
import { hashOf } from './hashOf.ts';

/**
 * The file that was made of an image, beside it; undefined where there is none, or where it is another
 * by now: what somebody changed or put there is theirs.
 */
export async function convertedFile({
  converted,
}: Pick<SavedJob, 'converted'>): Promise<string | undefined> {
  if (!converted) return undefined;
  const hash = await hashOf(Uri.parse(converted.uri)).catch(() => undefined);
  return hash === converted.sha256 ? converted.uri : undefined;
}
