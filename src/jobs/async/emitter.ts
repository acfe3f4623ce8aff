export interface Listeners<T> {
  tell: (news: T) => void;
  /** @returns what ends it. */
  add: (listener: (news: T) => void) => () => void;
}

/** Who wants to be told of something. Who only looks must not break the work on a paid image. */
export function createListeners<T>(log?: (line: string) => void): Listeners<T> {
  const listeners = new Set<(news: T) => void>();
  return {
    tell(news) {
      for (const listener of [...listeners]) {
        try {
          listener(news);
        } catch (thrown) {
          log?.(`A listener failed: ${thrown instanceof Error ? String(thrown.stack) : 'unknown'}`);
        }
      }
    },
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
