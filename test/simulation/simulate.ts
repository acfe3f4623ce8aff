import { audit } from './checks/audit.ts';
import type { Violation } from './checks/ledger.ts';
import type { Plan } from './plan.ts';
import { createTrace, noTrace, type Trace } from './trace.ts';
import { guarded } from './world/guards.ts';
import { apiUrls, hourMs } from './world/provider.ts';
import { actAsUser, tidyUp } from './world/users.ts';
import { isOfTheDead, World } from './world/world.ts';
import { isUnfinished } from '../../src/jobs/job.ts';
import { storageLayout } from '../../src/jobs/storageLayout.ts';

export interface SimulationResult {
  /** The first promise that was broken. */
  violation?: Violation;
  trace: readonly string[];
  virtualMs: number;
  events: number;
  tasks: number;
}

/** Violations that are not looked for, e.g. while their fault is being mended. */
const ignoredChecks = new Set((process.env['SIMULATION_IGNORE'] ?? '').split(';').filter(Boolean));

/** Runs a plan to its end, and looks whether all promises were kept. The same plan, the same run. */
export async function simulate(plan: Plan, isTraced = false): Promise<SimulationResult> {
  let world: World | undefined;
  const trace: Trace = isTraced ? createTrace(() => world?.scheduler.nowMs ?? 0) : noTrace;
  const onRejection = (thrown: unknown) => {
    if (!isOfTheDead(thrown)) world?.onThrown(thrown, 'a promise');
  };
  process.on('unhandledRejection', onRejection);
  try {
    world = new World(plan, trace);
    const running = world;
    await guarded(() => run(running));
    const violation = world.violations.find(({ check }) => !ignoredChecks.has(check));
    return {
      ...(violation && { violation }),
      trace: trace.lines(),
      virtualMs: world.scheduler.nowMs,
      events: world.scheduler.eventCount,
      tasks: world.provider.tasks.size,
    };
  } finally {
    world?.dispose();
    process.off('unhandledRejection', onRejection);
  }
}

async function run(world: World): Promise<void> {
  const { plan, scheduler } = world;
  for (const event of plan.events)
    scheduler.after(event.atMs, undefined, () => {
      scheduler.noteActivity();
      if (event.type === 'ask' || event.type === 'act') actAsUser(world, event);
      else {
        world.trace.add('plan', tell(event));
        world.apply(event);
      }
    });
  await scheduler.run(plan.lengthMs, () => isOver(world));
  if (isOver(world)) return;
  await heal(world);
}

function isOver(world: World): boolean {
  for (const { window } of world.running) {
    if (window.blockedMs > 50)
      world.ledger.broken(
        'blocked',
        `${window.name} stood still for ${String(window.blockedMs)} ms`,
      );
    window.blockedMs = 0;
  }
  return world.violations.some(({ check }) => !ignoredChecks.has(check));
}

/** How long one key is used before another account's is tried. */
const eraMs = 40 * 60_000;
/** Longer than any task takes. */
const eraAtMostMs = 4 * hourMs;
/** Uploads are deleted within this time, whatever became of their jobs. */
const afterwardsMs = 8 * hourMs;
const atMostMs = 72 * hourMs;

/** All faults cease, and one healthy window goes on, with whichever key its tasks need. */
async function heal(world: World): Promise<void> {
  const { scheduler, plan } = world;
  world.trace.add('plan', 'all faults cease');
  scheduler.noteActivity();
  world.heal();
  for (const { window } of [...world.running]) if (window.isHung) window.kill('killed');
  for (const name of [...world.windows.keys()]) world.close(name);
  await scheduler.run(scheduler.nowMs + 20_000, () => isOver(world));
  for (const { window } of [...world.running]) window.kill('killed');
  world.open('A', world.machines[0]!, ['work', 'shared']);
  const accounts = [...world.provider.tasks.values()].map(
    ({ account, baseUrl }) => `key-of-${account} ${baseUrl}`,
  );
  const first = `key-of-alice ${apiUrls[0]}`;
  const others = [...new Set(accounts)].filter((each) => each !== first);
  for (const each of [...others.flatMap((other) => [first, other]), first]) {
    const [key = '', url = ''] = each.split(' ');
    world.trace.add('user', `uses ${key} at ${url}`);
    world.setAccount(key, url);
    const untilMs = scheduler.nowMs + eraAtMostMs;
    do await useFor(world, eraMs);
    while (!isOver(world) && scheduler.nowMs < untilMs && hasOpenTasks(world, key, url));
    if (isOver(world)) return;
  }
  const quietFromMs = scheduler.nowMs + afterwardsMs;
  while (!isOver(world) && scheduler.nowMs < plan.lengthMs + atMostMs) {
    if (scheduler.nowMs >= quietFromMs && !hasUnfinished(world)) break;
    await useFor(world, 2 * hourMs);
  }
  if (isOver(world)) return;
  const jobs = world.windows.get('A')?.system.engine.listRecent(100_000);
  if (!jobs) {
    world.ledger.broken('unusable', 'no window can be opened any more');
    return;
  }
  audit({
    jobs,
    asked: world.asked,
    provider: world.provider,
    disk: world.disk,
    resultFolders: world.resultFolders,
    tempFolder: storageLayout(world.storageFolder).temp,
    ledger: world.ledger,
    isStoreLost: world.isStoreLost,
    isHistoryLost: world.isHistoryLost,
    keepsUploads: plan.keepsUploads,
    conversion: plan.conversion,
    wasPowerCut: world.wasPowerCut,
  });
}

async function useFor(world: World, ms: number): Promise<void> {
  const untilMs = world.scheduler.nowMs + ms;
  for (const share of [0.1, 0.5, 1]) {
    const open = world.windows.get('A');
    if (open) tidyUp(world, open);
    await world.scheduler.run(untilMs - ms * (1 - share), () => isOver(world));
  }
}

/** Whether tasks of this account are not on the disk. */
function hasOpenTasks(world: World, key: string, url: string): boolean {
  const { provider } = world;
  const account = provider.keys.get(key)?.account;
  return (world.windows.get('A')?.system.engine.listUnfinished() ?? []).some((job) => {
    const task = 'taskId' in job ? provider.tasks.get(job.taskId) : undefined;
    return task?.account === account && task?.baseUrl === url;
  });
}

function hasUnfinished(world: World): boolean {
  return (world.windows.get('A')?.system.engine.listUnfinished() ?? []).some(isUnfinished);
}

/** An event of the plan, on a line. */
export function tell(event: Plan['events'][number]): string {
  const { type, atMs: _, ...rest } = event;
  const more = Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return `${type} ${more.join(', ')}`;
}
