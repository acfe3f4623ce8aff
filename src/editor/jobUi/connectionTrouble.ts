import type { Engine } from '../../jobs/engine.ts';
import type { JobError } from '../../jobs/job.ts';
import { toJobError } from '../../jobs/jobError.ts';
import type { PauseReason } from '../../jobs/queuePause.ts';

/** What is at fault, as far as that can be mended or passes. */
type Matter = 'key' | 'network' | 'rateLimited' | 'credits';

/** What is wrong with images that are drawn or fetched, unless the queue's pause says the same. */
export function troubleBesidePause(
  engine: Pick<Engine, 'pause' | 'trouble'>,
  isPauseSaid: boolean,
): JobError | undefined {
  const trouble = engine.trouble();
  if (!trouble) return undefined;
  const error = toJobError(trouble);
  const reason = isPauseSaid ? engine.pause()?.reason : undefined;
  return reason !== undefined && matterOf(error) === reason ? undefined : error;
}

/** @returns undefined for what is no matter of key, network, waits or credits. */
export function matterOf({ code }: Pick<JobError, 'code'>): (Matter & PauseReason) | undefined {
  switch (code) {
    case 'noKey':
    case 'auth':
    case 'forbidden':
      return 'key';
    case 'network':
    case 'timeout':
    case 'server':
      return 'network';
    case 'rateLimited':
      return 'rateLimited';
    case 'credits':
      return 'credits';
    default:
      return undefined;
  }
}
