import type { DatabaseSync } from 'node:sqlite';
import type { Job } from '../job.ts';
import type { Platform } from '../platform.ts';
import { decodeJob } from './jobCodec.ts';

/** Far more than anyone draws; bounds the search when the store cannot say how many it holds. */
const maxRows = 100_000;

/**
 * The jobs that can still be read in a damaged store, row by row: damage to one page hides the
 * rows on that page only, and each of the others may be an image that is paid.
 */
export function salvageJobs(path: string, platform: Platform): Job[] {
  let database: DatabaseSync | undefined;
  try {
    database = platform.openDatabase(path);
    return [...readRows(database)];
  } catch {
    return [];
  } finally {
    database?.close();
  }
}

function* readRows(database: DatabaseSync): Generator<Job> {
  const statement = database.prepare('SELECT id, data FROM jobs WHERE rowid = ?');
  const last = lastRow(database);
  const seen = new Set<string>();
  for (let rowid = 1; rowid <= last; rowid += 1) {
    const job = attempt(() => toJob(statement.get(rowid)));
    if (!job || seen.has(job.id)) continue;
    seen.add(job.id);
    yield job;
  }
}

function lastRow(database: DatabaseSync): number {
  const row = attempt(() => database.prepare('SELECT max(rowid) AS last FROM jobs').get());
  return Math.min(Number(row?.['last'] ?? maxRows), maxRows);
}

function toJob(row: Record<string, unknown> | undefined): Job | undefined {
  if (typeof row?.['data'] !== 'string') return undefined;
  return decodeJob({ id: String(row['id']), data: row['data'] });
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
