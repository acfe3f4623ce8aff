/** The files of the files service: facts in memory, bytes in a folder that goes with the server. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import type { FileRecord, OfflineBehaviour } from './types.ts';

/** Bytes that have arrived, not yet a file. */
export interface StoredBytes {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly mimeType: string;
}

export interface NewFile {
  readonly key: string;
  readonly fileName: string;
  readonly originalName: string;
  readonly uploadPath: string;
}

interface StoredFile {
  record: FileRecord;
  readonly path: string;
}

export class FileStore {
  readonly #behaviour: OfflineBehaviour;
  readonly #clock: Clock;
  readonly #baseUrl: () => string;
  #folder: string | undefined;
  readonly #files: StoredFile[] = [];

  constructor(behaviour: OfflineBehaviour, clock: Clock, baseUrl: () => string) {
    this.#behaviour = behaviour;
    this.#clock = clock;
    this.#baseUrl = baseUrl;
  }

  /** A fresh path to write arriving bytes to. */
  newPath(): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'offline-evolink-'));
    return join(this.#folder, randomUUID());
  }

  discard(path: string): void {
    rmSync(path, { force: true });
  }

  /** Files of this key that are there now, newest first. */
  present(key: string): FileRecord[] {
    const now = this.#clock.now();
    return this.#files
      .map(({ record }) => record)
      .filter((record) => record.key === key && existedAt(record, now))
      .reverse();
  }

  all(): FileRecord[] {
    return this.#files.map(({ record }) => ({ ...record }));
  }

  /** Makes a file of the bytes; one of the same name is overwritten. */
  add(file: NewFile, bytes: StoredBytes): FileRecord {
    const now = this.#clock.now();
    const place = [file.uploadPath, file.fileName].filter((part) => part !== '').join('/');
    const url = `${this.#baseUrl()}/public/${place.split('/').map(encodeURIComponent).join('/')}`;
    for (const file of this.#files) {
      if (file.record.url === url && existedAt(file.record, now)) this.#remove(file, now);
    }
    const { path, ...facts } = bytes;
    const record: FileRecord = {
      id: `file_${randomUUID().replaceAll('-', '')}`,
      ...file,
      ...facts,
      url,
      uploadedAt: now,
      expiresAt: now + this.#behaviour.uploadLifeMs,
      downloads: 0,
    };
    this.#files.push({ record, path });
    return record;
  }

  delete(key: string, id: string): boolean {
    const now = this.#clock.now();
    const file = this.#files.find(({ record }) => record.id === id && record.key === key);
    if (file === undefined || !existedAt(file.record, now)) return false;
    this.#remove(file, now);
    return true;
  }

  /** Where the bytes of a public URL are, and that they were asked for. */
  download(url: string): { readonly record: FileRecord; readonly path: string } | undefined {
    const file = this.#at(url, this.#clock.now());
    if (file === undefined) return undefined;
    file.record = { ...file.record, downloads: file.record.downloads + 1 };
    return { record: file.record, path: file.path };
  }

  read(url: string): Buffer | undefined {
    const file = this.#at(url, this.#clock.now());
    return file && readFileSync(file.path);
  }

  /** The file a public URL names now. */
  stat(url: string): FileRecord | undefined {
    return this.#at(url, this.#clock.now())?.record;
  }

  /** True for a URL of this service that named nothing at that time. */
  isGone(url: string, at: number): boolean {
    return url.startsWith(`${this.#baseUrl()}/`) && this.#at(url, at) === undefined;
  }

  close(): void {
    this.#files.length = 0;
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  #at(urlAsGiven: string, at: number): StoredFile | undefined {
    const url = urlAsGiven.replace(/\?.*$/, '');
    return this.#files.find(({ record }) => record.url === url && existedAt(record, at));
  }

  #remove(file: StoredFile, now: number): void {
    file.record = { ...file.record, deletedAt: now };
    this.discard(file.path);
  }
}

function existedAt(record: FileRecord, at: number): boolean {
  return record.uploadedAt <= at && at < Math.min(record.expiresAt, record.deletedAt ?? Infinity);
}
