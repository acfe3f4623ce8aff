import { randomUUID } from 'node:crypto';
import {
  constants,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { machineId } from './machineId.ts';
import type { CancelTimer, Platform } from './platform.ts';

const host = machineId({
  hostName: hostname(),
  hasNamespaces: process.platform === 'linux',
  bootId: () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'),
  pidNamespace: () => readlinkSync('/proc/self/ns/pid'),
  randomId: randomUUID,
});

/** The machine as Node shows it. The only file of this module that reaches for it. */
export const nodePlatform: Platform = {
  clock: {
    now: Date.now,
    monotonicMs: () => performance.now(),
    after: (ms, callback) => cancelOf(setTimeout(callback, ms)),
    every: (ms, callback) => cancelOf(setInterval(callback, ms)),
    block: (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
  },
  files: {
    open,
    mkdir,
    readdir,
    stat,
    rename,
    link,
    copyFile: (from, to) => copyFile(from, to, constants.COPYFILE_FICLONE),
    rm,
  },
  syncFiles: {
    mkdirSync,
    inodeSync: (path) => statSync(path, { throwIfNoEntry: false })?.ino,
    renameSync,
    writeFileSync,
    rmSync,
  },
  processes: { pid: process.pid, host, isAlive },
  randomId: randomUUID,
  random: Math.random,
  openDatabase: (path) => new DatabaseSync(path),
};

function cancelOf(timer: NodeJS.Timeout): CancelTimer {
  timer.unref();
  return () => clearTimeout(timer);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // A process of another user's lives, though it may not be signalled.
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
