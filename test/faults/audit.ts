import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRecoverable, isUnfinished, type Job, type SavedJob } from '../../src/jobs/job.ts';
import { storageLayout } from '../../src/jobs/storageLayout.ts';
import type { LoggedRequest, TaskRecord } from '../fakeEvolink/types.ts';
import type { FaultFixture } from './fixture.ts';
import { counters } from './counters.ts';
import { imageHash } from './imageHash.ts';

/** The promises, checked on a store, a folder and the server's own books after all has ended. */
export async function audit(fixture: FaultFixture, jobs: readonly Job[]): Promise<void> {
  const prompts = new Set(jobs.map((job) => job.prompt));
  const tasks = (await fixture.api.tasks()).filter(
    (task) => prompts.has(task.prompt) || jobs.some((job) => isOf(task, job)),
  );
  const creates = (await fixture.api.log({ route: 'create' })).filter((request) =>
    prompts.has(promptOf(request)),
  );
  const problems = [
    ...unended(jobs),
    ...billedTwice(jobs, tasks, creates),
    ...(await lost(jobs, tasks, fixture.outFolder)),
    ...(await leftovers(fixture, jobs)),
    ...halfSeen(fixture, tasks),
  ];
  counters['tasks accepted'] += tasks.length;
  counters['images saved'] += jobs.filter((job) => job.state === 'saved').length;
  counters['jobs that say why not'] += jobs.filter(saysWhyNot).length;
  assert.deepEqual(problems, []);
}

/** Prompts are often the same; a key is of one request, and an id of one task. */
function isOf(task: TaskRecord, job: Job): boolean {
  return task.idempotencyKey === job.idempotencyKey || ('taskId' in job && job.taskId === task.id);
}

function promptOf(request: LoggedRequest): string {
  return (request.json as { prompt: string } | undefined)?.prompt ?? '';
}

function unended(jobs: readonly Job[]): string[] {
  return jobs
    .filter((job) => isUnfinished(job) || (job.state === 'failed' && !job.error.code))
    .map((job) => `${job.prompt}: still ${job.state}`);
}

/** One key for one request, and one task for one key. */
function billedTwice(
  jobs: readonly Job[],
  tasks: readonly TaskRecord[],
  creates: readonly LoggedRequest[],
): string[] {
  const ownKeys = new Set<unknown>(jobs.map((job) => job.idempotencyKey));
  const problems = creates.flatMap((request) => {
    const key = request.headers['idempotency-key'];
    return ownKeys.has(key) ? [] : [`${promptOf(request)}: sent with the key ${String(key)}`];
  });
  for (const job of jobs) {
    const made = tasks.filter((task) => isOf(task, job));
    if (made.length > 1) problems.push(`${job.prompt}: ${String(made.length)} tasks`);
  }
  counters['billed twice'] += problems.length;
  return problems;
}

async function lost(
  jobs: readonly Job[],
  tasks: readonly TaskRecord[],
  outFolder: string,
): Promise<string[]> {
  const files = await contents(outFolder);
  const problems = tasks.flatMap((task) => {
    const job = jobs.find((each) => isOf(task, each));
    const count = files.filter(({ sha256 }) => sha256 === task.sha256).length;
    if (job?.state === 'saved') {
      const isThere = files.some(
        ({ path, sha256 }) => path === fileURLToPath(job.uri) && sha256 === task.sha256,
      );
      return isThere && count === 1 ? [] : [`${task.prompt}: ${String(count)} files`];
    }
    const isKept = job && saysWhyNot(job) && (isNotToBeHad(task) || isReachable(job));
    return isKept ? [] : [`${task.prompt}: lost (${job?.state ?? 'no job'})`];
  });
  counters.lost += problems.length;
  const expected = jobs.filter((job) => isSavedIn(job, outFolder)).length;
  if (files.length !== expected)
    problems.push(`${String(files.length)} files for ${String(expected)} saved jobs`);
  return problems;
}

/** The provider failed, and paid it back. */
function isNotToBeHad(task: TaskRecord): boolean {
  return task.status === 'failed' || task.status === 'cancelled';
}

/** A user can still get the image of a paid task, without paying again. */
function isReachable(job: Job): boolean {
  return isRecoverable(job) || job.state === 'unconfirmed';
}

function isSavedIn(job: Job, folder: string): job is SavedJob {
  return job.state === 'saved' && fileURLToPath(job.uri).startsWith(folder);
}

function saysWhyNot(job: Job): boolean {
  if (job.state === 'failed' || job.state === 'unconfirmed') return job.error.code.length > 0;
  return job.state === 'stopped';
}

async function contents(folder: string): Promise<{ path: string; sha256: string }[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  return await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { path, sha256: imageHash(await readFile(path)) };
    }),
  );
}

/** Nothing temporary stays, but for whole images of jobs that may yet be tried again. */
async function leftovers(fixture: FaultFixture, jobs: readonly Job[]): Promise<string[]> {
  const kept = new Set(jobs.filter(isRecoverable).map((job) => `${job.id}.image`));
  const { temp: tempFolder } = storageLayout(fixture.stateFolder);
  const temp: string[] = [];
  for (const name of await readdir(tempFolder).catch(() => []))
    if (!(await isNoteOfNothing(join(tempFolder, name)))) temp.push(name);
  const hidden = (await readdir(fixture.outFolder)).filter((name) => name.startsWith('.'));
  return [...temp.filter((name) => !kept.has(name)), ...hidden].map((name) => `left: ${name}`);
}

/** A window that is killed may leave the note of a file that is gone, for the next to remove. */
async function isNoteOfNothing(path: string): Promise<boolean> {
  return path.endsWith('.left') && !existsSync(await readFile(path, 'utf8'));
}

function halfSeen(fixture: FaultFixture, tasks: readonly TaskRecord[]): string[] {
  const whole = new Set(tasks.map((task) => task.sha256));
  return fixture.watch.seen
    .filter(({ sha256 }) => !whole.has(sha256))
    .map(({ name }) => `half a file was seen: ${name}`);
}
