import { createJobCommands, type JobCommands } from '../../../src/jobs/jobCommands.ts';
import { nodePlatform } from '../../../src/jobs/nodePlatform.ts';
import type { Store } from '../../../src/jobs/store/store.ts';

/** The commands of a window that works on nothing. */
export function commandsOf(store: Store, onPauseEnd: () => void = () => undefined): JobCommands {
  return createJobCommands({
    store,
    pause: { begin: () => undefined, current: () => undefined, end: onPauseEnd },
    holds: { release: () => undefined },
    clock: nodePlatform.clock,
    randomId: nodePlatform.randomId,
    makeOwn: () => undefined,
    tell: (job) => job,
    emit: () => undefined,
    guarded: (attempt) => attempt(),
    pump: () => undefined,
    checkConnection: () => undefined,
    breakOff: () => undefined,
  });
}
