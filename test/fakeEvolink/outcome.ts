import { isTaskFault, taskFaultKinds } from './faults.ts';
import type { FaultBook, FaultContext } from './faultBook.ts';
import type { Outcome } from './task.ts';

/** Takes all faults for this task, at most one of each kind. */
export function takeOutcome(faults: FaultBook, context: FaultContext): Outcome {
  const outcome: Record<string, unknown> = {};
  for (const kind of taskFaultKinds) {
    const fault = faults.take(context, (candidate) => candidate.kind === kind);
    if (fault !== undefined && isTaskFault(fault)) outcome[kind] = fault;
  }
  return outcome;
}
