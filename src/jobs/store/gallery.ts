import type { SQLInputValue } from 'node:sqlite';
import { fieldSql, unfinished } from './database.ts';
import type { Job } from '../job.ts';

/** What of the gallery is asked for; all of it without anything. */
export interface GalleryFilter {
  /** Parts of the prompt, in any order and case; each has to be in it. */
  words?: string | undefined;
  workspaceUri?: string | undefined;
  isFavourite?: boolean | undefined;
  size?: string | undefined;
  hasReferences?: boolean | undefined;
}

/** A job as the gallery has it. */
export interface GalleryRow {
  /** Its number in this store. */
  key: number;
  job: Job;
  isFavourite: boolean;
}

/** Where the gallery's images are, newest first: two lists of one length. */
export interface GalleryIndex {
  keys: number[];
  /** Milliseconds since 1970. */
  createdAt: number[];
}

interface Connection {
  all: (sql: string, ...values: SQLInputValue[]) => unknown[];
  run: (sql: string, ...values: SQLInputValue[]) => void;
  readJob: (row: { id: string; data: string }) => Job | undefined;
}

/** Shorter parts are not in the index of three letters, and are looked for in every prompt. */
const shortestIndexed = 3;
/** What is longer is looked for by its beginning. */
const maxSearchChars = 1_000;

/** What was cancelled cost nothing and is nothing; what was submitted again lives on in that job. */
const isShown = `hidden_at IS NULL AND state <> 'cancelled'
  AND NOT (state = 'unconfirmed' AND ${fieldSql('isSettled')} IS NOT NULL)`;

const referenceCountSql =
  "CASE WHEN json_valid(data) THEN json_array_length(data, '$.references') END";

/** Everything ever made, to be looked through. Writing methods are to be called in a transaction. */
export function createGallery({ all, run, readJob }: Connection) {
  let hasIndex: boolean | undefined;

  /** An index of the prompts, made by the first search; without the module for it, there is none. */
  function createIndex(): boolean {
    if (hasIndex === false) return false;
    try {
      run(
        `CREATE VIRTUAL TABLE IF NOT EXISTS job_words
           USING fts5(prompt, content = '', tokenize = 'trigram')`,
      );
    } catch (thrown) {
      if (!(thrown instanceof Error) || !thrown.message.includes('no such module')) throw thrown;
      hasIndex = false;
      return false;
    }
    hasIndex = true;
    return true;
  }

  function updateIndex(): boolean {
    if (!createIndex()) return false;
    addToIndex(-1);
    return true;
  }

  /** Makes a part of the index, which was removed. @returns whether more is to be done */
  function restoreIndex(limit: number): boolean {
    if (!createIndex()) return false;
    addToIndex(limit);
    const sql = `SELECT coalesce((SELECT max(rowid) FROM jobs), 0) > coalesce(
      (SELECT rowid FROM job_words ORDER BY rowid DESC LIMIT 1), 0) AS is_more`;
    const [row] = all(sql) as [{ is_more: number }];
    return row.is_more === 1;
  }

  /** A prompt never changes, so that only what came since has to be added. */
  function addToIndex(limit: number): void {
    run(
      `INSERT INTO job_words (rowid, prompt) SELECT rowid, ${fieldSql('prompt')} FROM jobs
       WHERE rowid > coalesce((SELECT rowid FROM job_words ORDER BY rowid DESC LIMIT 1), 0)
       ORDER BY rowid LIMIT ?`,
      limit,
    );
  }

  function query(filter: GalleryFilter): GalleryIndex {
    const where = [isShown];
    const values: SQLInputValue[] = [];
    const add = (condition: string, ...more: SQLInputValue[]) => {
      where.push(condition);
      values.push(...more);
    };
    if (filter.workspaceUri !== undefined) add('workspace = ?', filter.workspaceUri);
    if (filter.isFavourite) add('is_favourite = 1');
    if (filter.size !== undefined) add(`${fieldSql('size')} = ?`, filter.size);
    if (filter.hasReferences !== undefined)
      add(`${referenceCountSql} ${filter.hasReferences ? '>' : '='} 0`);
    for (const part of wordsOf(filter.words)) add(...conditionFor(part));
    const rows = all(
      `SELECT rowid AS key, created_at FROM jobs WHERE ${where.join(' AND ')}
       ORDER BY created_at DESC, rowid DESC`,
      ...values,
    ) as { key: number; created_at: number }[];
    return { keys: rows.map((row) => row.key), createdAt: rows.map((row) => row.created_at) };
  }

  function conditionFor(part: string): [string, string] {
    if (Array.from(part).length < shortestIndexed || !updateIndex())
      return [`${fieldSql('prompt')} LIKE ? ESCAPE '\\'`, `%${part.replace(/[\\%_]/g, '\\$&')}%`];
    return [
      'rowid IN (SELECT rowid FROM job_words WHERE job_words MATCH ?)',
      `"${part.replaceAll('"', '""')}"`,
    ];
  }

  /** Those of them that are shown, in no order. */
  function read(keys: readonly number[]): GalleryRow[] {
    const rows = all(
      `SELECT rowid AS key, id, data, is_favourite FROM jobs
       WHERE rowid IN (SELECT value FROM json_each(?)) AND ${isShown}`,
      JSON.stringify(keys),
    ) as { key: number; id: string; data: string; is_favourite: number }[];
    return rows.flatMap((row) => {
      const job = readJob(row);
      return job ? [{ key: row.key, job, isFavourite: row.is_favourite === 1 }] : [];
    });
  }

  /** The numbers of those of the jobs that are here. */
  function keysOf(jobIds: readonly string[]): number[] {
    const rows = all(
      'SELECT rowid AS key FROM jobs WHERE id IN (SELECT value FROM json_each(?))',
      JSON.stringify(jobIds),
    ) as { key: number }[];
    return rows.map(({ key }) => key);
  }

  function setFavourite(keys: readonly number[], isFavourite: boolean): void {
    run(
      'UPDATE jobs SET is_favourite = ? WHERE rowid IN (SELECT value FROM json_each(?))',
      isFavourite ? 1 : 0,
      JSON.stringify(keys),
    );
  }

  /**
   * Takes jobs out of the gallery, and back into it with `undefined`. What is under way stays: it may
   * have been taken up since the caller looked.
   */
  function setHidden(keys: readonly number[], atMs: number | undefined): void {
    run(
      `UPDATE jobs SET hidden_at = ?1 WHERE rowid IN (SELECT value FROM json_each(?2))
       AND (?1 IS NULL OR state NOT IN (${unfinished}))`,
      atMs ?? null,
      JSON.stringify(keys),
    );
  }

  /** Prompts used before, the newest first, each once. */
  function prompts(limit: number): string[] {
    const rows = all(
      `SELECT ${fieldSql('prompt')} AS prompt, max(created_at) AS at
       FROM (SELECT data, created_at FROM jobs ORDER BY created_at DESC LIMIT 1000)
       WHERE prompt <> '' GROUP BY prompt ORDER BY at DESC LIMIT ?`,
      limit,
    ) as { prompt: string }[];
    return rows.map((row) => row.prompt);
  }

  return { query, restoreIndex, read, keysOf, setFavourite, setHidden, prompts };
}

/** SQLite ends a pattern at a NUL, and has limits for long ones and for many conditions. */
function wordsOf(words = ''): string[] {
  const parts = words.slice(0, maxSearchChars).split(/[\s\p{Cc}]+/u);
  return parts.filter((part) => part !== '');
}
