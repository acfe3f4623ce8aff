import type { ErrorCode, ReferenceFault } from '../../appError.ts';
import { needsChange, type Remedy, remediesFor } from '../../jobs/actionsOf.ts';
import type { Job, JobError } from '../../jobs/job.ts';

/** What helps with a failure besides what can be done with its job. */
export type Help =
  | 'setKey'
  | 'topUp'
  /** The provider's site, where the limits of a key are set. */
  | 'openSite'
  | 'chooseModel'
  | 'checkConnection'
  | 'proxySettings'
  | 'certificateSettings'
  /** The setting that the error names. */
  | 'openSetting'
  | 'uploadSettings'
  | 'openFolder'
  | 'showJobs'
  | 'showLog';

export interface ErrorFacts {
  code: ErrorCode;
  proxy?: string;
  isUntrusted?: true;
  topUpUrl?: string;
  /** The provider's own. */
  providerCode?: string;
  /** The setting to mend. */
  setting?: string;
  reference?: ReferenceFault;
}

/** Limits of a key, which more credits of the account do not lift. */
const ofKey: ReadonlySet<string> = new Set([
  'insufficient_token_quota',
  'token_daily_quota_exceeded',
]);

/** What helps with a failure, whatever it happened to. The most useful comes first. */
export function helpFor(error: ErrorFacts): Help[] {
  if (error.setting !== undefined) return ['openSetting'];
  if (error.reference?.problem === 'uploadsOff') return ['uploadSettings'];
  switch (error.code) {
    case 'noKey':
    case 'auth':
    case 'forbidden':
      return ['setKey', 'showLog'];
    case 'credits':
      return ofKey.has(error.providerCode ?? '') ? ['setKey', 'openSite'] : ['topUp', 'setKey'];
    case 'modelGone':
      return ['chooseModel', 'showLog'];
    case 'network':
      if (error.proxy !== undefined) return ['proxySettings', 'showLog'];
      return [error.isUntrusted ? 'certificateSettings' : 'checkConnection', 'showLog'];
    case 'noWorkspace':
      return ['openFolder'];
    case 'cancelled':
      return [];
    case 'conflict':
      return ['showJobs', 'showLog'];
    case 'notFound':
    case 'tooLarge':
    case 'rateLimited':
    case 'moderated':
    case 'badRequest':
    case 'server':
    case 'timeout':
    case 'unconfirmed':
    case 'badImage':
    case 'writeFailed':
    case 'internal':
      return ['showLog'];
  }
}

/**
 * What to offer about failed jobs with the same error code, the most helpful first: what stops every
 * try comes before another try, and what the job itself needs before all else.
 */
export function helpForJobs(jobs: readonly Job[]): (Remedy | Help)[] {
  const [first] = jobs;
  if (first?.state !== 'failed' && first?.state !== 'unconfirmed') return [];
  if (jobs.length > 1 && first.state === 'unconfirmed') return ['showJobs'];
  const help = helpFor(first.error);
  const remedies = remediesFor(jobs);
  return stopsEveryTry(first.error) ? [...help, ...remedies] : [...remedies, ...help];
}

function stopsEveryTry(error: JobError): boolean {
  if (needsChange(error)) return false;
  const [help = 'showLog'] = helpFor(error);
  return help !== 'showLog' && help !== 'checkConnection' && help !== 'showJobs';
}
