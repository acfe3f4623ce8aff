import { isRecoverable, isUnfinished, type Job } from '../../jobs/job.ts';

/** Jobs by what they mean to a user, each list in the order given. */
export interface JobSections {
  /** What only the user can decide: paid and not saved, perhaps paid, or held. */
  needUser: Job[];
  underWay: Job[];
  /** The newest of what has ended otherwise. */
  earlier: Job[];
}

/** More is the gallery's, which shows the images. */
const maxEarlier = 20;

/**
 * @param unfinished all that are under way, in the order of the queue
 * @param recent the newest jobs of any state, the newest first
 * @param isHeld whether the model of a job is refused
 */
export function jobSections(
  unfinished: readonly Job[],
  recent: readonly Job[],
  isHeld: (job: Job) => boolean,
): JobSections {
  const ended = recent.filter((job) => !isUnfinished(job));
  const isWaiting = (job: Job) => job.state === 'downloading' && job.isWaitingForWorkspace === true;
  const stands = (job: Job) => isWaiting(job) || (job.state === 'queued' && isHeld(job));
  return {
    needUser: [...ended.filter(isOpen), ...unfinished.filter(stands)],
    underWay: unfinished.filter((job) => !stands(job)),
    earlier: ended.filter((job) => !isOpen(job)).slice(0, maxEarlier),
  };
}

/** Ended, and paid or perhaps paid without an image. */
function isOpen(job: Job): boolean {
  return job.state === 'unconfirmed' ? !job.isSettled : isRecoverable(job);
}
