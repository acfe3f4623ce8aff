import { isTaskFault, taskFaultKinds } from './faults.ts';
import type { FaultBook, FaultContext } from './faultBook.ts';
import type { Fate } from './task.ts';

/** Takes every order there is for this task, at most one of each kind. */
export function takeFate(faults: FaultBook, context: FaultContext): Fate {
  const fate: Record<string, unknown> = {};
  for (const kind of taskFaultKinds) {
    const fault = faults.take(context, (candidate) => candidate.kind === kind);
    if (fault !== undefined && isTaskFault(fault)) fate[kind] = fault;
  }
  return fate;
}
