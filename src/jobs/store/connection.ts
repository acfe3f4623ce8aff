import type { SQLInputValue } from 'node:sqlite';
import type { CancelTimer, Platform } from '../platform.ts';
import {
  markSalvaged,
  openDatabase,
  replaceDatabase,
  schemaVersion,
  storesToSalvage,
  versionOf,
} from './database.ts';
import { createPatience, type PatientDatabase, type PatientStatement } from './patience.ts';
import {
  insertHistory,
  insertRecords,
  type RecordsConnection,
  type StoreRecords,
} from './records.ts';
import { salvageHistory, salvageRecords, settledRecords, unsettledRecords } from './salvage.ts';
import { isBusy, isDamage, isStoreError, NewerStoreError } from './storeErrors.ts';

/** A damaged store that was put aside, after what could be read was taken over. */
export interface Quarantined {
  path: string;
  reason: 'damaged';
}

/** Why the store cannot be used. */
export interface StoreTrouble {
  /** Locked by another program; of a newer version; or refused by the system. */
  kind: 'locked' | 'newer' | 'unusable';
  /** By a clock that does not jump. */
  sinceMs: number;
  message: string;
}

export interface ConnectionOptions {
  path: string;
  platform: Platform;
  /** Told of every store that is put aside after the first one was opened. */
  onQuarantine?: (quarantined: Quarantined) => void;
  /** Another store is in use from now on. */
  onReplaced: () => void;
  /** What this window has set, by name, where the other store has nothing. */
  ownSettings: ReadonlyMap<string, string>;
}

/** History is taken over for so long at once, and goes on after so long. */
const salvageAtOnceMs = 20;
const salvagePauseMs = 10;
/** When the store could not be written. */
const salvageRetryMs = 1_000;

/** There are file systems on which a file has another number each time. */
const mostTries = 4;

/**
 * The store's file, through damage, removal and replacement by others. A call that another window
 * keeps waiting fails as busy after some milliseconds.
 */
export type Connection = ReturnType<typeof createConnection>;

export function createConnection(options: ConnectionOptions) {
  const { path, platform } = options;
  const inodeNow = () => platform.syncFiles.inodeSync(path);
  const patience = createPatience(platform.clock);
  let { database, inode } = openCurrent();
  let statements = new Map<string, PatientStatement>();
  let trouble: StoreTrouble | undefined;
  let isSalvageDue = true;
  /** Of stores put aside, the rows from which on their history is to be taken over. */
  const histories = new Map<string, number>();
  let cancelSalvage: CancelTimer | undefined;
  const atOpening: Quarantined[] = [];
  let onQuarantine = (each: Quarantined): void => void atOpening.push(each);

  function all(sql: string, ...values: SQLInputValue[]): unknown[] {
    return statementOf(sql).all(...values);
  }

  function run(sql: string, ...values: SQLInputValue[]): void {
    statementOf(sql).run(...values);
  }

  /** Statements are prepared once: most of a small one's time is its preparation. */
  function statementOf(sql: string): PatientStatement {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  }

  /** Nothing is written to a store that another window has put aside, or a newer version changed. */
  function inTransaction<T>(work: () => T): T {
    if (isInTransaction(database)) return work();
    for (let tries = 1; ; tries += 1) {
      follow();
      const done = inTransactionOf(
        database,
        // Another window may have been quicker while this one waited for the lock.
        () => (isCurrent() || tries === mostTries) && { result: work() },
      );
      if (!done) continue;
      trouble = undefined;
      return done.result;
    }
  }

  function isCurrent(): boolean {
    return database.isOpen && inodeNow() === inode;
  }

  function inTransactionOf<T>(target: PatientDatabase, work: () => T): T {
    target.exec('BEGIN IMMEDIATE');
    try {
      if (versionOf(target) > schemaVersion) throw new NewerStoreError(path);
      const result = work();
      target.exec('COMMIT');
      return result;
    } finally {
      // Still open when `work` or the commit threw.
      if (isInTransaction(target)) rollBack(target);
    }
  }

  /**
   * Another window may have put the store aside, and a user may have deleted or replaced its file:
   * then another is at its path. What has not come to its end goes over to that one.
   */
  function follow(): void {
    if (!isCurrent()) {
      const records = database.isOpen ? unsettledRecords(database) : undefined;
      const next = openCurrent();
      try {
        if (records) move(records, next.database);
      } catch (thrown) {
        // Known here alone, so that the old one is kept until that succeeds.
        if (next.database.isOpen) next.database.close();
        throw thrown;
      }
      if (database.isOpen) database.close();
      use(next);
    }
    if (isSalvageDue) salvage();
  }

  /** Another window may put the store aside while this one opens it, and must not be written to. */
  function openCurrent(open = () => openDatabase(path, platform, patience)): Opened {
    for (let tries = 1; ; tries += 1) {
      const before = inodeNow();
      const opened = tries === 1 ? open() : openDatabase(path, platform, patience);
      const after = inodeNow();
      // It is opened again when it was made just now, by this window or another.
      if (before === after || tries === mostTries) return { database: opened, inode: after };
      opened.close();
    }
  }

  function move(unsettled: StoreRecords, target: PatientDatabase): void {
    const jobs = [...unsettled.jobs, ...settledRecords(database, target)];
    inTransactionOf(target, () => {
      insertInto(target, { ...unsettled, jobs });
    });
  }

  function insertInto(target: PatientDatabase, records: StoreRecords): void {
    const own = [...options.ownSettings].map(([name, value]) => ({ name, value }));
    const settings = [...records.settings, ...own];
    insertRecords({ ...records, settings }, recordsConnection(target));
  }

  function recordsConnection(target: PatientDatabase): RecordsConnection {
    const prepared = new Map<string, PatientStatement>();
    const prepare = (sql: string): PatientStatement => {
      const statement = prepared.get(sql) ?? target.prepare(sql);
      prepared.set(sql, statement);
      return statement;
    };
    return {
      all: (sql, ...values) => prepare(sql).all(...values),
      run(sql, ...values) {
        prepare(sql).run(...values);
      },
      nowMs: platform.clock.now(),
    };
  }

  /** Damage has shown: what can still be read goes on in a new store. */
  function startAnew(): void {
    database.close();
    use(openCurrent(() => replaceDatabase(path, inode, platform, patience)));
    salvage();
  }

  /**
   * Takes over what can be read in stores that were put aside. Done twice, it changes nothing. What
   * has come to its end goes over in parts, between which others have their turn.
   */
  function salvage(): void {
    for (const aside of storesToSalvage(path, platform)) {
      if (histories.has(aside)) continue;
      const records = salvageRecords(aside, platform);
      inTransactionOf(database, () => {
        insertInto(database, records);
      });
      histories.set(aside, 1);
    }
    isSalvageDue = false;
    salvageParts((work) => {
      inTransactionOf(database, work);
    });
    if (histories.size > 0) salvageLater(salvagePauseMs);
  }

  function salvageLater(afterMs: number): void {
    cancelSalvage?.();
    cancelSalvage = platform.clock.after(afterMs, () => {
      let pauseMs = salvagePauseMs;
      try {
        salvageParts(guarded(inTransaction<void>));
      } catch (thrown) {
        if (!isStoreError(thrown)) throw thrown;
        pauseMs = salvageRetryMs;
      }
      if (histories.size > 0) salvageLater(pauseMs);
    });
  }

  function salvageParts(transact: (work: () => void) => void): void {
    const untilMs = platform.clock.monotonicMs() + salvageAtOnceMs;
    do salvagePart(transact);
    while (histories.size > 0 && platform.clock.monotonicMs() < untilMs);
  }

  function salvagePart(transact: (work: () => void) => void): void {
    const [[aside, from] = []] = histories;
    if (aside === undefined || from === undefined) return;
    // Another window may have been quicker; to open what has gone would make it anew.
    if (platform.syncFiles.inodeSync(aside) === undefined) {
      histories.delete(aside);
      return;
    }
    const { jobs, next } = salvageHistory(aside, platform, from);
    transact(() => {
      insertHistory(jobs, recordsConnection(database));
    });
    if (next !== undefined) {
      histories.set(aside, next);
      return;
    }
    histories.delete(aside);
    onQuarantine({ path: markSalvaged(aside, path, platform), reason: 'damaged' });
  }

  function use(next: Opened): void {
    ({ database, inode } = next);
    statements = new Map();
    histories.clear();
    isSalvageDue = true;
    options.onReplaced();
  }

  /** An operation that meets damage is tried once more, on the store that takes the damaged one's place. */
  function guarded<A extends unknown[], R>(operation: (...args: A) => R): (...args: A) => R {
    return (...args) => {
      try {
        return watched(() => operation(...args));
      } catch (thrown) {
        if (!isDamage(thrown) || isInTransaction(database)) throw thrown;
        startAnew();
        return watched(() => operation(...args));
      }
    };
  }

  /** Notes how long the store cannot be used. */
  function watched<T>(operation: () => T): T {
    if (isInTransaction(database)) return operation();
    try {
      if (!database.isOpen) follow();
      return operation();
    } catch (thrown) {
      if (isStoreError(thrown) && !isDamage(thrown)) noteTrouble(thrown);
      throw thrown;
    }
  }

  function noteTrouble(thrown: Error): void {
    const kind =
      thrown instanceof NewerStoreError ? 'newer' : isBusy(thrown) ? 'locked' : 'unusable';
    const sinceMs = trouble?.sinceMs ?? platform.clock.monotonicMs();
    trouble = { kind, sinceMs, message: thrown.message };
  }

  try {
    salvage();
  } catch (thrown) {
    // Tried again before the next change; until then what is there can be used.
    if (!isStoreError(thrown)) {
      database.close();
      throw thrown;
    }
  }
  const [setAside] = atOpening;
  onQuarantine = (each) => options.onQuarantine?.(each);

  return {
    all,
    run,
    inTransaction,
    guarded,
    follow,
    /** The store that was put aside when this one was opened. */
    setAside,
    trouble: (): StoreTrouble | undefined => trouble,
    close(): void {
      cancelSalvage?.();
      if (database.isOpen) database.close();
    },
  };
}

interface Opened {
  database: PatientDatabase;
  /** The number of its file. */
  inode: number | undefined;
}

/** What comes next must not become part of it, so that it is closed when it cannot be undone. */
function rollBack(database: PatientDatabase): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    database.close();
  }
}

function isInTransaction(database: PatientDatabase): boolean {
  return database.isOpen && database.isTransaction;
}
