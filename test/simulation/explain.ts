import { drawPlan } from './drawPlan.ts';
import type { Plan } from './plan.ts';
import { shrink } from './shrink.ts';
import { simulate, tell } from './simulate.ts';
import { clockOf } from './trace.ts';

/**
 * Runs one seed, and tells what happened: the whole, or the smallest plan that breaks the same
 * promise. @returns which promise was broken, if any.
 */
export async function explain(
  seed: number,
  focus: readonly string[],
  isWhole: boolean,
): Promise<string | undefined> {
  const plan = drawPlan(seed, focus);
  const first = await simulate(plan, true);
  if (isWhole || !first.violation) {
    print(plan, first.trace);
    return first.violation?.check;
  }
  const smallest = await shrink(plan, first.violation.check);
  const { trace } = await simulate(smallest, true);
  print(smallest, trace);
  console.log(
    `\nSeed ${String(seed)} breaks "${first.violation.check}"; ${String(smallest.events.length)} of ` +
      `${String(plan.events.length)} events are enough. --whole shows all of them.`,
  );
  return first.violation.check;
}

function print(plan: Plan, trace: readonly string[]): void {
  const { events, ...rest } = plan;
  console.log(JSON.stringify(rest));
  for (const event of events) console.log(`${clockOf(event.atMs)}  ${tell(event)}`);
  console.log('');
  for (const line of withoutRepetitions(trace)) console.log(line);
}

const shownTimes = 6;

/** What happens again and again is shown a few times, and then only when its count doubles. */
function withoutRepetitions(lines: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return lines.flatMap((line) => {
    const kind = line.slice(16).replace(/\d+/g, '#');
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (count <= shownTimes) return [line];
    return Number.isInteger(Math.log2(count)) ? [`${line}   (like ${String(count)} others)`] : [];
  });
}
