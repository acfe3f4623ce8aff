import { type ConverterOptions, createConverter } from '../../src/images/convert/converter.ts';
import { openJobSystemWhenFree } from '../../src/jobs/openJobSystem.ts';
import { jobSystemOptions, type JobSystemPlace } from '../support/jobSystemOptions.ts';

/**
 * A window without a window: works on a store until it is killed. Says `ready` when it has begun,
 * a line for every step of a job, and `done` when nothing is left to do.
 */
const settings = JSON.parse(process.argv[2] ?? '') as WorkerSettings;

export interface WorkerSettings extends JobSystemPlace {
  waitScale: number;
  maxConcurrent: number;
  /** What makes files of other formats, if anything. */
  converter?: Pick<ConverterOptions, 'workerPath' | 'codecFiles'>;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

// Nothing of a job system keeps a process alive by itself, not even the wait for a locked store.
setInterval(() => undefined, 60_000);
const { waitScale, maxConcurrent, converter, ...place } = settings;
const jobSystem = await openJobSystemWhenFree(
  {
    ...jobSystemOptions(place),
    waitScale,
    ...(converter && { converter: createConverter(converter) }),
  },
  new AbortController().signal,
  () => undefined,
);
const { engine } = jobSystem;
engine.setMaxConcurrent(maxConcurrent);
jobSystem.start();
say('ready');
engine.onDidChangeJob((job) => say(`${job.state} ${job.id}`));
void engine
  .whenSettled(
    engine.listUnfinished().map((job) => job.id),
    new AbortController().signal,
  )
  .then(() => say('done'));
