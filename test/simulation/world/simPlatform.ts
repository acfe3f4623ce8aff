import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock, Platform, SyncFiles } from '../../../src/jobs/platform.ts';
import type { Chance } from '../chance.ts';
import type { Disk } from './disk.ts';
import type { Scheduler } from './scheduler.ts';
import { SimDatabase } from './simDatabase.ts';
import { createSimFiles } from './simFiles.ts';
import { simUnpackers } from './simUnpackers.ts';
import type { SimWindow } from './simWindow.ts';
import { mountOf, type Troubles } from './troubles.ts';

export interface SimPlatformOptions {
  scheduler: Scheduler;
  disk: Disk;
  troubles: Troubles;
  chances: Record<'disk' | 'random', Chance>;
  newId: () => string;
  hasSharedMemory: boolean;
  onWeakCommit: () => void;
}

/** The machine as one window has it. */
export function createSimPlatform(options: SimPlatformOptions, window: SimWindow): Platform {
  const { disk, troubles, chances } = options;
  return {
    clock: createSimClock(options.scheduler, window),
    files: createSimFiles({
      window,
      disk,
      chance: chances.disk,
      faultOf: (call, path) => troubles.fileFaultOf(call, path),
      mountOf,
    }),
    syncFiles: createSimSyncFiles(window),
    processes: {
      pid: window.pid,
      // Containers may share their name, but the identity of a machine has their process table too.
      host: `laptop ${window.machine.name}`,
      isAlive: (pid) => window.machine.pids.has(pid),
    },
    randomId: options.newId,
    random: () => chances.random.next(),
    openDatabase: (path) =>
      new SimDatabase({
        path,
        window,
        faultOf: (database, sql) => troubles.storeFaultOf(database, sql, window),
        hasSharedMemory: options.hasSharedMemory,
        onWeakCommit: options.onWeakCommit,
      }) as unknown as DatabaseSync,
    unpackers: simUnpackers,
  };
}

function createSimClock(scheduler: Scheduler, window: SimWindow): Clock {
  const after = (ms: number, callback: () => void) => {
    window.requireAlive();
    return scheduler.after(ms, window, callback);
  };
  return {
    now: () => Math.round(window.machine.wallOffsetMs + scheduler.nowMs),
    monotonicMs: () => window.nowMs - window.bornMs + 1_000,
    after,
    every(ms, callback) {
      window.requireAlive();
      return scheduler.every(ms, window, callback);
    },
    block(ms) {
      window.requireAlive();
      window.block(ms);
    },
  };
}

/** The store's own files are real: SQLite knows no others. */
function createSimSyncFiles(window: SimWindow): SyncFiles {
  const alive =
    <A extends unknown[], R>(act: (...args: A) => R) =>
    (...args: A): R => {
      window.requireAlive();
      return act(...args);
    };
  return {
    mkdirSync: alive((path, options) => mkdirSync(path, options)),
    inodeSync: alive((path) => statSync(path, { throwIfNoEntry: false })?.ino),
    renameSync: alive((from, to) => renameSync(from, to)),
    writeFileSync: alive((path, data) => writeFileSync(path, data)),
    rmSync: alive((path, options) => rmSync(path, options)),
    readdirSync: alive((path) => readdirSync(path)),
  };
}
