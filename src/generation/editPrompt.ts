import { toldToPerson } from '../editor/errors/errorActions.ts';
import { isWorkspaceOpen } from '../editor/files/workspaceFiles.ts';
import type { Job } from '../jobs/job.ts';
import { askAndDraw, type Wish } from './promptAndGenerate.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';
import { requirePlace } from './imageRequest.ts';
import { titleForEdit } from './prompt/promptTitle.ts';
import type { DrawResult } from './runRequest.ts';

/**
 * Opens the prompt with the words, settings and references of a job. The result goes where the
 * job's would have gone, if that is open here.
 */
export async function redraft(deps: CommandDeps, job: Job): Promise<DrawResult> {
  const { prompt, model, size, quality, references, destination, workspaceUri } = job;
  const place = { destination, ...(workspaceUri !== undefined && { workspaceUri }) };
  const wish: Wish = {
    draft: { prompt, model, size, quality, references, count: 1 },
    given: { size, quality },
    place: async () => (isWorkspaceOpen(workspaceUri) ? place : await requirePlace({}, true)),
    ...(references.length > 0 && { title: titleForEdit }),
  };
  return await toldToPerson(() => askAndDraw(deps, wish), { images: [], failures: [] });
}
