import { createHash } from 'node:crypto';
import { dirname, basename, join } from 'node:path';
import type { Chance } from '../chance.ts';

/** A file's content, under as many names as it has. */
export interface Inode {
  readonly number: number;
  data: Buffer;
  /** What a power cut leaves, unless the system has written the rest by then. */
  durable: Buffer;
  /** Paths it has now. */
  readonly names: Set<string>;
  changedMs: number;
}

/** A folder: its names now, and those that a power cut leaves. */
interface Folder {
  readonly entries: Map<string, Inode>;
  durable: Map<string, Inode>;
  /** Steps since the folder was last written through, each of them whole or not at all. */
  readonly steps: Step[];
}

/** What became of the names of one folder at one time. */
interface Step {
  atMs: number;
  names: { name: string; node: Inode | undefined }[];
}

/** What became of a name. */
export interface NameChange {
  path: string;
  before: Inode | undefined;
  after: Inode | undefined;
  isUsers: boolean;
}

export interface DiskListener {
  onName: (change: NameChange) => void;
  onContent: (node: Inode) => void;
}

/** Unasked, a system writes what has changed so long ago. */
export const writebackMs = 30_000;

/** A file system in memory, as POSIX promises it and no better. */
export class Disk {
  readonly #folders = new Map<string, Folder>();
  readonly #nowMs: () => number;
  readonly #listener: DiskListener;
  readonly #isJournaled: (folder: string) => boolean;
  #lastNumber = 100;

  constructor(
    nowMs: () => number,
    listener: DiskListener,
    isJournaled: (folder: string) => boolean = () => false,
  ) {
    this.#nowMs = nowMs;
    this.#isJournaled = isJournaled;
    this.#listener = listener;
  }

  makeFolder(path: string): void {
    for (let at = path; !this.#folders.has(at); at = dirname(at)) {
      this.#folders.set(at, { entries: new Map(), durable: new Map(), steps: [] });
      if (at === dirname(at)) return;
    }
  }

  isFolder(path: string): boolean {
    return this.#folders.has(path);
  }

  list(path: string, call = 'scandir'): string[] {
    const folder = this.#folders.get(path);
    if (!folder) throw errno('ENOENT', call, path);
    const below = [...this.#folders.keys()].filter((each) => dirname(each) === path);
    return [
      ...folder.entries.keys(),
      ...below.filter((each) => each !== path).map((each) => basename(each)),
    ];
  }

  find(path: string): Inode | undefined {
    return this.#folders.get(dirname(path))?.entries.get(basename(path));
  }

  /** @throws ENOENT */
  get(path: string, call: string): Inode {
    const node = this.find(path);
    if (!node) throw errno('ENOENT', call, path);
    return node;
  }

  /** A new file under a name that is free. */
  create(path: string, call: string): Inode {
    const node: Inode = {
      number: (this.#lastNumber += 1),
      data: Buffer.alloc(0),
      durable: Buffer.alloc(0),
      names: new Set(),
      changedMs: this.#nowMs(),
    };
    this.#change(call, [[path, node]]);
    return node;
  }

  write(node: Inode, data: Buffer): void {
    node.data = data;
    node.changedMs = this.#nowMs();
    this.#listener.onContent(node);
  }

  link(from: string, to: string): void {
    const node = this.get(from, 'link');
    if (this.find(to) || this.isFolder(to)) throw errno('EEXIST', 'link', from, to);
    this.#change('link', [[to, node]]);
  }

  rename(from: string, to: string): void {
    const node = this.get(from, 'rename');
    if (this.isFolder(to)) throw errno('EISDIR', 'rename', from, to);
    if (this.find(to) === node) return;
    this.#change('rename', [
      [to, node],
      [from, undefined],
    ]);
  }

  unlink(path: string, isUsers = false): void {
    this.get(path, 'unlink');
    this.#change('unlink', [[path, undefined]], isUsers);
  }

  removeFolder(path: string): void {
    for (const each of [...this.#folders.keys()])
      if (each === path || each.startsWith(`${path}/`)) {
        for (const name of this.#folders.get(each)!.entries.keys()) this.unlink(join(each, name));
        this.#folders.delete(each);
      }
  }

  sync(node: Inode): void {
    node.durable = node.data;
  }

  syncFolder(path: string): void {
    const folder = this.#folders.get(path);
    if (!folder) return;
    folder.durable = new Map(folder.entries);
    folder.steps.length = 0;
  }

  /** Of each folder some of the last steps are undone, and of each file what was not written through. */
  cutPower(chance: Chance): void {
    for (const [path, folder] of this.#folders) {
      const old = folder.steps.filter(({ atMs }) => this.#isWritten(atMs, path)).length;
      const kept = old + chance.below(folder.steps.length - old + 1);
      for (const { names } of folder.steps.slice(0, kept))
        for (const { name, node } of names) put(folder.durable, name, node);
      const after = folder.durable;
      for (const [name, node] of folder.entries) {
        if (after.get(name) === node) continue;
        folder.entries.delete(name);
        node.names.delete(join(path, name));
      }
      for (const [name, node] of after) {
        folder.entries.set(name, node);
        node.names.add(join(path, name));
      }
      folder.durable = new Map(folder.entries);
      folder.steps.length = 0;
    }
    for (const { entries } of this.#folders.values())
      for (const node of entries.values())
        if (node.data !== node.durable && !this.#isWritten(node.changedMs))
          node.data = node.durable = torn(node, chance);
  }

  /** Whether the system has written by itself what changed then. */
  #isWritten(atMs: number, folder?: string): boolean {
    if (folder !== undefined && this.#isJournaled(folder)) return true;
    return this.#nowMs() - atMs > writebackMs;
  }

  /** Every file, by its path. */
  *files(below = '/'): Generator<[path: string, node: Inode]> {
    for (const [path, folder] of this.#folders) {
      if (path !== below && !path.startsWith(below)) continue;
      for (const [name, node] of folder.entries) yield [join(path, name), node];
    }
  }

  /** Several names at once: whole or not at all. */
  #change(call: string, names: readonly [string, Inode | undefined][], isUsers = false): void {
    for (const [path] of names)
      if (!this.#folders.has(dirname(path))) throw errno('ENOENT', call, path);
    const changes = names.map(([path, after]) => {
      const folder = this.#folders.get(dirname(path))!;
      const before = folder.entries.get(basename(path));
      before?.names.delete(path);
      put(folder.entries, basename(path), after);
      after?.names.add(path);
      return { path, before, after, isUsers };
    });
    const byFolder = Map.groupBy(names, ([path]) => dirname(path));
    for (const [path, steps] of byFolder)
      this.#folders.get(path)!.steps.push({
        atMs: this.#nowMs(),
        names: steps.map(([each, node]) => ({ name: basename(each), node })),
      });
    changes.forEach((change) => {
      this.#listener.onName(change);
    });
  }
}

/** What is left of data that was not written through: what was there, a part of it, or a hole in it. */
function torn({ data, durable }: Inode, chance: Chance): Buffer {
  const third = Math.floor(data.length / 3);
  const holed = Buffer.from(data).fill(0, third, 2 * third);
  return chance.pick([durable, data.subarray(0, third), holed]);
}

function put(entries: Map<string, Inode>, name: string, node: Inode | undefined): void {
  if (node) entries.set(name, node);
  else entries.delete(name);
}

export function sha256Of(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

const numbers: Record<string, number> = {
  ENOENT: -2,
  EACCES: -13,
  EEXIST: -17,
  EXDEV: -18,
  EISDIR: -21,
  ENOSPC: -28,
  EROFS: -30,
  EPERM: -1,
  EBUSY: -16,
  EIO: -5,
};

/** As Node tells of a system call that failed. */
export function errno(code: string, syscall: string, path: string, dest?: string): Error {
  const places = dest === undefined ? `'${path}'` : `'${path}' -> '${dest}'`;
  const error = new Error(`${code}: simulated, ${syscall} ${places}`);
  const more = { code, syscall, path, errno: numbers[code] ?? -1 };
  return Object.assign(error, more, dest !== undefined && { dest });
}
