import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ownFileMode, ownFolderMode } from '../../jobs/ownFiles.ts';
import { type Draft, parseDraft } from '../../shared/studio/draft.ts';

export interface SharedDraftContext {
  /** The file of the draft, which all windows of a workspace have in common. */
  path: string;
  /** The draft from before this window was opened. */
  initial: Draft | undefined;
  /** Another window wrote a newer draft, which takes the place of the one here. */
  onOther: (draft: Draft) => void;
  /** Words were replaced by a window that had not shown them. They are in `replaced` now. */
  onUnseen: () => void;
  log: (line: string) => void;
}

/**
 * The draft of a workspace, as all of its windows have it. The editor keeps the state of a workspace
 * once for each window, and the window that closes last decides; here the newest draft does.
 */
export interface SharedDraft {
  /** As it was last read or written here. */
  latest: () => Draft | undefined;
  /** Prompts of one window that another has replaced, the last one first. */
  replaced: () => readonly string[];
  /** Reads what other windows have written. Never throws. */
  refresh: () => Promise<void>;
  /** Keeps a new draft of this window, unless another window has written a newer one. Never throws. */
  write: (draft: Draft) => Promise<void>;
}

/** No draft is larger: 100,000 characters of a prompt, and the URIs of the references. */
const maxBytes = 2_000_000;
const maxReplaced = 20;

export function createSharedDraft(context: SharedDraftContext): SharedDraft {
  const { path, initial, onOther, onUnseen, log } = context;
  let latest = initial;
  let replaced: string[] = [];
  /** The draft of the file that this window knows. */
  let known: Draft | undefined;
  /** A prompt of another window that took the place of the one here, and may not have been looked at. */
  let taken: string | undefined;
  let due: Draft | undefined;
  let turn = Promise.resolve();

  function inSequence(work: () => Promise<void>): Promise<void> {
    turn = turn.then(work).catch((thrown: unknown) => {
      log(`The draft could not be shared with other windows: ${String(thrown)}`);
    });
    return turn;
  }

  async function read(): Promise<Draft | undefined> {
    try {
      if ((await stat(path)).size > maxBytes) return undefined;
      return parseDraft(JSON.parse(await readFile(path, 'utf8')));
    } catch {
      // There is none, or none that can be read.
      return undefined;
    }
  }

  /** What another window has written since this one last looked. */
  async function readOther(): Promise<Draft | undefined> {
    const other = await read();
    const isKnown = other?.writtenAt === known?.writtenAt && other?.prompt === known?.prompt;
    return isKnown ? undefined : other;
  }

  function take(other: Draft): void {
    known = latest = other;
    taken = other.prompt;
    onOther(other);
  }

  /** @returns whether words were lost from sight */
  function replace(prompt: string | undefined, by: string): boolean {
    if (prompt === undefined || prompt.trim() === '' || by.startsWith(prompt)) return false;
    // Of what is being written the last state is enough.
    const others = replaced.filter((each) => !prompt.startsWith(each));
    replaced = [prompt, ...others].slice(0, maxReplaced);
    return true;
  }

  async function writeDue(): Promise<void> {
    const mine = due;
    if (!mine) return;
    due = undefined;
    const other = await readOther();
    if (other && other.writtenAt > mine.writtenAt) {
      const isUnseen = replace(mine.prompt, other.prompt);
      take(other);
      if (isUnseen) onUnseen();
      return;
    }
    replace(taken, mine.prompt);
    taken = undefined;
    if (replace(other?.prompt, mine.prompt)) onUnseen();
    await mkdir(dirname(path), { recursive: true, mode: ownFolderMode });
    const part = `${path}.${crypto.randomUUID()}.part`;
    try {
      await writeFile(part, JSON.stringify(mine), { mode: ownFileMode });
      await rename(part, path);
    } finally {
      await rm(part, { force: true });
    }
    known = mine;
  }

  return {
    latest: () => latest,
    replaced: () => replaced,
    refresh: () =>
      inSequence(async () => {
        // What is due is newer than all that was shown here.
        if (due) return;
        const other = await readOther();
        if (other && other.writtenAt > (latest?.writtenAt ?? -Infinity)) take(other);
        else if (other) known = other;
      }),
    write(draft) {
      // A page that is shown again sends what it had. Another window may have replaced it since.
      if (latest && JSON.stringify(draft) === JSON.stringify(latest)) return turn;
      latest = due = draft;
      return inSequence(writeDue);
    },
  };
}
