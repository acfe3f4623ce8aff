import type { SQLInputValue } from 'node:sqlite';

interface Connection {
  all: (sql: string, ...values: SQLInputValue[]) => unknown[];
  run: (sql: string, ...values: SQLInputValue[]) => void;
}

interface Note {
  at: number;
  references: string[];
}

const prefix = 'draft ';
const isNote = `name GLOB '${prefix}*'`;
/** A workspace that was not opened for so long may be gone for ever, and its draft with it. */
const keptMs = 90 * 24 * 3600_000;

/**
 * Which of our own files the drafts of all workspaces use. A draft itself is kept by its workspace,
 * where no other window can look. Writing methods are to be called in a transaction.
 */
export function createDraftNotes({ all, run }: Connection) {
  /** Replaces what is known of a workspace's draft; `at` in milliseconds since 1970. */
  function note(workspace: string, references: readonly string[], at: number): void {
    const name = prefix + workspace;
    run(`DELETE FROM settings WHERE ${isNote} AND value ->> '$.at' < ?`, at - keptMs);
    if (references.length === 0) run('DELETE FROM settings WHERE name = ?', name);
    else
      run(
        'INSERT OR REPLACE INTO settings VALUES (?, ?)',
        name,
        JSON.stringify({ at, references }),
      );
  }

  /** What drafts use. */
  function read(nowMs: number): string[] {
    const sql = `SELECT value FROM settings WHERE ${isNote}`;
    const rows = all(sql) as { value: string }[];
    const notes = rows.map(({ value }) => JSON.parse(value) as Note);
    return notes.flatMap(({ at, references }) => (at >= nowMs - keptMs ? references : []));
  }

  return { note, read };
}
