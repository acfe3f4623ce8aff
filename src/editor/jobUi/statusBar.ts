import * as vscode from 'vscode';
import type { Engine } from '../../jobs/engine.ts';
import type { Job } from '../../jobs/job.ts';
import { matterOf } from './connectionTrouble.ts';
import { jobStatus, jobTitle } from './jobNotices.ts';
import { idle } from './statusItem.ts';
import type { StatusItem } from '../say/statusItem.ts';
import { isStoreError } from '../../jobs/store/storeErrors.ts';
import { duration } from '../errors/messages.ts';
import { fillIn } from '../say/fillIn.ts';

/** Finished, and waiting for a workspace that is not open: nothing goes on that could be shown. */
function isWaitingElsewhere(job: Job): boolean {
  return job.state === 'downloading' && job.isWaitingForWorkspace === true;
}

const batchMs = 50;
/** More than are shown; the others are only counted. */
const listed = 100;

/** Jobs under way, in the status bar; without any, the way to the Studio alone. */
export function registerStatusBar(engine: Engine, item: StatusItem): vscode.Disposable {
  let updateTimer: NodeJS.Timeout | undefined;

  /** Once for all jobs that change within a moment. */
  function updateSoon(): void {
    updateTimer ??= setTimeout(() => {
      updateTimer = undefined;
      update();
    }, batchMs);
  }

  function update(): void {
    try {
      show();
    } catch (thrown) {
      // What is shown stays until the store can be read.
      if (!isStoreError(thrown)) throw thrown;
    }
  }

  function show(): void {
    const first = engine.listUnfinished(listed);
    const jobs = first.filter((job) => !isWaitingElsewhere(job));
    // Those that wait elsewhere are few, and were there before those that wait in the queue.
    const total = engine.countUnfinished() - (first.length - jobs.length);
    if (total === 0 && !engine.storeTrouble()) {
      item.update(idle());
      return;
    }
    const pause = engine.pause();
    const icon = pause ? 'debug-pause' : 'loading~spin';
    const count =
      total === 1 ? vscode.l10n.t('1 image') : fillIn(vscode.l10n.t('{0} images'), total);
    item.update({
      icon,
      text: `${count}${pauseText()}`,
      tooltip: jobs.slice(0, 12).map((job) => `${jobTitle(job)}: ${jobStatus(job)}`),
      label: fillIn(vscode.l10n.t('Image Studio: {0} in progress'), count) + pauseText(),
    });
  }

  function pauseText(): string {
    if (engine.storeTrouble()) return ` · ${vscode.l10n.t('the list of images cannot be used')}`;
    const pause = engine.pause();
    if (pause?.reason === 'network')
      return ` · ${vscode.l10n.t('EvoLink cannot be reached, goes on by itself')}`;
    if (pause?.reason === 'key') return ` · ${vscode.l10n.t('waiting for an API key')}`;
    if (pause?.untilMs !== undefined) {
      const wait = duration(pause.untilMs - Date.now());
      return ` · ${fillIn(vscode.l10n.t('EvoLink asks to wait, {0}'), wait)}`;
    }
    if (pause?.reason === 'credits') return ` · ${vscode.l10n.t('out of credits')}`;
    if (pause) return ` · ${vscode.l10n.t('paused')}`;
    const trouble = engine.trouble();
    if (!trouble) return '';
    switch (matterOf(trouble)) {
      case 'key':
        return ` · ${vscode.l10n.t('waiting for an API key')}`;
      case 'rateLimited':
        return ` · ${vscode.l10n.t('EvoLink asks to wait')}`;
      case 'credits':
        return ` · ${vscode.l10n.t('out of credits')}`;
      default:
        return trouble.code === 'notFound'
          ? ` · ${vscode.l10n.t('not found at EvoLink now, looked for again')}`
          : ` · ${vscode.l10n.t('EvoLink cannot be reached')}`;
    }
  }

  const stopJobs = engine.onDidChangeJob(updateSoon);
  const stopQueue = engine.onDidChangeQueue(updateSoon);
  // Only a pause counts down by itself.
  const timer = setInterval(() => {
    if (engine.pause()?.untilMs !== undefined) update();
  }, 1_000);
  timer.unref();
  update();
  return new vscode.Disposable(() => {
    stopJobs();
    stopQueue();
    clearInterval(timer);
    clearTimeout(updateTimer);
  });
}
