import { basename, dirname, join } from 'node:path';
import type { Clock, Files, OpenFile } from '../../../../src/jobs/platform.ts';

export type FileCall =
  | 'open'
  | 'read'
  | 'write'
  | 'fsync'
  | 'mkdir'
  | 'scandir'
  | 'stat'
  | 'rename'
  | 'link'
  | 'copyfile'
  | 'rm';

/** How a call is refused: before anything is done, or after all is. */
export interface Refusal {
  code: string;
  isLate?: true;
}

/** A file's content, under as many names as it has. */
export interface Node {
  readonly number: number;
  data: Buffer;
  isSynced: boolean;
  changedMs: number;
}

/** What a window reaches: its calls end with it, wherever they are. */
export interface SteppedWindow {
  readonly files: Files;
  readonly clock: Clock;
  readonly randomId: () => string;
  kill(): void;
}

export interface SteppedDiskOptions {
  /** 0 ≤ x < 1. */
  random: () => number;
  /** Asked for every call; `path` is where it would write. */
  refuse?: (call: FileCall, path: string) => Refusal | undefined;
  /** Called after every step. */
  onStep?: () => void;
}

/**
 * A file system in memory, and the only way on for all who use it: of the calls that wait, chance
 * draws the one that is carried out next.
 */
export class SteppedDisk {
  readonly names = new Map<string, Node>();
  /** The names that a power cut leaves. */
  readonly durableNames = new Map<string, Node>();
  readonly #folders = new Set(['/']);
  readonly #options: SteppedDiskOptions;
  #waiting: { isDead: () => boolean; dueMs: number; act: () => void }[] = [];
  #lastNumber = 0;
  /** A step takes one millisecond. */
  nowMs = 0;

  constructor(options: SteppedDiskOptions) {
    this.#options = options;
  }

  /** Carries out what waits, until nothing does. */
  async run(): Promise<void> {
    for (;;) {
      await new Promise(setImmediate);
      this.#waiting = this.#waiting.filter(({ isDead }) => !isDead());
      if (this.#waiting.length === 0) return;
      const soonestMs = Math.min(...this.#waiting.map(({ dueMs }) => dueMs));
      this.nowMs = Math.max(this.nowMs + 1, soonestMs);
      const due = this.#waiting.filter(({ dueMs }) => dueMs <= this.nowMs);
      const next = due[Math.floor(this.#options.random() * due.length)];
      this.#waiting = this.#waiting.filter((each) => each !== next);
      next?.act();
      this.#options.onStep?.();
    }
  }

  put(path: string, text: string): Node {
    for (let folder = dirname(path); folder !== '/'; folder = dirname(folder))
      this.#folders.add(folder);
    const node = {
      number: (this.#lastNumber += 1),
      data: Buffer.from(text),
      isSynced: true,
      changedMs: this.nowMs,
    };
    this.names.set(path, node);
    this.durableNames.set(path, node);
    return node;
  }

  /** Names in a folder, in order. */
  list(folder: string): string[] {
    return [...this.names.keys()]
      .filter((path) => dirname(path) === folder)
      .map((path) => basename(path))
      .toSorted();
  }

  text(path: string): string | undefined {
    return this.names.get(path)?.data.toString();
  }

  openWindow(): SteppedWindow {
    let isDead = false;
    const wait = <T>(act: () => T, ms = 0): Promise<T> =>
      new Promise((resolve, reject) => {
        this.#waiting.push({
          isDead: () => isDead,
          dueMs: this.nowMs + ms,
          act: () => {
            try {
              resolve(act());
            } catch (thrown) {
              reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
            }
          },
        });
      });
    const after = (ms: number, callback: () => void) => {
      void wait(callback, ms);
      return () => undefined;
    };
    const clock: Clock = {
      now: () => this.nowMs,
      monotonicMs: () => this.nowMs,
      after,
      every: () => () => undefined,
      block: () => undefined,
    };
    const randomId = () => Math.floor(this.#options.random() * 1e9).toString(36);
    return { files: this.#filesBy(wait), clock, randomId, kill: () => (isDead = true) };
  }

  #filesBy(wait: <T>(act: () => T) => Promise<T>): Files {
    const call = <T>(name: FileCall, path: string, act: () => T): Promise<T> =>
      wait(() => {
        const refusal = this.#options.refuse?.(name, path);
        if (refusal && !refusal.isLate) throw refused(refusal.code, name, path);
        const result = act();
        if (refusal) throw refused(refusal.code, name, path);
        return result;
      });
    const get = (name: FileCall, path: string): Node => {
      const node = this.names.get(path);
      if (!node) throw refused('ENOENT', name, path);
      return node;
    };

    const openFile = (path: string, node: Node): OpenFile => {
      let at = 0;
      const append = (data: Uint8Array) => {
        node.data = Buffer.concat([node.data.subarray(0, at), data]);
        node.isSynced = false;
        node.changedMs = this.nowMs;
        at += data.length;
      };
      return {
        read: (buffer, offset, length, position) =>
          call('read', path, () => {
            const bytes = node.data.subarray(position, position + length);
            buffer.set(bytes, offset);
            return { bytesRead: bytes.length };
          }),
        writev: (buffers) =>
          call('write', path, () => {
            append(Buffer.concat(buffers));
            return { bytesWritten: Buffer.concat(buffers).length };
          }),
        // In two steps, as a large file is: what is half written can be seen.
        writeFile: async (data) => {
          const half = data.length >> 1;
          await call('write', path, () => append(data.subarray(0, half)));
          await call('write', path, () => append(data.subarray(half)));
        },
        sync: () => call('fsync', path, () => void (node.isSynced = true)),
        stat: () => call('stat', path, () => ({ size: node.data.length })),
        close: () => Promise.resolve(),
      };
    };

    const openFolder = (path: string): OpenFile => {
      const refuse = () => Promise.reject(refused('EISDIR', 'read', path));
      const sync = () => {
        for (const each of [...this.durableNames.keys()])
          if (dirname(each) === path && !this.names.has(each)) this.durableNames.delete(each);
        for (const [each, node] of this.names)
          if (dirname(each) === path) this.durableNames.set(each, node);
      };
      return {
        read: refuse,
        writev: refuse,
        writeFile: refuse,
        sync: () => call('fsync', path, sync),
        stat: refuse,
        close: () => Promise.resolve(),
      };
    };

    return {
      open: (path, flags) =>
        call('open', path, () => {
          if (this.#folders.has(path)) {
            if (flags !== 'r') throw refused('EISDIR', 'open', path);
            return openFolder(path);
          }
          const known = this.names.get(path);
          if (known && flags === 'wx') throw refused('EEXIST', 'open', path);
          if (!known && (flags === 'r' || flags === 'r+')) throw refused('ENOENT', 'open', path);
          const node = known ?? this.#create(path);
          if (flags === 'w') node.data = Buffer.alloc(0);
          return openFile(path, node);
        }),
      mkdir: (path) =>
        call('mkdir', path, () => {
          let first: string | undefined;
          for (let each = path; !this.#folders.has(each); each = dirname(each)) {
            this.#folders.add(each);
            first = each;
          }
          return first;
        }),
      readdir: (path) => call('scandir', path, () => this.list(path)),
      stat: (path) =>
        call('stat', path, () => {
          const isFolder = this.#folders.has(path);
          const node = isFolder ? undefined : get('stat', path);
          return {
            size: node?.data.length ?? 0,
            mtimeMs: node?.changedMs ?? 0,
            ino: node?.number ?? 0,
            isDirectory: () => isFolder,
            isFile: () => !isFolder,
          };
        }),
      rename: (from, to) =>
        call('rename', to, () => {
          this.names.set(to, get('rename', from));
          this.names.delete(from);
        }),
      link: (from, to) =>
        call('link', to, () => {
          if (this.names.has(to)) throw refused('EEXIST', 'link', to);
          this.names.set(to, get('link', from));
        }),
      copyFile: async (from, to) => {
        const target = await wait(() => {
          const { data } = get('copyfile', from);
          const node = this.names.get(to) ?? this.#create(to);
          node.data = data.subarray(0, data.length >> 1);
          return { node, data };
        });
        await call('copyfile', to, () => {
          target.node.data = target.data;
          target.node.isSynced = false;
        });
      },
      rm: (path, { force }) =>
        call('rm', path, () => {
          if (!this.names.delete(path) && !force) throw refused('ENOENT', 'rm', path);
        }),
    };
  }

  #create(path: string): Node {
    if (!this.#folders.has(dirname(path))) throw refused('ENOENT', 'open', path);
    const node = {
      number: (this.#lastNumber += 1),
      data: Buffer.alloc(0),
      isSynced: false,
      changedMs: this.nowMs,
    };
    this.names.set(path, node);
    return node;
  }
}

function refused(code: string, syscall: string, path: string): Error {
  return Object.assign(new Error(`${code}: refused, ${syscall} '${path}'`), {
    code,
    syscall,
    path,
  });
}

/** Whether a path is of a file that is not to be seen yet. */
export function isHidden(path: string): boolean {
  return basename(path).startsWith('.');
}

export const imagesFolder = join('/', 'images');
