import { reportFailures } from '../editor/errors/errorActions.ts';
import { editPrompt } from '../generation/editPrompt.ts';
import type { CommandDeps } from './commandDeps.ts';
import { jobsByIds } from './jobsByIds.ts';

/** Asks for an image anew, by the id of its job: the prompt box has its request, and says its cost. */
export async function makeAgain(deps: CommandDeps, ...given: unknown[]): Promise<void> {
  const [job] = jobsByIds(deps.engine, given.slice(0, 1));
  await reportFailures(async () => {
    if (job) await editPrompt(deps, job);
  }, undefined);
}
