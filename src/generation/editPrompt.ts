import { reportFailures } from '../editor/errors/errorActions.ts';
import { isWorkspaceOpen } from '../editor/files/workspaceFiles.ts';
import type { Job } from '../jobs/job.ts';
import { promptAndGenerate, type PromptedRequest } from './promptAndGenerate.ts';
import type { GenerationDeps } from './generationDeps.ts';
import { requireLocation } from './imageRequest.ts';
import { titleForEdit } from './prompt/promptTitle.ts';
import type { GenerationResult } from './runRequest.ts';

/**
 * Opens the prompt with the words, settings and references of a job. The result goes where the
 * job's would have gone, if that is open here.
 */
export async function editPrompt(deps: GenerationDeps, job: Job): Promise<GenerationResult> {
  const { prompt, model, size, quality, references, destination, workspaceUri } = job;
  const place = { destination, ...(workspaceUri !== undefined && { workspaceUri }) };
  const prompted: PromptedRequest = {
    draft: { prompt, model, size, quality, references, count: 1 },
    given: { size, quality },
    place: async () => (isWorkspaceOpen(workspaceUri) ? place : await requireLocation({}, true)),
    ...(references.length > 0 && { title: titleForEdit }),
  };
  return await reportFailures(() => promptAndGenerate(deps, prompted), {
    images: [],
    failures: [],
  });
}
