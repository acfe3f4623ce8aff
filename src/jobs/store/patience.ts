import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Clock } from '../platform.ts';

/** The store may make this process wait for so long at once; the editor must not feel it. */
const mostWaitMs = 40;
/** So much of it is given back by each millisecond that is not waited. */
const regainedShare = mostWaitMs / 250;

/** How long the store may wait for other windows, on the only thread of an extension host. */
export type Patience = ReturnType<typeof createPatience>;

export function createPatience({ monotonicMs, block }: Pick<Clock, 'monotonicMs' | 'block'>) {
  let allowanceMs = mostWaitMs;
  let countedMs = monotonicMs();

  /** @returns the time since this was last called. */
  function passedMs(): number {
    const sinceMs = countedMs;
    countedMs = monotonicMs();
    return countedMs - sinceMs;
  }

  /** How long may be waited now, in whole milliseconds. */
  function leftMs(): number {
    allowanceMs = Math.min(mostWaitMs, allowanceMs + passedMs() * regainedShare);
    return Math.floor(allowanceMs);
  }

  /** Runs a call that may wait for a lock, for so many milliseconds at most. */
  function wait<T>(call: (atMostMs: number) => T): T {
    const atMostMs = leftMs();
    try {
      return call(atMostMs);
    } finally {
      allowanceMs = Math.max(0, allowanceMs - passedMs());
    }
  }

  return {
    wait,
    /** Stops the process for `ms`, for what does not wait by itself. @returns whether it may. */
    pause(ms: number): boolean {
      if (leftMs() < ms) return false;
      wait(() => block(ms));
      return true;
    },
  };
}

/** What the store uses of a database. */
export interface PatientDatabase {
  readonly isOpen: boolean;
  readonly isTransaction: boolean;
  /** One statement, as each may have to wait. @throws as busy when no patience is left. */
  exec: (sql: string) => void;
  /** The same, without any waiting. */
  execAtOnce: (sql: string) => void;
  prepare: (sql: string) => PatientStatement;
  close: () => void;
}

export interface PatientStatement {
  all: (...values: SQLInputValue[]) => Row[];
  get: (...values: SQLInputValue[]) => Row | undefined;
  run: (...values: SQLInputValue[]) => void;
}

type Row = Record<string, unknown>;

/** A database in which every call, and all of them together, wait as long as patience lasts. */
export function withPatience(database: DatabaseSync, patience: Patience): PatientDatabase {
  let timeoutMs: number | undefined;

  function setTimeoutMs(ms: number): void {
    if (ms !== timeoutMs) database.exec(`PRAGMA busy_timeout = ${String(ms)}`);
    timeoutMs = ms;
  }

  function wait<T>(call: () => T): T {
    return patience.wait((atMostMs) => {
      setTimeoutMs(atMostMs);
      return call();
    });
  }

  return {
    get isOpen() {
      return database.isOpen;
    },
    get isTransaction() {
      return database.isTransaction;
    },
    exec(sql) {
      wait(() => database.exec(sql));
    },
    execAtOnce(sql) {
      setTimeoutMs(0);
      database.exec(sql);
    },
    prepare(sql) {
      const statement = wait(() => database.prepare(sql));
      return {
        all: (...values) => wait(() => statement.all(...values)),
        get: (...values) => wait(() => statement.get(...values)),
        run: (...values) => void wait(() => statement.run(...values)),
      };
    },
    close() {
      database.close();
    },
  };
}
