import type { Platform } from '../platform.ts';
import { unfinished } from './database.ts';
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

/**
 * What can still be read in a damaged store, row by row: damage to one page hides the rows on that
 * page only, and each of the others may be an image that is paid.
 * @throws as busy while a window that has it open still writes: nothing is passed over for that
 */
export function salvageRecords(path: string, platform: Platform): StoreRecords {
  let database: ReturnType<Platform['openDatabase']> | undefined;
  try {
    database = platform.openDatabase(path);
    const uses = readAll(database, 'upload_uses') as UploadUse[] | undefined;
    return {
      jobs: (readEach(database, 'jobs') as JobRecord[]).filter((row) => decodeJob(row)),
      uploads: readEach(database, 'uploads') as UploadRecord[],
      uses: uses ?? [],
      areUsesWhole: uses !== undefined,
      windows: (readAll(database, 'windows') ?? []) as WindowRecord[],
      settings: (readAll(database, 'settings') ?? []) as Setting[],
      pause: pauseOf(readAll(database, 'queue')),
    };
  } catch (thrown) {
    if (isBusy(thrown)) throw thrown;
    return nothing;
  } finally {
    database?.close();
  }
}

/** Of what a job in this state may yet become, an image may be saved. */
const isUnsettled = `(state IN (${unfinished}, 'stopped', 'unconfirmed')
  OR (state = 'failed' AND data ->> '$.isRecoverable' IS NOT NULL))`;

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

function readEach(database: Readable, table: 'jobs' | 'uploads'): unknown[] {
  const statement = attempt(() => database.prepare(`SELECT * FROM ${table} WHERE rowid = ?`));
  if (!statement) return [];
  const rows: unknown[] = [];
  const last = lastRow(database, table);
  for (let rowid = 1; rowid <= last; rowid += 1) {
    const row = attempt(() => statement.get(rowid));
    if (row) rows.push(row);
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
