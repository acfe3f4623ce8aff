import type { SQLInputValue } from 'node:sqlite';
import { type HeldModels, holdOf } from '../heldModels.ts';
import { boundedError } from '../jobError.ts';
import { type AskedWait, isPauseReason, type QueuePause } from '../queuePause.ts';

interface Connection {
  all: (sql: string, ...values: SQLInputValue[]) => unknown[];
  run: (sql: string, ...values: SQLInputValue[]) => void;
}

/** Until a window says otherwise. */
const defaultMaxConcurrent = 4;

/**
 * What all windows have in common. What writes is to be called within a transaction.
 * @param own what this window has set is noted here, by name
 */
export function createSharedSettings({ all, run }: Connection, own: Map<string, string>) {
  function pause(): QueuePause | undefined {
    const [row] = all('SELECT pause FROM queue') as { pause: string | null }[];
    return decodePause(row?.pause ?? null);
  }

  /** Sets it, if it still is what the caller knows of it. @returns whether it was. */
  function setPause(next: QueuePause | undefined, expected: QueuePause | undefined): boolean {
    if (JSON.stringify(pause()) !== JSON.stringify(expected)) return false;
    run('UPDATE queue SET pause = ?', next === undefined ? null : JSON.stringify(next));
    return true;
  }

  function maxConcurrent(): number {
    const sql = "SELECT value FROM settings WHERE name = 'maxConcurrent'";
    const [row] = all(sql) as { value: string }[];
    return row ? Number(row.value) : defaultMaxConcurrent;
  }

  function setMaxConcurrent(count: number): void {
    own.set('maxConcurrent', String(count));
    // Written only when it is new, because every write makes the other windows look.
    if (count !== maxConcurrent())
      run("INSERT OR REPLACE INTO settings VALUES ('maxConcurrent', ?)", String(count));
  }

  function heldModels(): HeldModels {
    const [row] = all("SELECT value FROM settings WHERE name = 'heldModels'") as [
      { value: string }?,
    ];
    return row ? parseHeld(row.value) : {};
  }

  function isHeldBack(model: string): boolean {
    return pause() !== undefined || holdOf(heldModels(), model) !== undefined;
  }

  function changeHeldModels(change: (held: HeldModels) => HeldModels): void {
    const value = JSON.stringify(change(heldModels()));
    run("INSERT OR REPLACE INTO settings VALUES ('heldModels', ?)", value);
  }

  return {
    ...{ pause, setPause, maxConcurrent, setMaxConcurrent },
    ...{ heldModels, changeHeldModels, isHeldBack },
  };
}

/**
 * As `queue` has it. One that cannot be read, of a store that was damaged, holds nobody; and one for a
 * reason of a later version ends when a user says so.
 */
export function decodePause(pause: string | null): QueuePause | undefined {
  const { reason, error, asked, ...rest } = (parsed(pause) ?? {}) as Partial<QueuePause>;
  if (typeof reason !== 'string') return undefined;
  const wait = waitOf(rest);
  // Nobody is told to end this one.
  if (reason === 'rateLimited' && wait.untilMs === undefined) return undefined;
  const askedWait = waitOf(asked ?? {});
  const isError = typeof error?.code === 'string' && typeof error.message === 'string';
  return {
    reason: isPauseReason(reason) ? reason : 'person',
    ...wait,
    ...(isError && { error }),
    ...(askedWait.untilMs !== undefined && { asked: askedWait }),
  };
}

function waitOf({ untilMs, waitMs }: AskedWait): AskedWait {
  return {
    ...(isFinite(untilMs) && { untilMs }),
    ...(isFinite(waitMs) && { waitMs }),
  };
}

function isFinite(value: unknown): value is number {
  return Number.isFinite(value);
}

function parsed(json: string | null): unknown {
  try {
    return JSON.parse(json ?? 'null');
  } catch {
    return undefined;
  }
}

/** Rows may be damaged; then the next refusal says it again. */
function parseHeld(value: string): HeldModels {
  try {
    const held = Object.entries(JSON.parse(value) as HeldModels);
    return Object.fromEntries(held.map(([model, error]) => [model, boundedError(error)]));
  } catch {
    return {};
  }
}
