/** The editor's secret storage, as far as a key needs it. */
export interface Secrets {
  get: (name: string) => PromiseLike<string | undefined>;
  store: (name: string, value: string) => PromiseLike<void>;
  delete: (name: string) => PromiseLike<void>;
}

/** What a keyring does that is locked, or absent, or asks a question that nobody answers. */
export type KeyringTrouble = 'refused' | 'silent';

export class KeyringError extends Error {
  readonly trouble: KeyringTrouble;

  constructor(trouble: KeyringTrouble, cause?: unknown) {
    super(cause instanceof Error ? cause.message : `The keyring is ${trouble}`, { cause });
    this.name = 'KeyringError';
    this.trouble = trouble;
  }
}

export type OnLateAnswer = (value: string | undefined) => void;

/** One secret in a keyring that may refuse, or leave its caller waiting. */
export interface Keyring {
  /**
   * `onLate` is called with an answer that comes after the question was given up.
   * @throws KeyringError after `limitMs` at the latest.
   */
  read: (limitMs: number, onLate?: OnLateAnswer) => Promise<string | undefined>;
  /** @throws KeyringError */
  store: (value: string) => Promise<void>;
  /** @throws KeyringError */
  remove: () => Promise<void>;
}

/** Whoever stores a secret may have to type the keyring's password first. */
const writeLimitMs = 60_000;

export function createKeyring(secrets: Secrets, name: string, writeMs = writeLimitMs): Keyring {
  /** How many questions have no answer yet that were given up. */
  let unanswered = 0;

  async function read(limitMs: number, onLate?: OnLateAnswer): Promise<string | undefined> {
    // Another question would wait behind the one that waits.
    if (unanswered > 0) throw new KeyringError('silent');
    const asking = attempt(() => secrets.get(name));
    return await inTime(asking, limitMs, () => {
      unanswered += 1;
      void asking.finally(() => (unanswered -= 1)).then(onLate, () => undefined);
    });
  }

  return {
    read,
    store: (value) =>
      inTime(
        attempt(() => secrets.store(name, value)),
        writeMs,
      ),
    remove: () =>
      inTime(
        attempt(() => secrets.delete(name)),
        writeMs,
      ),
  };
}

/** @throws KeyringError `refused`, also for what is thrown at once. */
async function attempt<T>(work: () => PromiseLike<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw new KeyringError('refused', thrown);
  }
}

/** @throws KeyringError `silent` after `limitMs`. */
async function inTime<T>(work: Promise<T>, limitMs: number, onLate?: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      onLate?.();
      reject(new KeyringError('silent'));
    }, limitMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
    // Nobody listens to what comes late.
    work.catch(() => undefined);
  }
}
