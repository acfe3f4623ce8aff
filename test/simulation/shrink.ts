import type { Plan, PlanEvent } from './plan.ts';
import { simulate } from './simulate.ts';

/** No longer than this; what is left then is small enough mostly. */
const maxRuns = 400;

/**
 * The smallest plan found that breaks the same promise: events are left out, half of them at once,
 * then ever fewer (delta debugging), and what is left is made simpler.
 */
export async function shrink(plan: Plan, check: string): Promise<Plan> {
  let runs = 0;
  const stillFails = async (smaller: Plan): Promise<boolean> => {
    runs += 1;
    return runs <= maxRuns && (await simulate(smaller)).violation?.check === check;
  };
  let smallest = plan;
  const attempt = async (smaller: Plan): Promise<boolean> => {
    if (!(await stillFails(smaller))) return false;
    smallest = smaller;
    return true;
  };
  await attempt({ ...smallest, traits: {} });
  await attempt({ ...smallest, machines: 1 });
  for (let size = Math.ceil(plan.events.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < smallest.events.length && runs < maxRuns;) {
      const events = smallest.events.toSpliced(from, size);
      if (!(await attempt({ ...smallest, events }))) from += size;
    }
    // Once more from the beginning: with one event gone, another may have become idle.
    if (size === 1) break;
  }
  for (const [index, event] of smallest.events.entries())
    for (const simpler of simplerThan(event))
      await attempt({ ...smallest, events: smallest.events.with(index, simpler) });
  return smallest;
}

function simplerThan(event: PlanEvent): PlanEvent[] {
  switch (event.type) {
    case 'ask':
      return [
        { ...event, references: [] },
        { ...event, isOfWorkspace: false },
        { ...event, variations: 1 },
        { ...event, variations: 2 },
      ];
    case 'network':
    case 'disk':
    case 'tasks':
      return [{ ...event, share: 1 }];
    default:
      return [];
  }
}
