import type { Chance } from './chance.ts';
import type { PlanEvent, Trouble, UserAction, WindowName } from './plan.ts';
import type { NetworkFault, Route } from './world/network.ts';
import { type Dialect, documented, hourMs } from './world/provider.ts';

const minuteMs = 60_000;

/** What a plan is drawn within. */
export interface Frame {
  windows: readonly WindowName[];
  lengthMs: number;
  machines: number;
}

export type Draw = (chance: Chance, plan: Frame) => PlanEvent[];

/** A moment; often near the beginning, where the most is under way. */
export function at(chance: Chance, { lengthMs }: Frame): number {
  const reach = chance.isHit(0.6) ? Math.min(lengthMs, 3 * minuteMs) : lengthMs;
  return Math.round(chance.between(0, reach));
}

function span(chance: Chance, { lengthMs }: Frame): number {
  const forMs = chance.weigh<() => number>([
    [3, () => chance.between(1_000, 30_000)],
    [3, () => chance.between(30_000, 10 * minuteMs)],
    [1, () => chance.between(0, lengthMs)],
  ])();
  return Math.round(Math.min(forMs, lengthMs));
}

/** By name, how often each kind is drawn, and what it draws. */
export const troubles: Readonly<Record<string, readonly [weight: number, draw: Draw]>> = {
  nothing: [0, () => []],
  networkTrouble: [2, networkTrouble],
  resultBodies: [1, resultBodies],
  rateLimits: [1, rateLimits],
  outages: [1, outages],
  gatewayTrouble: [2, gatewayTrouble],
  lostCreates: [1, lostCreates],
  resultTrouble: [1, resultTrouble],
  deaths: [3, deaths],
  stalls: [1, stalls],
  powerCuts: [1, powerCuts],
  diskTrouble: [2, diskTrouble],
  storeTrouble: [1, storeTrouble],
  storeFiles: [1, storeFiles],
  accounts: [1, accounts],
  otherKeys: [1, otherKeys],
  clocks: [1, clocks],
  dialects: [1, dialects],
  slowTasks: [1, slowTasks],
  failures: [1, failures],
  forgetfulness: [1, forgetfulness],
  users: [3, users],
  impatience: [1, impatience],
  /** Drawn by itself, where formats are asked for. */
  encoderTrouble: [0, encoderTrouble],
};

const routes: readonly (Route | 'any')[] = [
  'create',
  'create',
  'query',
  'batch',
  'upload',
  'files',
  'result',
  'any',
];

function during(chance: Chance, frame: Frame, trouble: (forMs: number) => Trouble): PlanEvent[] {
  return [{ atMs: at(chance, frame), ...trouble(span(chance, frame)) }];
}

function share(chance: Chance): number {
  return chance.pick([0.1, 0.3, 0.7, 1, 1]);
}

function networkTrouble(chance: Chance, frame: Frame): PlanEvent[] {
  const isActedOn = chance.isHit(0.5);
  const fault = chance.pick<NetworkFault>([
    { kind: 'refused' },
    { kind: 'tlsReset' },
    { kind: 'reset', isActedOn },
    { kind: 'hang', isActedOn },
    { kind: 'late' },
    { kind: 'doubled' },
    { kind: 'packed' },
    { kind: 'marked' },
    { kind: 'cut' },
    { kind: 'short' },
    { kind: 'slow' },
    { kind: 'portal' },
    { kind: 'rateLimited', retryAfterS: 30 },
  ]);
  return during(chance, frame, (forMs) => ({
    type: 'network',
    forMs,
    share: share(chance),
    route: chance.pick(routes),
    fault,
  }));
}

/** What becomes of files of another format; only of plans that ask for such. */
export function encoderTrouble(chance: Chance, frame: Frame): PlanEvent[] {
  const deaths = Array.from({ length: chance.below(4) }, (): PlanEvent => {
    const moment = chance.pick(['afterCommit', 'afterName', 'step'] as const);
    const window = chance.pick(frame.windows);
    return { type: 'fuse', atMs: at(chance, frame), window, moment, count: 1 + chance.below(60) };
  });
  const faults = Array.from({ length: 1 + chance.below(3) }, () =>
    during(chance, frame, (forMs) => ({
      type: 'encoder',
      forMs,
      share: share(chance),
      fault: chance.pick(['fails', 'isSlow', 'kills'] as const),
    })),
  );
  return [...deaths, ...faults.flat()];
}

/** What a download meets on its way. */
function resultBodies(chance: Chance, frame: Frame): PlanEvent[] {
  const fault = chance.pick<NetworkFault>([
    { kind: 'cut' },
    { kind: 'short' },
    { kind: 'packed' },
    { kind: 'slow' },
    { kind: 'portal' },
  ]);
  return during(chance, frame, (forMs) => ({
    type: 'network',
    forMs,
    share: share(chance),
    route: 'result',
    fault,
  }));
}

function rateLimits(chance: Chance, frame: Frame): PlanEvent[] {
  const fault: NetworkFault = { kind: 'rateLimited', retryAfterS: chance.pick([0, 1, 30, 120]) };
  return during(chance, frame, (forMs) => ({
    type: 'network',
    forMs,
    share: share(chance),
    route: chance.pick([
      'create',
      'create',
      'query',
      'batch',
      'result',
      'result',
      'upload',
      'files',
    ]),
    fault,
  }));
}

/** Something is out of reach for most of the time. */
function outages(chance: Chance, frame: Frame): PlanEvent[] {
  const fault = chance.pick<NetworkFault>([
    { kind: 'refused' },
    { kind: 'hang', isActedOn: false },
    { kind: 'gateway', status: chance.pick([404, 502, 503]), body: 'html', isActedOn: false },
    { kind: 'rateLimited', retryAfterS: 120 },
  ]);
  const route = chance.pick(['any', 'query', 'result', 'result', 'files'] as const);
  const forMs = Math.round(frame.lengthMs * chance.between(0.3, 1));
  return [{ type: 'network', atMs: at(chance, frame), forMs, share: 1, route, fault }];
}

const gatewayStatuses = [
  302, 400, 403, 404, 405, 407, 408, 413, 422, 425, 451, 500, 502, 503, 504, 511, 520,
];

function gatewayTrouble(chance: Chance, frame: Frame): PlanEvent[] {
  const fault: NetworkFault = {
    kind: 'gateway',
    status: chance.pick(gatewayStatuses),
    body: chance.pick(['html', 'html', 'json', 'empty'] as const),
    isActedOn: chance.isHit(0.3),
  };
  return during(chance, frame, (forMs) => ({
    type: 'network',
    forMs,
    share: share(chance),
    route: chance.pick(routes),
    fault,
  }));
}

/** The answer of a create is lost, and something else answers its repetition. */
function lostCreates(chance: Chance, frame: Frame): PlanEvent[] {
  const atMs = at(chance, frame);
  const lost: NetworkFault = chance.pick<NetworkFault>([
    { kind: 'reset', isActedOn: true },
    { kind: 'hang', isActedOn: true },
    { kind: 'gateway', status: 502, body: 'html', isActedOn: true },
    { kind: 'busyGateway', retryAfterS: 60, isActedOn: true },
  ]);
  const after: NetworkFault = chance.pick<NetworkFault>([
    { kind: 'refused' },
    { kind: 'portal' },
    {
      kind: 'gateway',
      status: chance.pick(gatewayStatuses),
      body: chance.pick(['html', 'json', 'empty'] as const),
      isActedOn: false,
    },
    { kind: 'gateway', status: 451, body: 'json', isActedOn: false },
    { kind: 'gateway', status: 400, body: 'html', isActedOn: false },
    { kind: 'rateLimited', retryAfterS: chance.pick([1, 60]) },
    { kind: 'busyGateway', retryAfterS: 60, isActedOn: false },
    { kind: 'refusal', status: 401, code: 'unauthorized' },
    { kind: 'refusal', status: 403, code: 'key_model_not_allowed' },
    { kind: 'refusal', status: 402, code: 'insufficient_quota' },
  ]);
  // The first answer comes within half a second, and the repetition goes a second later.
  const forMs = chance.isHit(0.6) ? 700 : Math.round(chance.between(500, 20_000));
  const common = { type: 'network', share: 1, route: 'create' } as const;
  const asked: PlanEvent = {
    type: 'ask',
    atMs: atMs + 1,
    window: chance.pick(frame.windows),
    prompt: 'three hares',
    variations: chance.pick([1, 2]),
    folder: 'work',
    isOfWorkspace: false,
    references: [],
  };
  return [
    asked,
    { ...common, atMs, forMs, fault: lost },
    { ...common, atMs: atMs + forMs, forMs: span(chance, frame), fault: after },
  ];
}

function resultTrouble(chance: Chance, frame: Frame): PlanEvent[] {
  return during(chance, frame, (forMs) => ({
    type: 'tasks',
    forMs,
    share: share(chance),
    ...(chance.isHit(0.5)
      ? { lateMs: Math.round(chance.between(1_000, 10 * minuteMs)) }
      : { emptyMs: Math.round(chance.between(1_000, chance.pick([4 * minuteMs, 3 * hourMs]))) }),
  }));
}

function deaths(chance: Chance, frame: Frame): PlanEvent[] {
  const window = chance.pick(frame.windows);
  const atMs = at(chance, frame);
  const death: PlanEvent = chance.weigh<PlanEvent>([
    [2, { type: 'kill', atMs, window }],
    [2, { type: 'close', atMs, window }],
    [2, { type: 'fuse', atMs, window, moment: 'beforeCommit', count: 1 + chance.below(12) }],
    [2, { type: 'fuse', atMs, window, moment: 'afterCommit', count: 1 + chance.below(12) }],
    [2, { type: 'fuse', atMs, window, moment: 'afterName', count: 1 + chance.below(4) }],
    [4, { type: 'fuse', atMs, window, moment: 'step', count: 1 + chance.below(60) }],
  ]);
  if (chance.isHit(0.15)) return [death];
  return [death, reopening(chance, frame, window, atMs)];
}

export function reopening(
  chance: Chance,
  frame: Frame,
  window: WindowName,
  deathMs: number,
): PlanEvent {
  return {
    type: 'open',
    atMs: Math.round(deathMs + chance.between(100, 2 * minuteMs)),
    window,
    machine: chance.below(frame.machines),
    folders: chance.pick([['work'], ['work', 'shared']]),
  };
}

function stalls(chance: Chance, frame: Frame): PlanEvent[] {
  const window = chance.pick(frame.windows);
  const atMs = at(chance, frame);
  if (chance.isHit(0.3)) return [{ type: 'hang', atMs, window }];
  const forMs = Math.round(chance.pick([2_000, 20_000, 10 * minuteMs, 3 * hourMs]));
  return [{ type: 'freeze', atMs, window, forMs }];
}

function powerCuts(chance: Chance, frame: Frame): PlanEvent[] {
  const atMs = at(chance, frame);
  const reopened = frame.windows.map((window) => reopening(chance, frame, window, atMs));
  if (chance.isHit(0.4)) return [{ type: 'powerCut', atMs }, ...reopened];
  const state = chance.pick(['downloading', 'saved'] as const);
  const after = { state, count: 1 + chance.below(4) };
  const later = frame.windows.map((window) => reopening(chance, frame, window, frame.lengthMs / 2));
  return [{ type: 'powerCut', atMs: 0, after }, ...later];
}

function diskTrouble(chance: Chance, frame: Frame): PlanEvent[] {
  const [call, code] = chance.pick([
    ['rename', 'EBUSY'],
    ['rename', 'EPERM'],
    ['rename', 'EACCES'],
    ['link', 'EACCES'],
    ['link', 'EPERM'],
    ['open', 'EBUSY'],
    ['open', 'EACCES'],
    ['write', 'ENOSPC'],
    ['copyfile', 'ENOSPC'],
    ['copyfile', 'slow'],
    ['fsync', 'slow'],
    ['fsync', 'EIO'],
    ['read', 'EIO'],
    ['mkdir', 'EROFS'],
    ['open', 'EROFS'],
    ['link', 'EROFS'],
    ['copyfile', 'EROFS'],
    ['link', 'late'],
    ['rename', 'late'],
    ['rm', 'EBUSY'],
    ['stat', 'EACCES'],
    ['scandir', 'EACCES'],
  ] as const);
  return during(chance, frame, (forMs) => ({
    type: 'disk',
    forMs: chance.isHit(0.6) ? Math.min(forMs, 5_000) : forMs,
    share: share(chance),
    mount: chance.pick(['home', 'work', 'work', 'shared'] as const),
    call,
    code,
  }));
}

function storeTrouble(chance: Chance, frame: Frame): PlanEvent[] {
  return during(chance, frame, (forMs) => ({
    type: 'store',
    forMs: Math.min(forMs, 5 * minuteMs),
    share: share(chance),
    fault: chance.pick(['busy', 'busy', 'full', 'readonly', 'ioerr'] as const),
  }));
}

function storeFiles(chance: Chance, frame: Frame): PlanEvent[] {
  const atMs = at(chance, frame);
  if (chance.isHit(0.3)) return [{ type: 'store', atMs, forMs: 1, share: 1, fault: 'corrupt' }];
  const copiedMs = Math.round(atMs * chance.next());
  return [
    { type: 'storeFile', atMs: copiedMs, how: 'copied' },
    { type: 'storeFile', atMs, how: chance.pick(['deleted', 'rewound', 'newer'] as const) },
  ];
}

function accounts(chance: Chance, frame: Frame): PlanEvent[] {
  return during(chance, frame, (forMs) =>
    chance.isHit(0.5)
      ? { type: 'revoked', forMs, key: 'key-of-alice' }
      : { type: 'noCredits', forMs, account: 'alice' },
  );
}

function otherKeys(chance: Chance, frame: Frame): PlanEvent[] {
  const atMs = at(chance, frame);
  const backMs = atMs + span(chance, frame);
  if (chance.isHit(0.4))
    return [
      { type: 'baseUrl', atMs, index: 1 },
      { type: 'baseUrl', atMs: backMs, index: 0 },
    ];
  const key = chance.pick(['key-of-bob', 'key-of-bob', 'key-of-nobody']);
  return [
    { type: 'key', atMs, key },
    { type: 'key', atMs: backMs, key: 'key-of-alice' },
  ];
}

function clocks(chance: Chance, frame: Frame): PlanEvent[] {
  const byMs = chance.pick([-1, 1]) * chance.pick([5_000, hourMs, 30 * hourMs, 80 * hourMs]);
  const machine = chance.below(frame.machines);
  const atMs = at(chance, frame);
  const back: PlanEvent = { type: 'clock', atMs: atMs + span(chance, frame), machine, byMs: -byMs };
  return [{ type: 'clock', atMs, machine, byMs }, ...(chance.isHit(0.6) ? [back] : [])];
}

const spellings: readonly Partial<Dialect>[] = [
  { completed: 'COMPLETED', failed: 'FAILED', cancelled: 'CANCELLED' },
  { completed: 'SUCCESS', failed: 'FAILURE', cancelled: 'canceled' },
  { completed: 'succeeded', failed: 'error', cancelled: 'canceled' },
  { completed: 'success', failed: 'failure', cancelled: 'cancelled' },
  { completed: 'done', failed: 'rejected', cancelled: 'expired' },
  { completed: 'finished', failed: 'timeout', cancelled: 'aborted' },
];

function dialects(chance: Chance, frame: Frame): PlanEvent[] {
  const dialect: Dialect = {
    ...documented,
    ...(chance.isHit(0.6) && chance.pick(spellings)),
    shape: chance.pick(['documented', 'objects', 'resultData', 'resultUrl'] as const),
    without: chance.pick(['nothing', 'nothing', 'createStatus', 'queryStatus'] as const),
    error: chance.pick(['object', 'string'] as const),
  };
  const outcome = chance.pick(['completed', 'completed', 'failed', 'cancelled'] as const);
  return during(chance, frame, (forMs) => ({ type: 'tasks', forMs, share: 1, dialect, outcome }));
}

function slowTasks(chance: Chance, frame: Frame): PlanEvent[] {
  const takesMs = Math.round(chance.pick([11, 30, 120]) * minuteMs * chance.between(0.7, 1.2));
  return during(chance, frame, (forMs) => ({
    type: 'tasks',
    forMs,
    share: share(chance),
    takesMs,
  }));
}

function failures(chance: Chance, frame: Frame): PlanEvent[] {
  const outcome = chance.pick(['failed', 'cancelled'] as const);
  return during(chance, frame, (forMs) => ({
    type: 'tasks',
    forMs,
    share: share(chance),
    outcome,
  }));
}

function forgetfulness(chance: Chance, frame: Frame): PlanEvent[] {
  return during(chance, frame, (forMs) => ({ type: 'forgetful', forMs }));
}

const actions: readonly UserAction[] = [
  'cancel',
  'cancel',
  'stop',
  'stop',
  'resume',
  'resume',
  'retry',
  'retryTwice',
  'redirect',
  'reorder',
  'recover',
  'recover',
  'adopt',
  'pause',
  'continue',
  'deleteFile',
];

function users(chance: Chance, frame: Frame): PlanEvent[] {
  return Array.from({ length: 1 + chance.below(3) }, () => ({
    type: 'act',
    atMs: at(chance, frame),
    window: chance.pick(frame.windows),
    action: chance.pick(actions),
    pick: chance.below(1000),
  }));
}

/** What failed or was cancelled is tried again from two places. */
function impatience(chance: Chance, frame: Frame): PlanEvent[] {
  const failing = failures(chance, frame);
  const press = (action: UserAction): PlanEvent => ({
    type: 'act',
    atMs: Math.round(chance.between(0, frame.lengthMs)),
    window: chance.pick(frame.windows),
    action,
    pick: chance.below(1000),
  });
  const presses = Array.from({ length: 2 + chance.below(4) }, () => press('retryTwice'));
  return [...failing, press('cancel'), ...presses];
}
