import { statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { SimWindow } from './simWindow.ts';

/** What is wrong with the store's file. Codes are SQLite's own. */
export type StoreFault = 'busy' | 'full' | 'readonly' | 'ioerr' | 'corrupt';

const codes: Record<StoreFault, [errcode: number, errstr: string]> = {
  busy: [5, 'database is locked'],
  full: [13, 'database or disk is full'],
  readonly: [8, 'attempt to write a readonly database'],
  ioerr: [10, 'disk I/O error'],
  corrupt: [11, 'database disk image is malformed'],
};

export interface SimDatabaseOptions {
  path: string;
  window: SimWindow;
  /** What is wrong with this statement now; `leftMs` until it passes by itself. */
  faultOf: (
    database: SimDatabase,
    sql: string,
  ) => { fault: StoreFault; leftMs: number } | undefined;
  /** Without it, a journal that windows share cannot be used. */
  hasSharedMemory: boolean;
  /** Something is about to be committed that a power cut may take back. */
  onWeakCommit: () => void;
}

const writes =
  /^\s*(BEGIN IMMEDIATE|BEGIN EXCLUSIVE|INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP|PRAGMA\s+\w+\s*=)/i;
/** Never waits, and never fails. */
const own = /^\s*(ROLLBACK|PRAGMA\s+(busy_timeout|foreign_keys|synchronous))\b/i;

/**
 * A real database, that refuses when it is told to, and ends with its window. It has the calls of
 * `DatabaseSync` that the store uses; the class itself cannot be extended so far.
 */
export class SimDatabase {
  readonly path: string;
  /** The number of its file, from its first call on. */
  #inode: number | undefined;
  readonly #options: SimDatabaseOptions;
  readonly #database: DatabaseSync;
  readonly #forget: () => void;
  /** To prepare a statement takes longer than to run it. */
  readonly #prepared = new Map<string, StatementSync>();
  #busyTimeoutMs = 0;
  /** Whether a commit is in the system's cache only. */
  #isWeak = false;

  constructor(options: SimDatabaseOptions) {
    options.window.requireAlive();
    this.path = options.path;
    this.#options = options;
    this.#database = new DatabaseSync(options.path);
    // Closing it undoes what was not committed, as the system does.
    this.#forget = options.window.atDeath(() => this.#database.close());
  }

  get isTransaction(): boolean {
    this.#options.window.requireAlive();
    return this.#database.isTransaction;
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  exec(sql: string): void {
    this.#check(sql);
    const timeout = /busy_timeout\s*=\s*(\d+)/i.exec(sql)?.[1];
    if (timeout !== undefined) {
      // Only virtual time is waited.
      this.#busyTimeoutMs = Number(timeout);
      return;
    }
    const synchronous = /synchronous\s*=\s*(\w+)/i.exec(sql)?.[1];
    if (synchronous !== undefined) this.#isWeak = !/^(FULL|EXTRA|2|3)$/i.test(synchronous);
    if (/^\s*COMMIT/i.test(sql)) this.#commit(() => this.#database.exec(sql));
    else this.#database.exec(sql);
  }

  prepare(sql: string): StatementSync {
    this.#options.window.requireAlive();
    const earlier = this.#prepared.get(sql);
    if (earlier) return earlier;
    const guardedStatement = this.#guard(sql, this.#database.prepare(sql));
    this.#prepared.set(sql, guardedStatement);
    return guardedStatement;
  }

  #guard(sql: string, statement: StatementSync): StatementSync {
    const guarded =
      <A extends unknown[], R>(act: (...args: A) => R) =>
      (...args: A): R => {
        this.#check(sql);
        const isCommit = writes.test(sql) && !this.#database.isTransaction;
        return isCommit ? this.#commit(() => act(...args)) : act(...args);
      };
    type Values = Parameters<StatementSync['all']>;
    return {
      all: guarded((...values: Values) => statement.all(...values)),
      get: guarded((...values: Values) => statement.get(...values)),
      run: guarded((...values: Values) => statement.run(...values)),
      iterate: guarded((...values: Values) => statement.iterate(...values)),
    } as unknown as StatementSync;
  }

  close(): void {
    this.#options.window.requireAlive();
    this.#forget();
    if (this.#inode !== undefined) this.#options.window.openStores.delete(this.#inode);
    this.#database.close();
  }

  #commit<T>(act: () => T): T {
    if (this.#isWeak) this.#options.onWeakCommit();
    this.#options.window.pass('beforeCommit');
    const result = act();
    this.#options.window.pass('afterCommit');
    return result;
  }

  #check(sql: string): void {
    const { window, faultOf } = this.#options;
    window.requireAlive();
    if (own.test(sql)) return;
    // SQLite opens the file when it is first needed.
    this.#inode ??= statSync(this.path, { throwIfNoEntry: false })?.ino;
    if (this.#inode !== undefined) window.openStores.add(this.#inode);
    if (!this.#options.hasSharedMemory && this.#needsSharedMemory(sql))
      throw refusal('disk I/O error', SQLITE_IOERR_SHMMAP);
    const found = faultOf(this, sql);
    if (!found) return;
    if (found.fault === 'busy') {
      // SQLite waits for the lock, and the process with it.
      const waitedMs = Math.min(this.#busyTimeoutMs, found.leftMs);
      window.block(waitedMs);
      if (found.leftMs <= this.#busyTimeoutMs) return;
    }
    const [errcode, errstr] = codes[found.fault];
    throw refusal(errstr, errcode);
  }

  /** As the first write to a shared journal shows. */
  #needsSharedMemory(sql: string): boolean {
    if (!sql.startsWith('BEGIN')) return false;
    return this.#database.prepare('PRAGMA journal_mode').get()?.['journal_mode'] === 'wal';
  }
}

const SQLITE_IOERR_SHMMAP = 5386;

function refusal(errstr: string, errcode: number): Error {
  return Object.assign(new Error(errstr), { code: 'ERR_SQLITE_ERROR', errcode, errstr });
}

/** Whether a statement would change the file, or lock it. */
export function isWrite(sql: string): boolean {
  return writes.test(sql) || /^\s*COMMIT/i.test(sql);
}
