import type { JobError } from './job.ts';

/** Why a model cannot be used, by its id. Its jobs wait in the queue, and cost nothing. */
export type HeldModels = Readonly<Record<string, JobError>>;

/** Why a model cannot be used, if so. Its id may be that of something each object has. */
export function holdOf(held: HeldModels, model: string): JobError | undefined {
  return Object.hasOwn(held, model) ? held[model] : undefined;
}

export interface HeldModelsOptions {
  /** Where all windows find them. */
  store: {
    heldModels: () => HeldModels;
    changeHeldModels: (change: (held: HeldModels) => HeldModels) => void;
    /** Writes all of it in one step, or nothing. */
    exclusively: <T>(work: () => T) => T;
  };
  /** Runs what the store may refuse for a while. */
  guarded: <T>(attempt: () => T) => T | undefined;
  onChange: () => void;
}

/**
 * Models that the provider does not offer any more, or not for this key: one refusal is enough for
 * all jobs of the model. All windows share them.
 */
export type SharedHolds = ReturnType<typeof createSharedHolds>;

export function createSharedHolds({ store, guarded, onChange }: HeldModelsOptions) {
  let held: HeldModels = {};
  /** What could not be written down yet. Until it is, this window starts none of these models. */
  let due: HeldModels = {};

  /**
   * Holds a model, and does `work` in the same step of the store. Nobody is told before that is
   * written. @throws as `work` or the store does: then this window alone holds the model
   */
  function hold<T>(model: string, error: JobError, work: () => T): T {
    due = { ...due, [model]: error };
    try {
      const done = store.exclusively(() => {
        write();
        return work();
      });
      due = {};
      return done;
    } finally {
      follow();
    }
  }

  function write(): void {
    store.changeHeldModels((known) => ({ ...known, ...due }));
  }

  /** To be called again while the store refuses it. */
  function writeDue(): void {
    if (Object.keys(due).length === 0) return;
    const written = guarded(() => {
      write();
      return true;
    });
    if (written === true) due = {};
    follow();
  }

  /** Lets jobs of these models be tried again; of all without any. */
  function release(...models: readonly string[]): void {
    const keep = (known: HeldModels): HeldModels =>
      Object.fromEntries(
        Object.entries(known).filter(([id]) => models.length > 0 && !models.includes(id)),
      );
    due = keep(due);
    if (Object.keys(store.heldModels()).length > 0) store.changeHeldModels(keep);
    follow();
  }

  /** Takes over what any window has set. @returns whether that is new. */
  function follow(): boolean {
    const next = { ...guarded(store.heldModels), ...due };
    if (JSON.stringify(next) === JSON.stringify(held)) return false;
    held = next;
    onChange();
    return true;
  }

  return {
    current: (): HeldModels => held,
    /** Whether this window starts no job of the model, whatever the store says. */
    isDue: (model: string): boolean => holdOf(due, model) !== undefined,
    hold,
    writeDue,
    release,
    follow,
  };
}
