import type { DatabaseSync } from 'node:sqlite';
import type { Unpackers } from '../evolink/unpackBody.ts';

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
  /** Stops the whole process for some `ms`: only for a store that another window just opens. */
  block: (ms: number) => void;
}

/** An open file, as far as the job system uses one; the calls of Node's `FileHandle`. */
export interface OpenFile {
  read: (
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ) => Promise<{ bytesRead: number }>;
  writev: (buffers: Uint8Array[]) => Promise<{ bytesWritten: number }>;
  writeFile: (data: Uint8Array) => Promise<void>;
  sync: () => Promise<void>;
  stat: () => Promise<{ size: number }>;
  close: () => Promise<void>;
}

/** The calls of `node:fs/promises` that the job system makes; each fails as Node's does. */
export interface Files {
  /** A folder, too, is opened with `r`, to be synced; not on Windows. */
  open: (path: string, flags: 'r' | 'r+' | 'w' | 'wx', mode?: number) => Promise<OpenFile>;
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
  /** A copy on write where the file system can: no byte is moved then. */
  copyFile: (from: string, to: string) => Promise<void>;
  rm: (path: string, options: { force?: boolean; recursive?: boolean }) => Promise<void>;
}

/** The calls of `node:fs` on the store's own files, which cannot wait; each fails as Node's does. */
export interface SyncFiles {
  mkdirSync: (path: string, options: { recursive: true; mode?: number }) => unknown;
  /** Undefined when there is no such file. */
  inodeSync: (path: string) => number | undefined;
  renameSync: (from: string, to: string) => void;
  writeFileSync: (path: string, data: string, options?: { mode: number }) => void;
  rmSync: (path: string, options: { force: true }) => void;
  /** Names in a folder. */
  readdirSync: (path: string) => string[];
  /** Whether other machines may have the file open too; false when absent or not known. */
  isOnNetworkSync?: (path: string) => boolean;
}

/** Who may use files, in the bits of POSIX; links are not followed. Each call fails as Node's does. */
export interface FileRights {
  /** A link is neither file nor folder. */
  lookAt: (path: string) => Promise<{ mode: number; kind: 'file' | 'folder' | 'other' }>;
  setMode: (path: string, mode: number) => Promise<void>;
  setModeSync: (path: string, mode: number) => void;
}

/** The process that a window runs in, and a look at others of the same machine. */
export interface ProcessTable {
  pid: number;
  /** Equal only where the same process table is seen, see `machineId`. */
  host: string;
  isAlive: (pid: number) => boolean;
}

/**
 * The machine under the job system: its doors to time, files, processes, chance and the store's
 * file. The simulator replaces them; all others take `nodePlatform`.
 */
export interface Platform {
  clock: Clock;
  files: Files;
  syncFiles: SyncFiles;
  /** Absent where files have no such rights, as on Windows. */
  rights?: FileRights;
  processes: ProcessTable;
  /** A new UUID. */
  randomId: () => string;
  /** 0 ≤ x < 1. */
  random: () => number;
  /** Opens a database file, or makes one that is closed to other users. Fails as `node:sqlite` does. */
  openDatabase: (path: string) => DatabaseSync;
  /** What undoes the compression of answers; Node's when absent. */
  unpackers?: Unpackers;
}
