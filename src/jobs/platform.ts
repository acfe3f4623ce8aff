import type { FileHandle } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';

/** Ends a timer; does nothing when it has ended. */
export type CancelTimer = () => void;

/** Time, as the job system sees it. Its timers never keep a process alive. */
export interface Clock {
  /** Milliseconds since 1970. A user or the network may set it, so it may jump. */
  now: () => number;
  /** Milliseconds of a clock that never jumps and never runs backwards. */
  monotonicMs: () => number;
  /** Calls once, after `ms`. */
  after: (ms: number, callback: () => void) => CancelTimer;
  /** Calls again and again, every `ms`. */
  every: (ms: number, callback: () => void) => CancelTimer;
}

/** An open file, as far as the job system uses one. */
export type OpenFile = Pick<
  FileHandle,
  'read' | 'writev' | 'writeFile' | 'sync' | 'stat' | 'close'
>;

/** The calls of `node:fs/promises` that the job system makes; each fails as Node's does. */
export interface Files {
  open: (path: string, flags: string) => Promise<OpenFile>;
  mkdir: (path: string, options: { recursive: true; mode?: number }) => Promise<unknown>;
  readdir: (path: string) => Promise<string[]>;
  stat: (path: string) => Promise<{
    size: number;
    mtimeMs: number;
    ino: number;
    isDirectory: () => boolean;
    isFile: () => boolean;
  }>;
  rename: (from: string, to: string) => Promise<void>;
  link: (from: string, to: string) => Promise<void>;
  copyFile: (from: string, to: string, mode?: number) => Promise<void>;
  unlink: (path: string) => Promise<void>;
  rm: (path: string, options: { force?: boolean; recursive?: boolean }) => Promise<void>;
}

/**
 * The machine under the job system: its doors to time, files, chance and the store's file. The
 * simulator replaces them; all others take `nodePlatform`.
 */
export interface Platform {
  clock: Clock;
  files: Files;
  /** A new UUID. */
  randomId: () => string;
  /** 0 ≤ x < 1. */
  random: () => number;
  /** Opens, or makes, a database file. Fails as `node:sqlite` does. */
  openDatabase: (path: string) => DatabaseSync;
}
