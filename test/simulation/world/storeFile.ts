import { copyFileSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { writebackMs } from './disk.ts';

const suffixes = ['', '-wal', '-shm', '-journal'];
const newerVersion = 99;
/** So much of what was committed is taken back at most. */
const weakMs = 5_000;

/** The store as a file: what other programs, and other versions of this one, do to it. */
export class StoreFile {
  readonly path: string;
  readonly #copyPath: string;
  readonly #nowMs: () => number;
  #weakSinceMs = -Infinity;
  #ownVersion: number | undefined;

  constructor(path: string, copyPath: string, nowMs: () => number) {
    this.path = path;
    this.#nowMs = nowMs;
    this.#copyPath = copyPath;
  }

  get exists(): boolean {
    return existsSync(this.path);
  }

  /** Which file stands under the name now. */
  get inode(): number | undefined {
    return statSync(this.path, { throwIfNoEntry: false })?.ino;
  }

  /** Numbers of the files that are there, with those that were put aside. */
  get inodes(): ReadonlySet<number> {
    const folder = dirname(this.path);
    return new Set(readdirSync(folder).map((name) => statSync(join(folder, name)).ino));
  }

  delete(): void {
    for (const suffix of suffixes) rmSync(this.path + suffix, { force: true });
  }

  /** As a backup does. */
  copy(): void {
    if (!this.exists) return;
    rmSync(this.#copyPath, { force: true });
    this.#open((database) => {
      database.prepare('VACUUM INTO ?').run(this.#copyPath);
    });
  }

  /** Puts an earlier copy in its place. @returns whether there is one. */
  rewind(): boolean {
    if (!existsSync(this.#copyPath)) return false;
    this.delete();
    copyFileSync(this.#copyPath, this.path);
    return true;
  }

  /** Before a commit that does not wait for the disk: a power cut takes it back, and what follows. */
  beforeWeakCommit(): void {
    if (this.#nowMs() - this.#weakSinceMs < weakMs || !this.exists) return;
    this.#weakSinceMs = this.#nowMs();
    for (const suffix of suffixes) replace(this.path + suffix, this.#weakPath + suffix);
  }

  cutPower(): void {
    if (this.#nowMs() - this.#weakSinceMs > writebackMs) return;
    for (const suffix of suffixes) replace(this.#weakPath + suffix, this.path + suffix);
  }

  get #weakPath(): string {
    return `${this.#copyPath}.weak`;
  }

  /** A window of a newer version has opened it. */
  makeNewer(): void {
    this.#open((database) => {
      const version = versionOf(database);
      if (version === newerVersion || version === 0) return;
      this.#ownVersion = version;
      database.exec(`PRAGMA user_version = ${String(newerVersion)}`);
    });
  }

  /** The windows of this version have become newer too. */
  makeReadable(): void {
    if (this.#ownVersion === undefined || !this.exists) return;
    this.#open((database) => {
      if (versionOf(database) === newerVersion)
        database.exec(`PRAGMA user_version = ${String(this.#ownVersion)}`);
    });
  }

  #open(work: (database: DatabaseSync) => void): void {
    const database = new DatabaseSync(this.path);
    try {
      work(database);
    } finally {
      database.close();
    }
  }
}

function replace(from: string, to: string): void {
  rmSync(to, { force: true });
  if (existsSync(from)) copyFileSync(from, to);
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}
