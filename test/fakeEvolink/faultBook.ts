/** The rules of a test, and which of them applies to a request. */
import {
  answerFaultKinds,
  imageFaultKinds,
  isAccept,
  isImageFault,
  isTaskFault,
  taskFaultKinds,
} from './faults.ts';
import type { Fault, FaultMatch, FaultRule, FaultUse } from './faults.ts';
import type { OriginName, RouteName } from './types.ts';

/** The facts about a request that rules match. */
export interface FaultContext {
  readonly origin: OriginName;
  readonly route: RouteName;
  readonly tasks: readonly { readonly id: string; readonly prompt: string }[];
}

const routeGroups: Readonly<Record<string, readonly RouteName[]>> = {
  upload: ['uploadStream', 'uploadBase64', 'uploadUrl'],
  watch: ['query', 'batch'],
};

function routeFits(rule: FaultRule, route: RouteName): boolean {
  let expected: string | undefined = rule.match?.route;
  if (expected === undefined && isTaskFault(rule.fault)) expected = 'create';
  if (expected === undefined && isImageFault(rule.fault) && rule.match?.origin === undefined) {
    expected = 'result';
  }
  if (expected === undefined) return true;
  return routeGroups[expected]?.includes(route) ?? expected === route;
}

function taskFits(match: FaultMatch, tasks: FaultContext['tasks']): boolean {
  const { promptIncludes, taskId } = match;
  if (promptIncludes === undefined && taskId === undefined) return true;
  return tasks.some(
    (task) =>
      (promptIncludes === undefined || task.prompt.includes(promptIncludes)) &&
      (taskId === undefined || task.id === taskId),
  );
}

function fits(rule: FaultRule, context: FaultContext): boolean {
  const match = rule.match ?? {};
  if (match.origin !== undefined && match.origin !== context.origin) return false;
  return routeFits(rule, context.route) && taskFits(match, context.tasks);
}

/** Keeps the rules and counts their use. */
export class FaultBook {
  #uses: { rule: FaultRule; seen: number; hits: number }[] = [];

  /** Throws on a kind that does not exist: rules from another process are not type-checked. */
  add(rule: FaultRule): void {
    const { kind } = rule.fault;
    const kinds = [answerFaultKinds, imageFaultKinds, taskFaultKinds];
    if (!kinds.some((known) => known.has(kind))) throw new Error(`There is no fault "${kind}"`);
    this.#uses.push({ rule, seen: 0, hits: 0 });
  }

  clear(): void {
    this.#uses = [];
  }

  list(): FaultUse[] {
    return this.#uses.map((use) => ({ ...use }));
  }

  /** The first due rule for this request that `accepts` accepts; all that match count the request. */
  take(context: FaultContext, accepts: (fault: Fault) => boolean): Fault | undefined {
    return this.#hit((rule) => accepts(rule.fault) && fits(rule, context));
  }

  /** Whether a connection that is being made is to be reset. */
  takeAccept(origin: OriginName): boolean {
    const hit = this.#hit(
      ({ fault, match }) => isAccept(fault) && (match?.origin ?? origin) === origin,
    );
    return hit !== undefined;
  }

  #hit(fitting: (rule: FaultRule) => boolean): Fault | undefined {
    let taken: Fault | undefined;
    for (const use of this.#uses) {
      if (!fitting(use.rule)) continue;
      use.seen += 1;
      const times = use.rule.times ?? 1;
      const due = use.seen >= (use.rule.match?.nth ?? 1);
      if (taken !== undefined || !due || (times !== 'always' && use.hits >= times)) continue;
      use.hits += 1;
      taken = use.rule.fault;
    }
    return taken;
  }
}
