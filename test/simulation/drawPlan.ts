import { type Chance, chanceOf } from './chance.ts';
import { at, type Draw, encoderTrouble, type Frame, troubles } from './drawTroubles.ts';
import type { FileSystemTraits, MountName, Plan, PlanEvent, WindowName } from './plan.ts';
import { hourMs } from './world/provider.ts';

const minuteMs = 60_000;
const names: readonly WindowName[] = ['A', 'B', 'C', 'D'];
/** Few, so that results compete for names. */
const prompts = ['a fox', 'a fox in the snow', 'two owls'];

/**
 * A plan of a seed. Each plan has some kinds of trouble and not others: with all of them at once
 * every run would be the same noise, and deep states would never be reached. `focus` names
 * the kinds that it has; by default they are drawn.
 */
export function drawPlan(seed: number, focus: readonly string[] = []): Plan {
  const chance = chanceOf(seed, 'plan');
  const machines = focus.length === 0 && chance.isHit(0.2) ? 2 : 1;
  const windows = names.slice(
    0,
    chance.weigh([
      [2, 1],
      [4, 2],
      [3, 3],
      [1, 4],
    ]),
  );
  const lengthMs = chance.weigh<() => number>([
    [5, () => chance.between(2, 15) * minuteMs],
    [3, () => chance.between(15, 90) * minuteMs],
    [1, () => chance.between(2, 14) * hourMs],
  ])();
  const frame = { windows, lengthMs, machines };
  const events = [...drawWindows(chance, frame), ...drawAsks(chance, frame)];
  const kinds =
    focus.length > 0
      ? focus.map(troubleNamed)
      : Array.from({ length: 1 + chance.below(4) }, () => chance.weigh(Object.values(troubles)));
  for (const draw of kinds) {
    const times = 1 + chance.below(3);
    for (let n = 0; n < times; n += 1) events.push(...draw(chance, frame));
  }
  const formats = chanceOf(seed, 'formats');
  const conversion = formats.pick([undefined, undefined, 'beside', 'instead'] as const);
  if (conversion && formats.isHit(0.6)) events.push(...encoderTrouble(formats, frame));
  return {
    seed,
    machines,
    maxConcurrent: 1 + chance.below(6),
    keepsUploads: chance.isHit(0.2),
    hasBatch: chance.isHit(0.6),
    ...(conversion && { conversion }),
    traits: drawTraits(chance),
    hasSharedMemory: !chanceOf(seed, 'memory').isHit(0.15),
    lengthMs,
    events: events.sort((a, b) => a.atMs - b.atMs),
  };
}

function troubleNamed(name: string): Draw {
  const found = troubles[name];
  if (!found)
    throw new Error(`There is no trouble ${name}, but ${Object.keys(troubles).join(', ')}`);
  return found[1];
}

function drawWindows(chance: Chance, { windows, lengthMs, machines }: Frame): PlanEvent[] {
  return windows.map((window, index) => ({
    type: 'open',
    atMs: index === 0 ? 0 : Math.round(chance.between(0, lengthMs / 3)),
    window,
    machine: chance.below(machines),
    folders: chance.pick([['work'], ['shared'], ['work', 'shared'], ['work', 'shared']]),
  }));
}

function drawAsks(chance: Chance, frame: Frame): PlanEvent[] {
  const hasReferences = chance.isHit(0.25);
  const count = 1 + chance.below(5);
  return Array.from({ length: count }, () => ({
    type: 'ask',
    atMs: at(chance, { ...frame, lengthMs: frame.lengthMs * 0.8 }),
    window: chance.pick(frame.windows),
    prompt: chance.pick(prompts),
    variations: chance.weigh([
      [3, 1],
      [2, 2],
      [2, 4],
      [0.2, 16],
    ]),
    folder: chance.pick(['work', 'work', 'shared'] as const),
    isOfWorkspace: chance.isHit(0.3),
    references: hasReferences && chance.isHit(0.7) ? [chance.below(3), chance.below(3)] : [],
  }));
}

function drawTraits(chance: Chance): Partial<Record<MountName, FileSystemTraits>> {
  const traits: Partial<Record<MountName, FileSystemTraits>> = {};
  for (const mount of ['home', 'work', 'shared'] as const) {
    if (!chance.isHit(0.25)) continue;
    traits[mount] = chance.weigh<FileSystemTraits>([
      [3, { linkCode: chance.pick(linkCodes) }],
      [1, { refusesMode: true }],
      [1, { refusesFolders: true }],
      [1, { mkdirCode: chance.pick(['EPERM', 'EROFS', 'EACCES']) }],
      [1, { linkCode: chance.pick(linkCodes), refusesMode: true, refusesFolders: true }],
    ]);
  }
  return traits;
}

const linkCodes = ['EPERM', 'EISDIR', 'EACCES', 'ENOTSUP', 'ENOSYS', 'EMLINK', 'EXDEV', 'UNKNOWN'];
