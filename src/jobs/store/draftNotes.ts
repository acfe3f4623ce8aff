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
/** When the first note of any draft was written; what is older may be in a draft that has no note. */
const sinceName = 'draftNotesSince';
const isNote = `name GLOB '${prefix}*'`;
/** A workspace that was not opened for so long may be gone for ever, and its draft with it. */
export const draftKeptMs = 90 * 24 * 3600_000;

/**
 * Which of our own files the drafts of all workspaces use. A draft itself is kept by its workspace,
 * where no other window can look. Writing methods are to be called in a transaction.
 */
export function createDraftNotes({ all, run }: Connection) {
  /** Replaces what is known of a workspace's draft; `at` in milliseconds since 1970. */
  function note(workspace: string, references: readonly string[], at: number): void {
    const name = prefix + workspace;
    run(`DELETE FROM settings WHERE ${isNote} AND value ->> '$.at' < ?`, at - draftKeptMs);
    run('INSERT OR IGNORE INTO settings VALUES (?, ?)', sinceName, String(at));
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
    return notes.flatMap(({ at, references }) => (at >= nowMs - draftKeptMs ? references : []));
  }

  /** Since when drafts are noted, in milliseconds since 1970; undefined when none was. */
  function since(): number | undefined {
    const rows = all('SELECT value FROM settings WHERE name = ?', sinceName) as { value: string }[];
    return rows[0] && Number(rows[0].value);
  }

  return { note, read, since };
}
