import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  constants,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {
  chmod,
  copyFile,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { machineId } from './machineId.ts';
import { closeToOthersSync, ownFileMode } from './ownFiles.ts';
import type { CancelTimer, FileRights, Platform } from './platform.ts';

const host = machineId({
  hostName: hostname(),
  hasNamespaces: process.platform === 'linux',
  bootId: () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'),
  pidNamespace: () => readlinkSync('/proc/self/ns/pid'),
  randomId: randomUUID,
});

/** `f_type` of Linux for file systems that lie on another machine. */
const networkTypes = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xfe534d42, // SMB 2
  0xff534d42, // CIFS
  0x5346414f, // AFS
  0x00c36400, // Ceph
  0x0bd00bd0, // Lustre
  0x47504653, // GPFS
  0x19830326, // BeeGFS
]);

const rights: FileRights = {
  async lookAt(path) {
    const found = await lstat(path);
    const kind = found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
    return { mode: found.mode & 0o777, kind };
  },
  async setMode(path, mode) {
    if ((await lstat(path)).isSymbolicLink()) throw linkError(path);
    await chmod(path, mode);
  },
  setModeSync(path, mode) {
    if (lstatSync(path).isSymbolicLink()) throw linkError(path);
    chmodSync(path, mode);
  },
};

function linkError(path: string): Error {
  return Object.assign(new Error(`${path} is a link`), { code: 'ELOOP' });
}

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
    readdirSync: (path) => readdirSync(path),
    isOnNetworkSync,
  },
  ...(process.platform !== 'win32' && { rights }),
  processes: { pid: process.pid, host, isAlive },
  randomId: randomUUID,
  random: Math.random,
  openDatabase(path) {
    const isNew = statSync(path, { throwIfNoEntry: false }) === undefined;
    const database = new DatabaseSync(path);
    // Its journals get the rights that it has.
    if (isNew && process.platform !== 'win32') closeToOthersSync(rights, ownFileMode, path);
    return database;
  },
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

/** Whether a file that is, or is to be, at `path` lies on a file system of the network. */
function isOnNetworkSync(path: string): boolean {
  try {
    const folder = dirname(path);
    // A letter may stand for a share.
    if (process.platform === 'win32') return realpathSync.native(folder).startsWith('\\\\');
    return process.platform === 'linux' && networkTypes.has(statfsSync(folder).type);
  } catch {
    return false;
  }
}
