import type { Platform } from '../platform.ts';
import { fieldSql, unfinished } from './database.ts';
import { decodeJob } from './jobCodec.ts';
import type { PatientDatabase } from './patience.ts';
import type { JobRecord, StoreRecords, UploadRecord, UploadUse, WindowRecord } from './records.ts';
import { isBusy } from './storeErrors.ts';

/** Far more than anyone draws; bounds the search when the store cannot say how many it holds. */
const maxRows = 100_000;

type Readable = Pick<PatientDatabase, 'prepare'>;
type Setting = StoreRecords['settings'][number];

const nothing: StoreRecords = {
  jobs: [],
  uploads: [],
  uses: [],
  areUsesWhole: false,
  windows: [],
  settings: [],
  pause: null,
};

/** Of what a job in this state may yet become, an image may be saved. */
const isUnsettled = `(state IN (${unfinished}, 'stopped', 'unconfirmed')
  OR (state = 'failed' AND ${fieldSql('isRecoverable')} IS NOT NULL))`;

/**
 * What can still be read in a damaged store, but for jobs that have come to their end: those may be
 * many, see `salvageHistory`.
 * @throws as busy while a window that has it open still writes: nothing is passed over for that
 */
export function salvageRecords(path: string, platform: Platform): StoreRecords {
  const records = read(path, platform, (database): StoreRecords => {
    const uses = readAll(database, 'upload_uses') as UploadUse[] | undefined;
    return {
      jobs: readJobs(database, isUnsettled),
      uploads: readRows(database, 'uploads') as UploadRecord[],
      uses: uses ?? [],
      areUsesWhole: uses !== undefined,
      windows: (readAll(database, 'windows') ?? []) as WindowRecord[],
      settings: (readAll(database, 'settings') ?? []) as Setting[],
      pause: pauseOf(readAll(database, 'queue')),
    };
  });
  return records ?? nothing;
}

/** So many of these are taken over within some milliseconds. */
const historyAtOnce = 200;

/**
 * Jobs that have come to their end there, from a row on, and the row after them; none after the last.
 * @throws likewise
 */
export function salvageHistory(
  path: string,
  platform: Platform,
  from: number,
): { jobs: JobRecord[]; next: number | undefined } {
  const part = read(path, platform, (database) => {
    // What has no readable table of jobs has no row to look for either.
    if (!attempt(() => database.prepare('SELECT * FROM jobs'))) return undefined;
    const next = from + historyAtOnce;
    const jobs = readJobs(database, `NOT ${isUnsettled}`, { from, to: next - 1 });
    return { jobs, next: next <= lastRow(database, 'jobs') ? next : undefined };
  });
  return part ?? { jobs: [], next: undefined };
}

/** @returns undefined for what is no store. */
function read<T>(path: string, platform: Platform, work: (database: Readable) => T): T | undefined {
  let database: ReturnType<Platform['openDatabase']> | undefined;
  try {
    database = platform.openDatabase(path);
    return work(database);
  } catch (thrown) {
    if (isBusy(thrown)) throw thrown;
    return undefined;
  } finally {
    database?.close();
  }
}

/**
 * What has not come to its end yet in a store that is whole, but no longer the one at its path. To
 * be called before another is opened there: SQLite finds the journal of a database by its name.
 */
export function unsettledRecords(old: Readable): StoreRecords {
  const select = (sql: string) => old.prepare(sql).all();
  const jobs = select(`SELECT * FROM jobs WHERE ${isUnsettled}`) as unknown as JobRecord[];
  return {
    jobs: jobs.filter((row) => decodeJob(row)),
    uploads: select('SELECT * FROM uploads') as unknown as UploadRecord[],
    uses: select('SELECT * FROM upload_uses') as unknown as UploadUse[],
    areUsesWhole: true,
    windows: select('SELECT * FROM windows') as unknown as WindowRecord[],
    settings: select('SELECT * FROM settings') as unknown as Setting[],
    pause: pauseOf(select('SELECT pause FROM queue')),
  };
}

/** What has come to its end there, but not in the store that took its place. */
export function settledRecords(old: Readable, next: Readable): JobRecord[] {
  const byId = old.prepare('SELECT * FROM jobs WHERE id = ?');
  const others = next.prepare(`SELECT id FROM jobs WHERE ${isUnsettled}`).all();
  const rows = others.map(({ id }) => byId.get(String(id)) as unknown as JobRecord | undefined);
  return rows.filter((row) => row !== undefined && decodeJob(row) !== undefined) as JobRecord[];
}

interface Rows {
  from: number;
  to: number;
}

function readJobs(database: Readable, where: string, rows?: Rows): JobRecord[] {
  const found = readRows(database, 'jobs', where, rows) as JobRecord[];
  return found.filter((row) => decodeJob(row));
}

const rowsAtOnce = 1_000;

/**
 * Many rows at once; row by row where one of them cannot be read: damage to one page hides the rows
 * on that page only, and each of the others may be an image that is paid.
 */
function readRows(
  database: Readable,
  table: 'jobs' | 'uploads',
  where = 'TRUE',
  { from, to }: Rows = { from: 1, to: lastRow(database, table) },
): unknown[] {
  // An index may be what is damaged.
  const sql = `SELECT * FROM ${table} NOT INDEXED WHERE rowid BETWEEN ? AND ? AND ${where}`;
  const statement = attempt(() => database.prepare(sql));
  if (!statement) return [];
  const rows: unknown[] = [];
  for (let start = from; start <= to; start += rowsAtOnce) {
    const end = Math.min(start + rowsAtOnce - 1, to);
    const together = attempt(() => statement.all(start, end));
    if (together) rows.push(...together);
    else
      for (let rowid = start; rowid <= end; rowid += 1) {
        const row = attempt(() => statement.get(rowid, rowid));
        if (row) rows.push(row);
      }
  }
  return rows;
}

/** Undefined when some cannot be read. */
function readAll(database: Readable, table: string): unknown[] | undefined {
  return attempt(() => database.prepare(`SELECT * FROM ${table}`).all());
}

function pauseOf(rows: readonly unknown[] = []): string | null {
  const [row] = rows as { pause: string | null }[];
  return row?.pause ?? null;
}

function lastRow(database: Readable, table: string): number {
  const row = attempt(() => database.prepare(`SELECT max(rowid) AS last FROM ${table}`).get());
  return Math.min(Number(row ? (row['last'] ?? 0) : maxRows), maxRows);
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if (isBusy(thrown)) throw thrown;
    return undefined;
  }
}
