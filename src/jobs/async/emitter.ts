export interface Emitter<T> {
  emit: (value: T) => void;
  /** @returns what ends it. */
  on: (listener: (value: T) => void) => () => void;
}

/** Who wants to be told of something. Who only looks must not break the work on a paid image. */
export function createEmitter<T>(log?: (line: string) => void): Emitter<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    emit(value) {
      for (const listener of [...listeners]) {
        try {
          listener(value);
        } catch (thrown) {
          log?.(`A listener failed: ${thrown instanceof Error ? String(thrown.stack) : 'unknown'}`);
        }
      }
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
