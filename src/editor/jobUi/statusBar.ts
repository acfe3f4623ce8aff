import * as vscode from 'vscode';
import type { Engine } from '../../jobs/engine.ts';
import type { Job } from '../../jobs/job.ts';
import { jobStatus, jobTitle } from './jobNotices.ts';
import { showIdle } from './statusItem.ts';
import { duration } from '../errors/messages.ts';

/** Finished, and waiting for a workspace that is not open: nothing goes on that could be shown. */
function isWaitingElsewhere(job: Job): boolean {
  return job.state === 'downloading' && job.isWaitingForWorkspace === true;
}

/** Jobs under way, in the status bar; without any, the way to the Studio alone. */
export function registerStatusBar(engine: Engine, item: vscode.StatusBarItem): vscode.Disposable {
  function update(): void {
    const jobs = engine.listUnfinished().filter((job) => !isWaitingElsewhere(job));
    if (jobs.length === 0) {
      showIdle(item);
      return;
    }
    const pause = engine.pause();
    const icon = pause ? '$(debug-pause)' : '$(loading~spin)';
    const count =
      jobs.length === 1 ? vscode.l10n.t('1 image') : vscode.l10n.t('{0} images', jobs.length);
    item.text = `${icon} ${count}${pauseText()}`;
    item.tooltip = jobs
      .slice(0, 12)
      .map((job) => `${jobTitle(job)}: ${jobStatus(job)}`)
      .join('\n');
    item.accessibilityInformation = {
      label: vscode.l10n.t('Image Studio: {0} in progress', count) + pauseText(),
    };
  }

  function pauseText(): string {
    const pause = engine.pause();
    if (pause?.reason === 'network')
      return ` · ${vscode.l10n.t('EvoLink cannot be reached, goes on by itself')}`;
    if (pause?.reason === 'key') return ` · ${vscode.l10n.t('waiting for an API key')}`;
    if (pause?.untilMs !== undefined) {
      const wait = duration(pause.untilMs - Date.now());
      return ` · ${vscode.l10n.t('EvoLink asks to wait, {0}', wait)}`;
    }
    if (pause?.reason === 'credits') return ` · ${vscode.l10n.t('out of credits')}`;
    if (pause) return ` · ${vscode.l10n.t('paused')}`;
    const trouble = engine.trouble();
    if (!trouble) return '';
    switch (trouble.code) {
      case 'noKey':
      case 'auth':
        return ` · ${vscode.l10n.t('waiting for an API key')}`;
      case 'notFound':
        return ` · ${vscode.l10n.t('not found at EvoLink now, looked for again')}`;
      default:
        return ` · ${vscode.l10n.t('EvoLink cannot be reached')}`;
    }
  }

  const stopJobs = engine.onDidChangeJob(update);
  const stopQueue = engine.onDidChangeQueue(update);
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
  });
}
