import type { Job } from '../jobs/job.ts';
import { FileAwaitedError } from '../jobs/store/storeErrors.ts';
import type { AskedRequest } from './askedRequest.ts';
import { generateImages } from './generateImages.ts';
import type { GenerationDeps } from './generationDeps.ts';
import { emptyResult, type GenerationResult, toResult } from './generationResult.ts';
import type { Interaction } from './interaction/interaction.ts';

/**
 * Makes images of different requests, to all of which a user has agreed: each goes the one way of
 * requests, and all are waited for together. The first that cannot be submitted ends it, unless its
 * file is being made already; those before it are made.
 */
export async function generateEach(
  deps: GenerationDeps,
  requests: readonly AskedRequest[],
  interaction: Interaction,
): Promise<GenerationResult> {
  const jobs: Job[] = [];
  const failed = new AbortController();
  for (const asked of requests) {
    if (failed.signal.aborted) break;
    let isComposed = false;
    await generateImages(deps, asked, {
      ...interaction,
      // Where it comes back to the words, a failure was told.
      compose(draft) {
        const composed = isComposed ? undefined : draft;
        isComposed = true;
        return Promise.resolve(composed);
      },
      report(thrown) {
        // All else would be the same for those that follow.
        if (!(thrown instanceof FileAwaitedError)) failed.abort();
        interaction.report(thrown);
      },
      waitFor(submitted) {
        jobs.push(...submitted);
        return Promise.resolve(submitted);
      },
      present: () => Promise.resolve(),
    });
  }
  if (jobs.length === 0) return emptyResult();
  const ended = await interaction.waitFor(jobs);
  return toResult(ended, deps.engine.pause(), deps.engine.heldModels());
}
