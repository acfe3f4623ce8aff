import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRecoverable, isUnfinished, type Job, type JobState } from '../../../src/jobs/job.ts';
import { type Disk, sha256Of } from '../world/disk.ts';
import type { Provider, SimTask } from '../world/provider.ts';
import type { Plan } from '../plan.ts';
import type { Ledger } from './ledger.ts';

export interface AuditContext {
  jobs: readonly Job[];
  /** Requests that users made, in whichever window, and their last state. */
  asked: ReadonlyMap<string, JobState>;
  provider: Provider;
  disk: Disk;
  resultFolders: readonly string[];
  tempFolder: string;
  ledger: Ledger;
  /** The store was lost while no window could have kept it. */
  isStoreLost: boolean;
  /** What is saved may have been forgotten, and be asked for again. */
  isHistoryLost: boolean;
  keepsUploads: boolean;
  /** Where files that are made of results are put. */
  conversion: Plan['conversion'];
  /** Names that were taken away may have come back: harmless, and not worth writing through. */
  wasPowerCut: boolean;
}

/** What must hold when all faults have ceased for long, and one healthy window had all it needs. */
export function audit(context: AuditContext): void {
  const { jobs, ledger, asked, isStoreLost } = context;
  const known = new Set(jobs.map(({ id }) => id));
  for (const [id, state] of asked)
    if (!known.has(id) && !isStoreLost && !hasEnded.includes(state))
      ledger.broken('forgotten', `job ${id} was ${state}, and is in no store`);
  for (const job of jobs)
    if (isUnfinished(job))
      ledger.broken(`stuck, ${job.state}`, `${name(job)} is ${job.state} for ever`);
  for (const task of context.provider.tasks.values())
    if (task.outcome === 'completed') auditTask(task, context);
  auditSaved(context);
  auditLeftovers(context);
  auditUploads(context);
}

/** What is forgotten of these is only history. */
const hasEnded: readonly JobState[] = ['saved', 'failed', 'cancelled'];

function name(job: Job): string {
  return `job ${job.id} "${job.prompt}"`;
}

/** Paid and completed: its bytes are on the disk once, or its job says how to get them. */
function auditTask(task: SimTask, context: AuditContext): void {
  const { jobs, ledger, provider } = context;
  const places = placesOf(task.sha256, context);
  const converted = placesOf(task.convertedSha256, context);
  const isOnce = context.conversion === 'instead' ? [...places, ...converted] : places;
  for (const many of [isOnce, converted])
    if (many.length > 1 && !context.isHistoryLost)
      ledger.broken('duplicated', `${task.id} is at ${many.join(' and at ')}`);
  const { deletedByUser } = ledger;
  if (isOnce.length > 0 || deletedByUser.has(task.sha256)) return;
  if (context.conversion === 'instead' && deletedByUser.has(task.convertedSha256)) return;
  const own = jobs.filter(
    (job) =>
      job.idempotencyKey === task.idempotencyKey || ('taskId' in job && job.taskId === task.id),
  );
  if (own.length === 0 && context.isStoreLost) return;
  // Its user was told that it may have been paid, and chose to pay again.
  if (own.some((job) => job.state === 'unconfirmed' && job.isSettled)) return;
  const others = provider.tasksOf(task.idempotencyKey).length > 1;
  if (others && own.some((job) => job.state === 'saved')) return;
  const states = own.map((job) => `${name(job)} is ${told(job)}`).join(', ');
  const kind = own[0] ? `lost, ${kindOf(own[0])}` : 'lost';
  ledger.broken(kind, `${task.id} is paid and completed, and ${states || 'no job knows it'}`);
}

function kindOf(job: Job): string {
  if (job.state !== 'failed' && job.state !== 'unconfirmed') return job.state;
  return `${job.state}${isRecoverable(job) ? ' recoverably' : ''} as ${job.error.code}`;
}

function told(job: Job): string {
  if (job.state !== 'failed' && job.state !== 'unconfirmed') return job.state;
  const way = isRecoverable(job) ? ' but recoverable' : '';
  return `${job.state}${way} (${job.error.code}: ${job.error.message})`;
}

function placesOf(sha256: string, { disk, resultFolders }: AuditContext): string[] {
  return resultFolders.flatMap((folder) =>
    [...disk.files(folder)].flatMap(([path, node]) =>
      sha256Of(node.data) === sha256 && !basename(path).startsWith('.') ? [path] : [],
    ),
  );
}

function auditSaved({ jobs, disk, ledger }: AuditContext): void {
  const places = new Map<string, Job>();
  for (const job of jobs) {
    if (job.state !== 'saved' || ledger.deletedByUser.has(job.sha256)) continue;
    const other = places.get(job.uri);
    if (other) ledger.broken('sharedPlace', `${name(job)} and ${name(other)} are both ${job.uri}`);
    places.set(job.uri, job);
    for (const { uri, sha256 } of [job, job.converted ?? job]) {
      const node = disk.find(fileURLToPath(uri));
      if (!node || sha256Of(node.data) !== sha256)
        ledger.broken('savedButGone', `${name(job)} is saved, and ${uri} is not its image`);
    }
    const isAsAsked = job.converted ?? job.isConverted ?? job.conversionFault;
    if (job.destination.conversion && !isAsAsked)
      ledger.broken('unconverted', `${name(job)} is saved without its file, and does not say why`);
  }
}

/** Nothing temporary stays, but for whole images of jobs that may yet be tried again. */
function auditLeftovers(context: AuditContext): void {
  const { disk, resultFolders, tempFolder, jobs, ledger, wasPowerCut } = context;
  // Nobody can know whose they are.
  if (context.isStoreLost) return;
  const kept = new Set(jobs.filter(isRecoverable).map((job) => job.id));
  for (const folder of resultFolders)
    for (const [path, node] of disk.files(folder)) {
      const isTemporary = basename(path).startsWith('.') && !wasPowerCut;
      if (isTemporary || node.data.length === 0)
        ledger.broken('leftover', `${path} was left behind`);
    }
  const known = new Set(jobs.map(({ id }) => id));
  for (const [path] of disk.files(tempFolder)) {
    const [id = ''] = basename(path).split('.');
    // Its removal was undone, and its job was over and is forgotten: what may be paid is kept.
    const isForgotten = wasPowerCut && context.isHistoryLost && !known.has(id);
    if (!kept.has(id) && !isForgotten) ledger.broken('leftover', `${path} was left behind`);
  }
}

/** The account of the last key holds no reference that no job needs. */
function auditUploads({ provider, ledger, keepsUploads, isStoreLost }: AuditContext): void {
  if (keepsUploads || isStoreLost) return;
  for (const { id, name: file } of provider.filesOf('alice'))
    ledger.broken('uploadLeft', `${id} (${file}) stays on the service`);
}
