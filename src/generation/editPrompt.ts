import type { Job } from '../jobs/job.ts';
import { choicesOf } from '../requests/imageRequest.ts';
import { generateImages } from './generateImages.ts';
import type { GenerationDeps } from './generationDeps.ts';
import type { GenerationResult } from './generationResult.ts';
import { userInteraction } from './interaction/userInteraction.ts';
import { titleForEdit } from './prompt/promptTitle.ts';

/**
 * Opens the prompt with the words, settings and references of a job. The result goes where the
 * job's would have gone, if that is open here.
 */
export async function editPrompt(deps: GenerationDeps, job: Job): Promise<GenerationResult> {
  const { prompt, model, references, destination, workspaceUri } = job;
  const { background, outputFormat, seed } = job;
  return await generateImages(
    deps,
    {
      options: {
        ...choicesOf(job),
        ...{ prompt, model, references, background, outputFormat, seed },
      },
      location: { destination, ...(workspaceUri !== undefined && { workspaceUri }) },
      ...(references.length > 0 && { title: titleForEdit }),
    },
    userInteraction(deps),
  );
}
