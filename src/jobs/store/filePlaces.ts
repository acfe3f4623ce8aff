import type { SQLInputValue } from 'node:sqlite';
import { afterMoves, type FileMoves } from '../imageFiles/fileMoves.ts';
import type { Job, SavedJob } from '../job.ts';
import { decodeJob, encodeJob } from './jobCodec.ts';
import { fieldSql } from './database.ts';
import type { JobRows } from './jobRows.ts';

interface Connection {
  all: (sql: string, ...values: SQLInputValue[]) => unknown[];
  run: (sql: string, ...values: SQLInputValue[]) => void;
}

interface Part<T> {
  found: T[];
  /** The key to go on from; undefined after the last. */
  next: number | undefined;
}

/** A saved image as the search for its file needs it. */
export interface PlacedImage {
  key: number;
  job: SavedJob;
  /** When it was taken out of the gallery. */
  hiddenAt: number | undefined;
}

interface Row {
  key: number;
  id: string;
  hidden_at: number | null;
  data: string;
}

/** So many are looked at within the time of a frame, and so many are changed. */
const rowsAtOnce = 500;
const changesAtOnce = 75;

/** Where the files of jobs are. What writes is to be called in a transaction. */
export function createFilePlaces(
  { all, run }: Connection,
  rows: Pick<JobRows, 'find' | 'nextSeq'>,
  windowId: string,
) {
  /** Some rows from a key on that have a text. */
  function look(from: number, text: string, limit: number): Part<Row> {
    const to = from + rowsAtOnce - 1;
    const found = all(
      `SELECT rowid AS key, id, hidden_at, data FROM jobs
       WHERE rowid BETWEEN ? AND ? AND instr(data, ?) > 0 ORDER BY rowid LIMIT ?`,
      from,
      to,
      text,
      limit,
    ) as unknown as Row[];
    const last = found.length === limit ? (found.at(-1)?.key ?? to) : to;
    const [{ end }] = all('SELECT coalesce(max(rowid), 0) AS end FROM jobs') as [{ end: number }];
    return { found, next: last < end ? last + 1 : undefined };
  }

  /** Jobs of which something moved, as they are after that. */
  function findMoved(moves: FileMoves, from: number): Part<{ key: number; job: Job }> {
    const { found, next } = look(from, moves.commonStart, changesAtOnce);
    const moved = found.flatMap((row) => {
      const job = decodeJob(row);
      const after = job && afterMoves(job, moves);
      return after ? [{ key: row.key, job: after }] : [];
    });
    return { found: moved, next };
  }

  /** Writes that down for some jobs from a key on. */
  function follow(moves: FileMoves, from: number): Part<Job> {
    const { found, next } = findMoved(moves, from);
    // Other windows ask for all that is newer than a number: one will do for all of them.
    const seq = rows.nextSeq();
    for (const { key, job } of found) write(key, job, seq);
    return { found: found.map(({ job }) => job), next };
  }

  function write(key: number, job: Job, seq: number): void {
    const sql = 'UPDATE jobs SET data = ?, seq = ?, writer = ? WHERE rowid = ?';
    run(sql, encodeJob(job), seq, windowId, key);
  }

  /** Saved images, from a key on, whose place begins with a text; also those out of the gallery. */
  function imagesUnder(start: string, from: number): Part<PlacedImage> {
    const { found, next } = look(from, start, rowsAtOnce);
    const images = found.flatMap((row) => {
      const job = decodeJob(row);
      if (job?.state !== 'saved' || !job.uri.startsWith(start)) return [];
      return [{ key: row.key, job, hiddenAt: row.hidden_at ?? undefined }];
    });
    return { found: images, next };
  }

  /** Places of the images in the gallery that have this content. */
  function placesOf(sha256: string): string[] {
    const found = all(
      `SELECT data ->> '$.uri' AS uri FROM jobs
       WHERE state = 'saved' AND data ->> '$.sha256' = ? AND hidden_at IS NULL`,
      sha256,
    ) as { uri: string }[];
    return found.map(({ uri }) => uri);
  }

  /** The image in the gallery whose file this is. */
  function isTaken(uri: string): boolean {
    const sql = `SELECT 1 FROM jobs WHERE state = 'saved' AND hidden_at IS NULL
      AND instr(data, ?) > 0 AND ${fieldSql('uri')} = ? LIMIT 1`;
    return all(sql, uri, uri).length > 0;
  }

  /**
   * Says where the file of an image is, if it is still thought to be at `from` and no other image of
   * the gallery has that place. @returns undefined when it was not changed
   */
  function relocate(id: string, from: string, to: string): SavedJob | undefined {
    const job = rows.find(id)?.job;
    if (job?.state !== 'saved' || job.uri !== from || isTaken(to)) return undefined;
    const moved: SavedJob = { ...job, uri: to };
    const sql = 'UPDATE jobs SET data = ?, seq = ?, writer = ? WHERE id = ?';
    run(sql, encodeJob(moved), rows.nextSeq(), windowId, id);
    return moved;
  }

  return { findMoved, follow, imagesUnder, placesOf, isTaken, relocate };
}
