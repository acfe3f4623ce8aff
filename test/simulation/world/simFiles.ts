import { join } from 'node:path';
import type { Files, OpenFile } from '../../../src/jobs/platform.ts';
import type { Chance } from '../chance.ts';
import { type Disk, errno, type Inode } from './disk.ts';
import type { SimWindow } from './simWindow.ts';

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
  | 'rm'
  | 'close';

/** How a disk refuses; `undefined` lets the call through. */
export interface FileFault {
  /** The system's code; `slow` only takes long, `late` does all and then fails with EPERM. */
  code: string;
}

export interface SimFilesOptions {
  window: SimWindow;
  disk: Disk;
  chance: Chance;
  /** What is wrong with this call now, if anything. */
  faultOf: (call: FileCall, path: string) => FileFault | undefined;
  /** The file system that a path is on. */
  mountOf: (path: string) => string;
}

/** The file system as one window reaches it: it takes its time, it refuses, and it is cut off. */
export function createSimFiles(options: SimFilesOptions): Files {
  const { window, disk, chance, faultOf, mountOf } = options;

  function call<T>(name: FileCall, path: string, act: () => T, dest?: string): Promise<T> {
    const fault = faultOf(name, dest ?? path);
    // What Node removes it unlinks.
    const syscall = name === 'rm' ? 'unlink' : name;
    const takesMs =
      chance.between(0.02, 1.5) + (fault?.code === 'slow' ? chance.between(0, 20_000) : 0);
    return window.answer(takesMs, () => {
      if (fault && fault.code !== 'slow' && fault.code !== 'late')
        throw errno(fault.code, syscall, path, dest);
      const result = act();
      if (fault?.code === 'late') throw errno('EPERM', syscall, path, dest);
      return result;
    });
  }

  async function copyFile(from: string, to: string): Promise<void> {
    const target = await call(
      'copyfile',
      from,
      () => {
        const { data } = disk.get(from, 'copyfile');
        if (disk.isFolder(to)) throw errno('EISDIR', 'copyfile', from, to);
        const node = disk.find(to) ?? disk.create(to, 'copyfile');
        disk.write(node, data.subarray(0, data.length >> 1));
        return { node, data };
      },
      to,
    );
    await window.answer(chance.between(0.02, 1.5), () => {
      disk.write(target.node, target.data);
    });
    // The bytes are there, and chmod is refused.
    const fault = faultOf('copyfile', `${to}#mode`);
    if (fault?.code === 'late') throw errno('EPERM', 'copyfile', from, to);
  }

  function open(path: string, flags: 'r' | 'r+' | 'w' | 'wx'): Promise<OpenFile> {
    return call('open', path, () => {
      if (disk.isFolder(path)) {
        if (flags !== 'r') throw errno('EISDIR', 'open', path);
        return folderHandle(path);
      }
      let node = disk.find(path);
      if (node && flags === 'wx') throw errno('EEXIST', 'open', path);
      if (!node) {
        if (flags === 'r' || flags === 'r+') throw errno('ENOENT', 'open', path);
        node = disk.create(path, 'open');
      }
      if (flags === 'w' && node.data.length > 0) disk.write(node, Buffer.alloc(0));
      return fileHandle(path, node);
    });
  }

  function fileHandle(path: string, node: Inode): OpenFile {
    let at = 0;
    const append = (data: Uint8Array) => {
      disk.write(
        node,
        Buffer.concat([node.data.subarray(0, at), data, node.data.subarray(at + data.length)]),
      );
      at += data.length;
    };
    return {
      read: (buffer, offset, length, position) =>
        call('read', path, () => {
          const bytes = node.data.subarray(position, position + length);
          buffer.set(bytes, offset);
          return { bytesRead: bytes.length };
        }),
      writev: (buffers) => {
        const all = Buffer.concat(buffers);
        // A disk that is nearly full takes a part.
        const taken = faultOf('write', `${path}#part`) ? all.length >> 1 : all.length;
        return call('write', path, () => {
          append(all.subarray(0, taken));
          return { bytesWritten: taken };
        });
      },
      writeFile: (data) => call('write', path, () => append(data)),
      sync: () => call('fsync', path, () => disk.sync(node)),
      stat: () => call('stat', path, () => ({ size: node.data.length })),
      close: () => call('close', path, () => undefined),
    };
  }

  function folderHandle(path: string): OpenFile {
    const refuse = () => Promise.reject(errno('EISDIR', 'read', path));
    return {
      read: refuse,
      writev: refuse,
      writeFile: refuse,
      sync: () => call('fsync', path, () => disk.syncFolder(path)),
      stat: () => call('stat', path, () => ({ size: 4096 })),
      close: () => call('close', path, () => undefined),
    };
  }

  function acrossMounts(name: 'link' | 'rename', from: string, to: string): void {
    if (mountOf(from) !== mountOf(to)) throw errno('EXDEV', name, from, to);
  }

  return {
    open,
    copyFile,
    mkdir: (path) => call('mkdir', path, () => disk.makeFolder(path)),
    readdir: (path) => call('scandir', path, () => disk.list(path)),
    stat: (path) =>
      call('stat', path, () => {
        const isFolder = disk.isFolder(path);
        const node = isFolder ? undefined : disk.get(path, 'stat');
        return {
          size: node?.data.length ?? 4096,
          mtimeMs: node?.changedMs ?? 0,
          ino: node?.number ?? 1,
          isDirectory: () => isFolder,
          isFile: () => !isFolder,
        };
      }),
    rename: (from, to) =>
      call(
        'rename',
        from,
        () => {
          acrossMounts('rename', from, to);
          disk.rename(from, to);
          window.pass('afterName');
        },
        to,
      ),
    link: (from, to) =>
      call(
        'link',
        from,
        () => {
          acrossMounts('link', from, to);
          disk.link(from, to);
          window.pass('afterName');
        },
        to,
      ),
    rm: (path, { force, recursive }) =>
      call('rm', path, () => {
        if (disk.isFolder(path)) {
          if (!recursive) throw errno('EISDIR', 'rm', path);
          disk.removeFolder(path);
        } else if (disk.find(path)) disk.unlink(path);
        else if (!force) throw errno('ENOENT', 'rm', join(path));
      }),
  };
}
