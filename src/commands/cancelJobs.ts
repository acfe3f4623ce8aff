import { reportFailures } from '../editor/errors/errorActions.ts';
import type { CommandDeps } from './commandDeps.ts';
import { jobsByIds } from './jobsByIds.ts';

/** Ends jobs by their ids: free before they are submitted; after that, the user is asked once. */
export async function cancelJobs(
  { engine, actions }: CommandDeps,
  ...given: unknown[]
): Promise<void> {
  const jobs = jobsByIds(engine, given);
  await reportFailures(async () => {
    await actions.end(...jobs);
  }, undefined);
}
