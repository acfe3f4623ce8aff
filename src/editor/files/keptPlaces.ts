/** Places that have to be followed: those of jobs, and those that jobs may yet be ordered from. */
export interface KeptPlaces<Place> {
  /** Before there is a job, as while a question waits. */
  hold: (place: Place) => void;
  /** The place is followed no longer, but for jobs. */
  release: (place: Place) => void;
  keep: (jobIds: readonly string[], place: Place) => void;
  of: (jobId: string) => Place | undefined;
  all: () => Set<Place>;
}

/** @param maxJobs of more jobs than that the first are forgotten */
export function createKeptPlaces<Place>(maxJobs: number): KeptPlaces<Place> {
  const byJob = new Map<string, Place>();
  const held = new Set<Place>();
  return {
    hold(place) {
      held.add(place);
    },
    release(place) {
      held.delete(place);
    },
    keep(jobIds, place) {
      for (const id of jobIds) byJob.set(id, place);
      const tooMany = byJob.size - maxJobs;
      for (const id of [...byJob.keys()].slice(0, Math.max(0, tooMany))) byJob.delete(id);
    },
    of: (jobId) => byJob.get(jobId),
    all: () => new Set([...held, ...byJob.values()]),
  };
}
