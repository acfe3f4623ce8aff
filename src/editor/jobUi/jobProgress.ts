import * as vscode from 'vscode';
import { isStoreError } from '../../jobs/store/storeErrors.ts';
import type { Engine } from '../../jobs/engine.ts';
import { isUnfinished, type Job, type RunningJob } from '../../jobs/job.ts';
import { expectedMs } from '../../jobs/steps/pollSchedule.ts';
import { movedOn, runForUser } from '../errors/errorActions.ts';
import { jobStatus } from './jobNotices.ts';
import { createUploadRate, type UploadRate } from './uploadRate.ts';
import { bytesPerSecond, duration, shortPrompt } from '../errors/messages.ts';
import { fillIn } from '../say/fillIn.ts';
import { inform, runWithProgress } from '../say/notifications.ts';

/**
 * Shows jobs in a notification that can be cancelled, until they have ended. Cancelling ends what
 * is free to end; what is paid goes on in the status bar, and the user is told so.
 */
export async function showProgress(engine: Engine, jobs: readonly Job[]): Promise<Job[]> {
  const [first] = jobs;
  const ids = jobs.map((job) => job.id);
  const title = fillIn(vscode.l10n.t('Drawing "{0}"'), shortPrompt(first?.prompt ?? ''));
  return await runWithProgress(title, async (report, token) => {
    const startedMs = Date.now();
    const rate = createUploadRate();
    let shown = 0;
    /** Undefined while the store cannot be read. */
    function jobsNow(): Job[] | undefined {
      try {
        return ids.flatMap((id) => engine.get(id) ?? []);
      } catch (thrown) {
        if (!isStoreError(thrown)) throw thrown;
        return undefined;
      }
    }
    function update(): void {
      const current = jobsNow();
      if (!current) return;
      const percent = shareDone(engine, current);
      const increment = Math.max(0, percent - shown);
      shown += increment;
      const message = messageFor(engine, current, rate, Date.now() - startedMs);
      report(message, increment);
    }
    const timer = setInterval(update, 1_000);
    const stopListening = engine.onDidChangeJob(update);
    update();
    try {
      return await engine.whenSettled(
        ids,
        signalOf(token, () => engine.whenFree(() => cancelFree(engine, ids))),
      );
    } finally {
      clearInterval(timer);
      stopListening();
    }
  });
}

function signalOf(token: vscode.CancellationToken, onCancel: () => unknown): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => {
    runForUser(onCancel);
    controller.abort();
  });
  return controller.signal;
}

function cancelFree(engine: Engine, ids: readonly string[]): void {
  const paid = ids.filter((id) => {
    const job = engine.get(id);
    // Another window's job is cancelled by asking that window, which does not say whether it could.
    return job && isUnfinished(job) && ('taskId' in job || !engine.cancel(id));
  });
  if (paid.length === 0) return;
  const stop = vscode.l10n.t('Stop Watching');
  const message = vscode.l10n.t(
    'What is submitted is paid, and EvoLink cannot cancel it. It goes on in the background and will be saved. If you stop watching it, "Show Jobs" recovers it within 24 hours.',
  );
  void inform(message, stop).then((chosen) => {
    if (chosen !== stop) return;
    runForUser(async () => {
      let hasStopped = false;
      for (const id of paid) if (await engine.whenFree(() => engine.stop(id))) hasStopped = true;
      if (!hasStopped) throw movedOn();
    });
  });
}

/** 0–100 over all jobs, by what the provider tells and what earlier images took. */
function shareDone(engine: Engine, jobs: readonly Job[]): number {
  const shares = jobs.map((job) => (isUnfinished(job) ? shareOf(engine, job) : 100));
  return shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
}

/** Sending the references is the lesser part of it. */
const uploadShare = 10;

function shareOf(engine: Engine, job: Job): number {
  if (job.state === 'downloading') return 97;
  if (job.state === 'uploading') return ((job.progress ?? 0) / 100) * uploadShare;
  if (job.state !== 'running') return 0;
  if (job.progress) return Math.min(97, job.progress);
  // Guessing ends before the end: a bar at 100 per cent that stays there is a lie.
  return Math.min(95, (elapsedOf(job) / expectedMs(scheduleFactsOf(engine, job))) * 95);
}

function elapsedOf(job: RunningJob): number {
  return Math.max(0, Date.now() - job.acceptedAt);
}

function scheduleFactsOf(engine: Engine, job: RunningJob) {
  const earlierMs = engine.durations(job.model, job.quality);
  return { earlierMs, ...(job.estimatedMs !== undefined && { estimatedMs: job.estimatedMs }) };
}

function messageFor(
  engine: Engine,
  jobs: readonly Job[],
  rate: UploadRate,
  elapsedMs: number,
): string {
  const parts: string[] = [];
  const unfinished = jobs.filter(isUnfinished);
  if (jobs.length > 1)
    parts.push(fillIn(vscode.l10n.t('{0} of {1}'), jobs.length - unfinished.length, jobs.length));
  const [current] = unfinished;
  const status = current && statusText(engine, current);
  if (status) parts.push(status);
  const speed = current && speedText(current, rate);
  if (speed) parts.push(speed);
  parts.push(duration(elapsedMs));
  const leftMs = timeLeftMs(engine, unfinished);
  if (leftMs !== undefined) parts.push(fillIn(vscode.l10n.t('about {0} left'), duration(leftMs)));
  return parts.join(' · ');
}

/** Nothing where the title says it already. */
function statusText(engine: Engine, job: Job): string | undefined {
  if (job.state === 'running')
    return job.progress ? fillIn(vscode.l10n.t('{0} %'), Math.round(job.progress)) : undefined;
  const pause = engine.pause();
  if (job.state !== 'queued' || !pause) return jobStatus(job);
  if (pause.untilMs === undefined) return vscode.l10n.t('Paused');
  return fillIn(vscode.l10n.t('EvoLink asks to wait, {0}'), duration(pause.untilMs - Date.now()));
}

function speedText(job: Job, rate: UploadRate): string | undefined {
  if (job.state !== 'uploading' || job.sentBytes === undefined) return undefined;
  const perSecond = rate.note(job.id, job.sentBytes);
  return perSecond === undefined ? undefined : bytesPerSecond(perSecond);
}

/** Only when it can be told honestly: everything is being drawn, and nothing is overdue. */
function timeLeftMs(engine: Engine, jobs: readonly Job[]): number | undefined {
  const lefts = jobs.map((job) => (job.state === 'running' ? timeLeftOf(engine, job) : undefined));
  const known = lefts.filter((left) => left !== undefined);
  if (known.length === 0 || known.length < lefts.length) return undefined;
  const longest = Math.max(...known);
  return longest > 1_000 ? longest : undefined;
}

/** By what the provider tells once it tells enough, else by what earlier images took. */
function timeLeftOf(engine: Engine, job: RunningJob): number {
  const elapsedMs = elapsedOf(job);
  const { progress } = job;
  if (progress === undefined || progress < 10)
    return expectedMs(scheduleFactsOf(engine, job)) - elapsedMs;
  // The progress is as old as the last question; what has passed since counts down.
  const sinceMs = Date.now() - (job.progressAt ?? Date.now());
  return ((elapsedMs - sinceMs) * (100 - progress)) / progress - sinceMs;
}
