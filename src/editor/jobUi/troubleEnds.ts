import * as vscode from 'vscode';
import type { Engine } from '../../jobs/engine.ts';
import { isUnfinished, type Job } from '../../jobs/job.ts';
import type { PauseReason } from '../../jobs/queuePause.ts';
import { isStoreError } from '../../jobs/store/storeErrors.ts';
import { matterOf } from './connectionTrouble.ts';
import { goOnSentence, onDidSayKeyWorks } from './goOn.ts';

/** What may hold up images. */
export type Trouble = PauseReason | 'store';

interface TroubleRow {
  /** How it is known that it is over. */
  endsWith: 'a task that is accepted' | 'a store that is written' | 'a user' | 'its time';
  /** What is said then; nothing of what a user ends, or what was counted down. */
  over?: () => string;
}

/** Each trouble, how it ends, and what is said then, in the order in which it is said. */
export const troubleTable: Readonly<Record<Trouble, TroubleRow>> = {
  store: {
    endsWith: 'a store that is written',
    over: () => vscode.l10n.t('The list of images can be used again.'),
  },
  network: {
    endsWith: 'a task that is accepted',
    over: () => vscode.l10n.t('EvoLink can be reached again.'),
  },
  key: {
    endsWith: 'a task that is accepted',
    over: () => vscode.l10n.t('The API key works.'),
  },
  credits: {
    endsWith: 'a task that is accepted',
    over: () => vscode.l10n.t('There are credits again.'),
  },
  rateLimited: { endsWith: 'its time' },
  person: { endsWith: 'a user' },
};

const saidTroubles = (Object.keys(troubleTable) as Trouble[]).filter(
  (trouble) => troubleTable[trouble].over,
);

export interface TroubleEnds {
  /** Whether images wait, or are not watched, for this now; also between two tries. */
  isOpen: (trouble: Trouble) => boolean;
  dispose: () => void;
}

type TroubledEngine = Pick<
  Engine,
  | 'get'
  | 'listUnfinished'
  | 'onDidChangeJob'
  | 'onDidChangeQueue'
  | 'pause'
  | 'storeTrouble'
  | 'trouble'
>;

/**
 * Finds out that troubles are over, and says once that what they held up goes on. `isLoud` when the
 * trouble was told with a notification. A pause that ends is no end of its cause: a user may try what
 * is refused again. What counts is a task that EvoLink accepts of those that waited.
 */
export function createTroubleEnds(
  engine: TroubledEngine,
  say: (sentence: string, isLoud: boolean) => void,
): TroubleEnds {
  /** Troubles that were there and are not known to be over, and whether they stopped the queue. */
  const open = new Map<Trouble, { isLoud: boolean }>();
  /** Jobs that they held up, and whether they had been accepted by then. */
  const held = new Map<string, { wasAccepted: boolean }>();

  function isThere(trouble: Trouble): boolean {
    if (trouble === 'store') return engine.storeTrouble() !== undefined;
    return engine.pause()?.reason === trouble || isUnwatched(trouble);
  }

  function isUnwatched(trouble: Trouble): boolean {
    const error = engine.trouble();
    return error !== undefined && matterOf(error) === trouble;
  }

  function look(): void {
    const there = saidTroubles.filter(isThere);
    if (there.length > 0) note(there);
    const gone = [...open.keys()].filter((trouble) => !there.includes(trouble));
    end(gone.filter((trouble) => trouble === 'store' || !isAnyWaiting()));
  }

  function note(there: readonly Trouble[]): void {
    const listed = unlessLocked(() => engine.listUnfinished());
    const jobs = listed ?? [];
    // What cannot be read is not gone.
    if (listed && ![...held.keys()].some((id) => jobs.some((job) => job.id === id))) forget();
    for (const job of jobs)
      if (!held.has(job.id)) held.set(job.id, { wasAccepted: isAccepted(job) });
    for (const trouble of there) {
      const isPause = trouble === 'store' || engine.pause()?.reason === trouble;
      const concernsAny = jobs.some((job) => isPause || isAccepted(job));
      const isLoud = isPause || open.get(trouble)?.isLoud === true;
      if (concernsAny || trouble === 'store') open.set(trouble, { isLoud });
    }
  }

  /** Whether one of those that waited for a task waits still: then only that it is accepted counts. */
  function isAnyWaiting(): boolean {
    return [...held].some(([id, { wasAccepted }]) => !wasAccepted && isWaiting(id));
  }

  function isWaiting(id: string): boolean {
    const read = unlessLocked(() => ({ job: engine.get(id) }));
    // What cannot be read may wait.
    if (!read) return true;
    const { job } = read;
    return job !== undefined && isUnfinished(job) && !isAccepted(job);
  }

  function onJob(job: Job): void {
    const before = held.get(job.id);
    if (!before || before.wasAccepted) return;
    if (isAccepted(job)) {
      held.set(job.id, { wasAccepted: true });
      end([...open.keys()].filter((trouble) => !isThere(trouble)));
    } else if (!isUnfinished(job)) look();
  }

  function end(over: readonly Trouble[]): void {
    if (over.length === 0) return;
    const isLoud = over.some((trouble) => open.get(trouble)?.isLoud);
    const count = [...held.keys()].filter(goesOn).length;
    for (const trouble of over) open.delete(trouble);
    if (open.size === 0) forget();
    // What was cancelled meanwhile goes on no more.
    if (count === 0) return;
    const sentences = saidTroubles.flatMap((trouble) =>
      over.includes(trouble) ? (troubleTable[trouble].over?.() ?? []) : [],
    );
    say([...sentences, goOnSentence(count)].join(' '), isLoud);
  }

  function goesOn(id: string): boolean {
    const read = unlessLocked(() => ({ job: engine.get(id) }));
    const job = read?.job;
    return !read || (job !== undefined && (isUnfinished(job) || job.state === 'saved'));
  }

  function forget(): void {
    open.clear();
    held.clear();
  }

  const stopJobs = engine.onDidChangeJob(onJob);
  const stopQueue = engine.onDidChangeQueue(look);
  // Who entered a key was told where it was entered.
  const keySaid = onDidSayKeyWorks(() => open.delete('key'));
  look();

  return {
    isOpen: (trouble) => open.has(trouble) || isThere(trouble),
    dispose() {
      stopJobs();
      stopQueue();
      keySaid.dispose();
    },
  };
}

function isAccepted(job: Job): boolean {
  return 'taskId' in job;
}

function unlessLocked<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if (!isStoreError(thrown)) throw thrown;
    return undefined;
  }
}
