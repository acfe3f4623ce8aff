import { fileURLToPath } from 'node:url';
import type { Job, NewJob } from '../../../src/jobs/job.ts';
import type { Destination } from '../../../src/jobs/resultFiles.ts';
import { isOver, isRecoverable, isUnfinished } from '../../../src/jobs/job.ts';
import { TransitionError } from '../../../src/jobs/transition.ts';
import { isStoreError } from '../../../src/jobs/store/storeErrors.ts';
import type { Ask, PlanEvent, UserAction } from '../plan.ts';
import { sha256Of } from './disk.ts';
import type { OpenWindow, World } from './world.ts';
import { pathToFileURL } from 'node:url';

const model = { model: 'gpt-image-1.5-lite', size: '1024x1024', quality: 'auto' };

/** What people do in the windows of a world. */
export function actAsUser(world: World, event: Extract<PlanEvent, { type: 'ask' | 'act' }>): void {
  const open = world.windows.get(event.window);
  if (!open || open.window.frozenUntilMs > world.scheduler.nowMs) return;
  attempt(world, open, () => {
    if (event.type === 'ask') ask(world, open, event);
    else act(world, open, event.action, event.pick);
  });
}

/** A refusal is told to the user, who may try again later. */
function attempt(world: World, { window }: OpenWindow, work: () => void): void {
  world.attempt(window, () => {
    try {
      work();
    } catch (thrown) {
      if (!(thrown instanceof TransitionError) && !isStoreError(thrown) && !isForeseen(thrown))
        throw thrown;
      world.trace.add(window.name, `refuses: ${String(thrown)}`);
    }
  });
}

function isForeseen(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    // What was over is gone with a store that somebody deleted, and a user is told so.
    /OwnedElsewhere|NoJobError|QueueError|AppError|EvolinkError/.test(thrown.name)
  );
}

function ask(world: World, { system, window }: OpenWindow, event: Ask): void {
  world.trace.add(
    window.name,
    `user asks for ${String(event.variations)} of "${event.prompt}" in ${event.folder}`,
  );
  const folderUri = world.folderUri(event.folder);
  const references = event.references.map(
    (number) => pathToFileURL(world.referencePaths[number % world.referencePaths.length]!).href,
  );
  const jobs = Array.from({ length: event.variations }, (_, index): NewJob => ({
    ...model,
    prompt: event.prompt,
    references,
    variation: index + 1,
    destination: { folderUri, name: '${promptSlug}', ...conversionOf(world) },
    ...(event.isOfWorkspace && { workspaceUri: folderUri }),
  }));
  system.engine.add(jobs);
}

function conversionOf({ plan }: World): Pick<Destination, 'conversion'> {
  if (!plan.conversion) return {};
  const format = { format: 'webp', quality: 80 } as const;
  const isInstead = plan.conversion === 'instead';
  return { conversion: { ...format, ...(isInstead && { replacesOriginal: true }) } };
}

function act(world: World, open: OpenWindow, action: UserAction, pick: number): void {
  const { engine } = open.system;
  const jobs = engine.listRecent(1000);
  const choose = (isFit: (job: Job) => boolean): Job | undefined => {
    const fit = jobs.filter(isFit);
    return fit[pick % Math.max(1, fit.length)];
  };
  const say = (job: Job | undefined, what: string) => {
    if (job) world.trace.add(open.window.name, `user ${what} ${job.id.slice(0, 8)} (${job.state})`);
    return job;
  };
  switch (action) {
    case 'cancel': {
      const job = say(choose(isUnfinished), 'cancels');
      if (job && engine.cancel(job.id)) world.ledger.onCancelled(job.idempotencyKey);
      return;
    }
    case 'stop': {
      const job = say(choose(isUnfinished), 'stops');
      if (job) engine.stop(job.id);
      return;
    }
    case 'resume': {
      const job = say(choose(isRecoverable), 'resumes');
      if (job) engine.resume(job.id);
      return;
    }
    case 'retry':
      retry(world, open, say(choose(mayRetry), 'tries again'));
      return;
    case 'retryTwice':
      retryTwice(world, open, say(choose(mayRetry), 'tries again, from two places,'), pick);
      return;
    case 'redirect': {
      const job = say(
        choose((each) => isRecoverable(each) || each.state === 'downloading'),
        'redirects',
      );
      if (job) engine.redirect(job.id, world.folderUri(pick % 2 ? 'work' : 'shared'));
      return;
    }
    case 'reorder': {
      const queued = jobs.filter((job) => job.state === 'queued');
      const [job, before] = [queued[pick % Math.max(1, queued.length)], queued[0]];
      if (job) engine.reorder(job.id, pick % 3 ? before?.id : undefined);
      return;
    }
    case 'recover': {
      const tasks = [...world.provider.tasks.values()];
      const task = tasks[pick % Math.max(1, tasks.length)];
      if (task) recover(world, open, task.id);
      return;
    }
    case 'adopt': {
      const job = say(
        choose((each) => each.state === 'unconfirmed' && !each.isSettled),
        'looks up',
      );
      if (job) adopt(world, open, job);
      return;
    }
    case 'pause':
      engine.pauseQueue('person');
      if (engine.pause()?.reason !== 'person') return;
      world.trace.add(open.window.name, 'user pauses the queue');
      world.ledger.pausedByUserMs ??= world.scheduler.nowMs;
      return;
    case 'continue':
      world.trace.add(open.window.name, 'user continues the queue');
      world.ledger.onImpatience();
      world.ledger.pausedByUserMs = undefined;
      engine.continueQueue();
      return;
    case 'deleteFile':
      deleteFile(
        world,
        choose((job) => job.state === 'saved'),
      );
  }
}

function mayRetry(job: Job): boolean {
  if (job.state === 'unconfirmed') return !job.isSettled;
  return job.state === 'cancelled' || (job.state === 'failed' && !isRecoverable(job));
}

/**
 * Nobody who is told that a job failed expects to pay twice by trying again; but for one that is told
 * to have failed because another job has its image.
 */
function retry(world: World, { system }: OpenWindow, job: Job | undefined): Job | undefined {
  if (!job) return undefined;
  const others = system.engine.listRecent(1000).filter(({ id }) => id !== job.id);
  const unknown = world.provider
    .tasksOf(job.idempotencyKey)
    .filter((task) => task.outcome === 'completed')
    .filter((task) => !others.some((other) => 'taskId' in other && other.taskId === task.id));
  if (job.state === 'failed' && unknown.length > 0)
    world.ledger.broken(
      'unwarned',
      `job ${job.id} is told as failed, and ${unknown[0]!.id} is paid`,
    );
  return system.engine.retry(job.id).job;
}

/** Between the two: a double click, somebody quick, and somebody who finds an old notification. */
const betweenPressesMs = [0, 0, 300, 20_000];

function retryTwice(world: World, open: OpenWindow, job: Job | undefined, pick: number): void {
  const first = retry(world, open, job);
  if (!job || !first) return;
  const betweenMs = betweenPressesMs[pick % betweenPressesMs.length] ?? 0;
  world.scheduler.after(betweenMs, undefined, () => {
    const there = [...world.windows.values()];
    const other = there[pick % Math.max(1, there.length)];
    if (!other || world.isHealed || other.window.frozenUntilMs > world.scheduler.nowMs) return;
    attempt(world, other, () => retryAsWell(world, other, job, first));
  });
}

/** Unless the first has come to a bad end by now, both are one wish. */
function retryAsWell(world: World, { system, window }: OpenWindow, job: Job, first: Job): void {
  const made = system.engine.get(first.id);
  if (!system.engine.get(job.id)) return;
  world.trace.add(window.name, `user tries ${job.id.slice(0, 8)} again, too`);
  const second = system.engine.retry(job.id).job;
  if (made && (made.state === 'saved' || !isOver(made)))
    world.ledger.onAskedTwice([first.idempotencyKey, second.idempotencyKey]);
}

function recover(world: World, { system, window }: OpenWindow, taskId: string): void {
  world.trace.add(window.name, `user recovers ${taskId}`);
  const destination = { folderUri: world.folderUri('work'), name: 'recovered' };
  system.engine.recover(taskId, { ...model, destination });
}

/** The account's list shows what became of it. */
export function adopt(world: World, { system }: OpenWindow, job: Job): void {
  const [task] = world.provider
    .tasksOf(job.idempotencyKey)
    .filter((each) => world.provider.keys.get(world.key)?.account === each.account)
    .filter((each) => each.baseUrl === world.apiUrl);
  if (task) system.engine.adopt(job.id, task.id);
}

function deleteFile(world: World, job: Job | undefined): void {
  if (job?.state !== 'saved') return;
  const path = fileURLToPath(job.uri);
  const node = world.disk.find(path);
  if (!node) return;
  world.trace.add('user', `deletes ${path}`);
  // Another's image may be there, since an earlier one was deleted.
  world.ledger.deletedByUser.add(sha256Of(node.data));
  world.disk.unlink(path, true);
}

/** With all in order again, a user takes up whatever waits for one. */
export function tidyUp(world: World, open: OpenWindow): void {
  const { engine } = open.system;
  for (const model of Object.keys(engine.heldModels())) {
    world.trace.add(open.window.name, 'user tries the model again');
    attempt(world, open, () => engine.releaseModel(model));
  }
  const pause = engine.pause();
  if (pause && pause.untilMs === undefined) {
    world.ledger.pausedByUserMs = undefined;
    world.ledger.onImpatience();
    attempt(world, open, () => engine.continueQueue());
  }
  for (const job of engine.listRecent(10_000)) {
    attempt(world, open, () => {
      if (isRecoverable(job)) engine.resume(job.id);
      else if (job.state === 'unconfirmed' && !job.isSettled) adopt(world, open, job);
    });
  }
}
